import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import type { ObjectMeta, OwnerReference } from '../api/meta.ts'

/** Who is at the top of a pod's chain of owners. */
export interface TopOwner {
  /** `Deployment/web`; `Pod/name` for a bare pod. */
  readonly text: string
  readonly daemon: boolean
}

/** Deeper chains are cut: a cycle of owners must end. */
const MAX_DEPTH = 8

/**
 * Finds top owners: Pod → ReplicaSet → Deployment, Pod → Job → CronJob. Where ReplicaSets are not in the dump, the Deployment is told
 * only if the pod's own `pod-template-hash` is the end of the ReplicaSet's name; answers are kept per direct owner.
 */
export class Owners {
  readonly #middle = new Map<string, ObjectMeta>()
  readonly #known = new Map<string, TopOwner>()

  constructor(dump: ClusterDump) {
    for (const [kind, list] of [
      ['ReplicaSet', dump.replicaSets],
      ['Job', dump.jobs],
      ['StatefulSet', dump.statefulSets],
      ['Deployment', dump.deployments],
    ] as const) {
      for (const object of list ?? [])
        this.#middle.set(`${kind}/${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`, object.metadata)
    }
  }

  topOf(pod: Pod): TopOwner {
    const reference = controllerOf(pod.metadata)
    if (reference === undefined) return { text: `Pod/${pod.metadata.name ?? ''}`, daemon: false }
    if (reference.kind === 'DaemonSet')
      return this.#keep(`DaemonSet/${pod.metadata.namespace}/${reference.name}`, () => ({
        text: `DaemonSet/${reference.name}`,
        daemon: true,
      }))
    const namespace = pod.metadata.namespace ?? ''
    const hash = pod.metadata.labels?.['pod-template-hash']
    return this.#keep(`${reference.kind}/${namespace}/${reference.name}`, () => this.#climb(reference, namespace, hash))
  }

  #keep(key: string, make: () => TopOwner): TopOwner {
    const known = this.#known.get(key)
    if (known) return known
    const made = make()
    this.#known.set(key, made)
    return made
  }

  #climb(start: OwnerReference, namespace: string, hash: string | undefined): TopOwner {
    let at = start
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const meta = this.#middle.get(`${at.kind}/${namespace}/${at.name}`)
      const next = meta === undefined ? undefined : controllerOf(meta)
      if (next === undefined) {
        const guessable =
          meta === undefined && at.kind === 'ReplicaSet' && hash !== undefined && at.name.endsWith(`-${hash}`)
        if (guessable) return { text: `Deployment/${at.name.slice(0, -hash.length - 1)}`, daemon: false }
        break
      }
      at = next
    }
    return { text: `${at.kind}/${at.name}`, daemon: at.kind === 'DaemonSet' }
  }
}

/** The owner that manages the object; undefined for an object of its own. */
export function controllerOf(meta: ObjectMeta): OwnerReference | undefined {
  const references = meta.ownerReferences
  if (references === undefined) return undefined
  for (const reference of references) if (reference.controller === true) return reference
  return undefined
}
