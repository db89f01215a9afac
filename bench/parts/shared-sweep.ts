import { type ClusterSnapshot, FITS, type FilterCode, type PreparedPod } from '@everynode/engine'

/** Filters whose verdict depends on a node's name, labels, taints and cordon alone. */
const STATIC = new Set(['NodeUnschedulable', 'NodeName', 'TaintToleration', 'NodeAffinity'])
const DYNAMIC_ONLY = 3

/** By snapshot: a number for each node, equal where labels (but the host name), taints and cordon are equal. */
const classesOf = new WeakMap<ClusterSnapshot, { readonly ids: Int32Array; readonly count: number }>()

function nodeClasses(snapshot: ClusterSnapshot): { readonly ids: Int32Array; readonly count: number } {
  const known = classesOf.get(snapshot)
  if (known) return known
  const seen = new Map<string, number>()
  const ids = Int32Array.from(snapshot.nodes, ({ metadata, spec }) => {
    const labels = Object.entries(metadata.labels ?? {}).filter(([key]) => key !== 'kubernetes.io/hostname')
    const fingerprint = JSON.stringify([
      labels.sort(([a], [b]) => (a < b ? -1 : 1)),
      spec?.taints ?? [],
      spec?.unschedulable ?? false,
    ])
    const id = seen.get(fingerprint) ?? seen.size
    seen.set(fingerprint, id)
    return id
  })
  const classes = { ids, count: seen.size }
  classesOf.set(snapshot, classes)
  return classes
}

/** A sweep in which equal nodes share the verdicts of the static filters. Answers the number of nodes that fit. */
export function sharedSweep(prepared: PreparedPod, snapshot: ClusterSnapshot, codes: Uint8Array): number {
  const { ids, count } = nodeClasses(snapshot)
  const verdicts = new Uint8Array(count).fill(DYNAMIC_ONLY)
  const fixed = prepared.filters.filter(({ plugin }) => STATIC.has(plugin))
  for (let node = 0; node < codes.length; node++) {
    const id = ids[node]!
    if (verdicts[id] === DYNAMIC_ONLY) {
      let code: FilterCode = FITS
      for (const filter of fixed) if (code === FITS) code = filter.filter(node)
      verdicts[id] = code
    }
    codes[node] = verdicts[id]!
  }
  for (const filter of prepared.filters) {
    if (STATIC.has(filter.plugin)) continue
    if (filter.sweep) filter.sweep(codes)
    else for (let node = 0; node < codes.length; node++) if (codes[node] === FITS) codes[node] = filter.filter(node)
  }
  let fits = 0
  for (let node = 0; node < codes.length; node++) if (codes[node] === FITS) fits++
  return fits
}
