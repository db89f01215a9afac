import type { ControllerRevision, DaemonSet } from '../../api/apps.ts'
import type { CompiledLabelSelector } from '../../labels/selector.ts'
import type { RevisionWrite } from './types.ts'

/** A DaemonSet's revisions, and what claiming them writes. */
export interface ClaimedRevisions {
  readonly claimed: readonly ControllerRevision[]
  readonly writes: readonly RevisionWrite[]
}

/**
 * The revisions that the controller takes for a DaemonSet's: orphans that the selector selects are adopted, own ones that it does not
 * select are released (`ClaimControllerRevisions`, kubernetes `pkg/controller/controller_ref_manager.go`, v1.36.2).
 */
export function claimRevisions(
  { metadata }: DaemonSet,
  selector: CompiledLabelSelector,
  revisions: readonly ControllerRevision[],
): ClaimedRevisions {
  const claimed: ControllerRevision[] = []
  const writes: RevisionWrite[] = []
  const { namespace = 'default' } = metadata
  for (const revision of revisions) {
    const { name = '', labels, ownerReferences, deletionTimestamp, namespace: place = 'default' } = revision.metadata
    if (place !== namespace) continue
    const controller = ownerReferences?.find(reference => reference.controller === true)
    if (controller !== undefined && controller.uid !== metadata.uid) continue
    const selected = selector.matches(labels)
    if (controller !== undefined) {
      if (selected) claimed.push(revision)
      else writes.push({ kind: 'release', name })
    } else if (selected && !deletionTimestamp) {
      claimed.push(revision)
      writes.push({ kind: 'adopt', name })
    }
  }
  return { claimed, writes }
}
