import type { ControllerRevision, DaemonSet } from '../api/apps.ts'
import { controllerOf } from './owners.ts'

/** The current revision of a DaemonSet: the one with the greatest number. */
export interface CurrentRevision {
  readonly number: number
  readonly since?: string
  /** Label `controller-revision-hash` of the pods that are up to date. */
  readonly hash?: string
}

/** Current revisions by `namespace/name` of the DaemonSet that controls them (kubernetes pkg/controller/daemon/update.go, v1.36.2). */
export function currentRevisions(revisions: readonly ControllerRevision[]): ReadonlyMap<string, CurrentRevision> {
  const found = new Map<string, CurrentRevision>()
  for (const { metadata, revision } of revisions) {
    const owner = controllerOf(metadata)
    if (owner?.kind !== 'DaemonSet' || revision === undefined) continue
    const key = `${metadata.namespace ?? 'default'}/${owner.name}`
    const known = found.get(key)
    if (known !== undefined && known.number >= revision) continue
    const hash = metadata.labels?.['controller-revision-hash']
    const since = metadata.creationTimestamp
    found.set(key, {
      number: revision,
      ...(since === undefined ? {} : { since }),
      ...(hash === undefined ? {} : { hash }),
    })
  }
  return found
}

/** `namespace/name`, as options and messages name a DaemonSet. */
export function daemonSetKey({ metadata }: DaemonSet): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}
