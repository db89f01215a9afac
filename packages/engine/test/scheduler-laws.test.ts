import { type ArbitraryCluster, arbitraryCluster, arbitraryRichCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../src/framework/prepared-pod.ts'
import {
  ClusterSnapshot,
  DisruptionBudgets,
  explainNode,
  FITS,
  filterNode,
  filterWithNominated,
  type NodeIndex,
  type PodIndex,
  preparePod,
  scheduleOne,
  selectVictims,
  sweepNodes,
} from '../src/index.ts'
import { reprieveVictims } from '../src/preemption/victims.ts'

const RUNS = { numRuns: 500 }
/** Every law holds with and without volumes and spread. */
const CLUSTERS = [
  { kind: 'bare', clusters: arbitraryCluster },
  { kind: 'rich', clusters: arbitraryRichCluster },
] as const
const nodesOf = (snapshot: ClusterSnapshot): NodeIndex[] => snapshot.nodes.map((_, index) => index as NodeIndex)

/** Every cell that a question can see. */
function cells(snapshot: ClusterSnapshot) {
  return nodesOf(snapshot).map(node => ({
    pods: snapshot.podsOn(node).map(pod => snapshot.pod(pod).metadata.name),
    count: snapshot.podCount[node],
    ports: [...snapshot.portsOn(node)].sort((a, b) => (a < b ? -1 : 1)),
    wide: snapshot.resources.wide[node],
    row: snapshot.resources.save(node),
    amounts: snapshot.resources.names.map((_, column) => snapshot.resources.amounts(node, column, 0n)),
    nonZero: snapshot.resources.nonZero(node),
    antiAffinity: snapshot.podsOn(node).map(pod => snapshot.withRequiredAntiAffinity.has(pod)),
  }))
}

type Step = { readonly kind: 'add' | 'remove' | 'back' | 'fork' | 'revert' | 'commit'; readonly pick: number }
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('add', 'remove', 'remove', 'back', 'fork', 'revert', 'commit') as fc.Arbitrary<Step['kind']>,
    pick: fc.nat(1000),
  }),
  { maxLength: 25 },
)

function walk(snapshot: ClusterSnapshot, cluster: ArbitraryCluster, list: readonly Step[]): void {
  let removed: { pod: PodIndex; node: NodeIndex }[] = []
  let open = 0
  let made = 0
  for (const { kind, pick } of list) {
    const node = (pick % snapshot.nodeCount) as NodeIndex
    const here = snapshot.podsOn(node)
    if (kind === 'fork') open++
    if (kind === 'fork') snapshot.fork()
    else if (kind === 'add')
      snapshot.addPod({ ...cluster.pod, metadata: { ...cluster.pod.metadata, name: `made-${made++}` } }, node)
    else if (kind === 'remove' && here.length > 0) {
      const pod = here[pick % here.length] as PodIndex
      removed.push({ pod, node })
      snapshot.removePod(pod)
    } else if (kind === 'back' && removed.length > 0) {
      const { pod, node: home } = removed.pop() as { pod: PodIndex; node: NodeIndex }
      if (snapshot.nodeOf(pod) === undefined && open === 0) snapshot.readdPod(pod, home)
    } else if (open > 0 && kind === 'commit') {
      snapshot.commit()
      open--
    } else if (open > 0 && kind === 'revert') {
      snapshot.revert()
      // Pods that were made since the fork are gone for good.
      removed = []
      open--
    }
  }
  while (open-- > 0) snapshot.revert()
}

describe('a snapshot', () => {
  test.each(CLUSTERS)('is as before after fork, anything at all, and revert: $kind clusters', ({ clusters }) => {
    fc.assert(
      fc.property(clusters(), steps, (cluster, list) => {
        const snapshot = new ClusterSnapshot(cluster)
        snapshot.resources.column('nvidia.com/gpu')
        const before = cells(snapshot)
        snapshot.fork()
        walk(snapshot, cluster, list)
        snapshot.revert()
        expect(cells(snapshot)).toEqual(before)
      }),
      RUNS,
    )
  })

  test('that was changed step by step equals one that is built anew', () => {
    fc.assert(
      fc.property(arbitraryCluster(), fc.array(fc.nat(1000), { maxLength: 10 }), (cluster, picks) => {
        const snapshot = new ClusterSnapshot(cluster)
        for (const pick of picks) {
          const here = snapshot.podsOn(pick % snapshot.nodeCount)
          if (here.length > 0) snapshot.removePod(here[pick % here.length] as PodIndex)
        }
        const left = nodesOf(snapshot).flatMap(node => snapshot.podsOn(node).map(pod => snapshot.pod(pod)))
        const rebuilt = new ClusterSnapshot({ ...cluster, pods: left })
        const numbers = (of: ClusterSnapshot) =>
          cells(of).map(({ count, ports, pods, nonZero }, node) => {
            const amounts = ['cpu', 'memory', 'ephemeral-storage', 'nvidia.com/gpu'].map(name =>
              of.resources.amounts(node, of.resources.column(name), 0n),
            )
            return { count, ports, pods, nonZero, amounts }
          })
        expect(numbers(snapshot)).toEqual(numbers(rebuilt))
      }),
      RUNS,
    )
  })
})

describe('a verdict', () => {
  test.each(CLUSTERS)(
    'has reasons exactly when it is no, in the same words short and long: $kind clusters',
    ({ clusters }) => {
      fc.assert(
        fc.property(clusters(), cluster => {
          const snapshot = new ClusterSnapshot(cluster)
          const prepared = preparePod(cluster.pod, snapshot)
          for (const node of nodesOf(snapshot)) {
            const reasons = explainNode(prepared, node)
            expect(reasons.length === 0).toBe(filterNode(prepared, node) === FITS)
            expect(rejectionOf(prepared, node)?.texts ?? []).toEqual(reasons.map(({ text }) => text))
          }
        }),
        RUNS,
      )
    },
  )

  test.each(CLUSTERS)('is the same asked in one sweep and node by node: $kind clusters', ({ clusters }) => {
    fc.assert(
      fc.property(clusters(), cluster => {
        const snapshot = new ClusterSnapshot(cluster)
        const prepared = preparePod(cluster.pod, snapshot)
        const codes = new Uint8Array(snapshot.nodeCount)
        sweepNodes(prepared, snapshot, codes)
        expect([...codes]).toEqual(nodesOf(snapshot).map(node => filterWithNominated(prepared, snapshot, node)))
      }),
      RUNS,
    )
  })

  test.each(CLUSTERS)('and a whole cycle are the same bytes every time: $kind clusters', ({ clusters }) => {
    fc.assert(
      fc.property(clusters(), cluster => {
        const told = () => {
          const { message, selectedNode, postFilterMessage } = scheduleOne(cluster.pod, new ClusterSnapshot(cluster))
          return JSON.stringify({ message, selectedNode, postFilterMessage })
        }
        expect(told()).toBe(told())
      }),
      RUNS,
    )
  })
})

describe('preemption on a node', () => {
  test.each(CLUSTERS)(
    'finds victims without whom the pod fits, and with any one of whom back it does not: $kind clusters',
    ({ clusters }) => {
      let found = 0
      fc.assert(
        fc.property(clusters({ plain: true }), cluster => {
          const snapshot = new ClusterSnapshot(cluster)
          const prepared = preparePod(cluster.pod, snapshot)
          const budgets = new DisruptionBudgets(cluster.podDisruptionBudgets)
          for (const node of nodesOf(snapshot)) {
            if (filterWithNominated(prepared, snapshot, node) === FITS) continue
            const run = selectVictims(prepared, snapshot, budgets, node)
            if (run.kind !== 'victims') continue
            found++
            snapshot.fork()
            for (const victim of run.victims) snapshot.removePod(victim)
            expect(filterWithNominated(prepared, snapshot, node)).toBe(FITS)
            for (const victim of run.victims) {
              snapshot.fork()
              snapshot.readdPod(victim, node)
              expect(filterWithNominated(prepared, snapshot, node)).not.toBe(FITS)
              snapshot.revert()
            }
            snapshot.revert()
          }
        }),
        RUNS,
      )
      expect(found).toBeGreaterThan(20)
    },
  )

  test.each(CLUSTERS)('comes to the same by counting and by taking pods away: $kind clusters', ({ clusters }) => {
    let compared = 0
    fc.assert(
      fc.property(clusters(), cluster => {
        const snapshot = new ClusterSnapshot(cluster)
        const prepared = preparePod(cluster.pod, snapshot)
        const budgets = new DisruptionBudgets(cluster.podDisruptionBudgets)
        for (const node of nodesOf(snapshot)) {
          if (filterWithNominated(prepared, snapshot, node) === FITS) continue
          const quick = selectVictims(prepared, snapshot, budgets, node)
          const before = cells(snapshot)
          expect(quick).toEqual(reprieveVictims(prepared, snapshot, budgets, node))
          expect(cells(snapshot)).toEqual(before)
          if (quick.kind === 'victims') compared++
        }
      }),
      RUNS,
    )
    expect(compared).toBeGreaterThan(20)
  })
})
