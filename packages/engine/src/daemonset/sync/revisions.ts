import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../../api/apps.ts'
import type { Pod } from '../../api/core.ts'
import { goQuote } from '../../go-text.ts'
import { compileLabelSelector } from '../../labels/selector.ts'
import { REVISION_HASH_LABEL, targetNodeName } from '../daemon-pod.ts'
import { templateHash } from '../template-hash.ts'
import { isPatchOf, templatePatch } from '../template-patch.ts'
import { claimRevisions } from './claim-revisions.ts'
import type { DaemonSetSyncInput, RevisionWrite } from './types.ts'

/** A DaemonSet's present revision and its former ones, or why they can't be told. */
export type History = PresentHistory | HistoryError

interface PresentHistory {
  readonly kind: 'history'
  readonly hash: string
  readonly old: readonly ControllerRevision[]
  readonly writes: readonly RevisionWrite[]
  /** Whether pods of another hash get this one as their label. */
  readonly relabels: boolean
}

interface HistoryError {
  readonly kind: 'error'
  readonly text: string
  readonly writes: readonly RevisionWrite[]
  /** With a higher collision count, so that the next sync makes another hash. */
  readonly status?: DaemonSetStatus
}

/**
 * Finds the revision whose data is the present template, makes it if there is none, numbers it behind all others and removes its
 * duplicates (`constructHistory`, `dedupCurHistories`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2).
 */
export function constructHistory(input: DaemonSetSyncInput): History {
  const { daemonSet, controllerRevisions, version } = input
  const selector = compileLabelSelector(daemonSet.spec.selector, version)
  if (selector.kind === 'error') return { kind: 'error', text: selector.text, writes: [] }
  const claims = claimRevisions(daemonSet, selector, controllerRevisions)
  const writes = [...claims.writes]
  const { template } = daemonSet.spec
  const present: ControllerRevision[] = []
  const old: ControllerRevision[] = []
  for (const claimed of claims.claimed) {
    const revision = labelled(claimed)
    if (revision !== claimed) writes.push({ kind: 'update', name: revisionName(revision), revision })
    if (isPatchOf(revision.data, template)) present.push(revision)
    else old.push(revision)
  }
  const number = Math.max(0, ...old.map(numberOf)) + 1
  if (present.length === 0) return snapshot(input, { number, old, writes })

  const first = present[0] as ControllerRevision
  // Upstream walks equal numbers in random order.
  const kept = present.reduce((best, other) => (numberOf(other) >= numberOf(best) ? other : best), first)
  for (const other of present) if (other !== kept) writes.push({ kind: 'delete', name: revisionName(other) })
  if (numberOf(kept) < number) {
    writes.push({ kind: 'update', name: revisionName(kept), revision: { ...kept, revision: number } })
  }
  return { kind: 'history', hash: hashOf(kept), old, writes, relabels: present.length > 1 }
}

interface Snapshot {
  readonly number: number
  readonly old: readonly ControllerRevision[]
  readonly writes: readonly RevisionWrite[]
}

/** Makes the revision of the present template, unless one of that name exists (`snapshot`, same file). */
function snapshot(input: DaemonSetSyncInput, { number, old, writes }: Snapshot): History {
  const { daemonSet, controllerRevisions, version } = input
  const { metadata, spec, status = {} } = daemonSet
  const { namespace = 'default' } = metadata
  const hash = templateHash(spec.template, status.collisionCount, version)
  const name = `${metadata.name ?? ''}-${hash}`
  const existing = controllerRevisions.find(
    one => one.metadata.name === name && (one.metadata.namespace ?? 'default') === namespace,
  )
  if (existing === undefined) {
    const revision = revisionOf(daemonSet, { name, hash, number })
    return { kind: 'history', hash, old, writes: [...writes, { kind: 'create', name, revision }], relabels: false }
  }
  if (isPatchOf(existing.data, spec.template)) {
    return { kind: 'history', hash: hashOf(existing), old, writes, relabels: false }
  }
  return {
    kind: 'error',
    text: `controllerrevisions.apps ${goQuote(name)} already exists`,
    writes,
    status: { ...status, collisionCount: (status.collisionCount ?? 0) + 1 },
  }
}

function revisionOf(
  { metadata, spec }: DaemonSet,
  made: { readonly name: string; readonly hash: string; readonly number: number },
): ControllerRevision {
  const { name = '', namespace, uid, annotations } = metadata
  return {
    metadata: {
      name: made.name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...spec.template.metadata?.labels, [REVISION_HASH_LABEL]: made.hash },
      ...(annotations && { annotations }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name, ...(uid !== undefined && { uid }), controller: true },
      ],
    },
    revision: made.number,
    data: templatePatch(spec.template),
  }
}

/**
 * The old revisions beyond `revisionHistoryLimit` that no pod is of, the lowest numbers first; revisions of pods count but stay
 * (`cleanupHistory`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2). Equal numbers go by name, in upstream at random.
 */
export function cleanupHistory(
  { spec }: DaemonSet,
  old: readonly ControllerRevision[],
  claimed: readonly Pod[],
): readonly RevisionWrite[] {
  const excess = old.length - (spec.revisionHistoryLimit ?? 10)
  if (excess <= 0) return []
  const pods = claimed.filter(pod => targetNodeName(pod) !== undefined)
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION_HASH_LABEL]))
  return old
    .filter(revision => hashOf(revision) === '' || !live.has(hashOf(revision)))
    .sort((a, b) => numberOf(a) - numberOf(b) || (revisionName(a) < revisionName(b) ? -1 : 1))
    .slice(0, excess)
    .map(revision => ({ kind: 'delete', name: revisionName(revision) }))
}

/** A revision without the label of its hash gets its name for one. */
function labelled(revision: ControllerRevision): ControllerRevision {
  const { metadata } = revision
  if (metadata.labels?.[REVISION_HASH_LABEL] !== undefined) return revision
  return {
    ...revision,
    metadata: { ...metadata, labels: { ...metadata.labels, [REVISION_HASH_LABEL]: revisionName(revision) } },
  }
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[REVISION_HASH_LABEL] ?? ''
}

function numberOf({ revision }: ControllerRevision): number {
  return revision ?? 0
}

function revisionName({ metadata }: ControllerRevision): string {
  return metadata.name ?? ''
}
