import type { ClusterDump, DumpKind } from '../api/cluster-dump.ts'
import type { Node, Pod } from '../api/core.ts'
import type { ObjectMeta } from '../api/meta.ts'
import { controllerOf } from '../coverage/owners.ts'
import { podKey } from '../snapshot/cluster-snapshot.ts'
import { type ObjectOf, objectKey } from './kinds.ts'

/** What wants to hear of changes. Called in the order of subscription, when the change is made. */
export interface Watcher {
  podChanged?(before: Pod | undefined, after: Pod | undefined): void
  nodeChanged?(before: Node | undefined, after: Node | undefined): void
  objectChanged?(list: DumpKind, key: string, before: Stored | undefined, after: Stored | undefined): void
}

/** Any object that the store keeps. */
export interface Stored {
  readonly metadata: ObjectMeta
}

const NO_PODS: ReadonlySet<string> = new Set()

/** The API server's objects while time goes on. An object never changes in place: an update puts another in its stead. */
export class Store {
  readonly #lists = new Map<DumpKind, Map<string, Stored>>()
  readonly #podsByOwner = new Map<string, Set<string>>()
  readonly #orphans = new Set<string>()
  readonly #watchers: Watcher[] = []

  constructor(dump: ClusterDump, lists: readonly DumpKind[]) {
    for (const list of lists) {
      const objects: readonly Stored[] = dump[list] ?? []
      const byKey = new Map<string, Stored>()
      for (const object of objects) byKey.set(keyOf(list, object), object)
      this.#lists.set(list, byKey)
    }
    for (const pod of this.all('pods').values()) this.#index(pod)
  }

  watch(watcher: Watcher): void {
    this.#watchers.push(watcher)
  }

  all<L extends DumpKind>(list: L): ReadonlyMap<string, ObjectOf<L>> {
    return (this.#lists.get(list) ?? new Map<string, Stored>()) as unknown as ReadonlyMap<string, ObjectOf<L>>
  }

  get<L extends DumpKind>(list: L, key: string): ObjectOf<L> | undefined {
    return this.all(list).get(key)
  }

  pod(key: string): Pod | undefined {
    return this.get('pods', key)
  }

  /** Pods whose controller has this uid. */
  podsOf(ownerUid: string | undefined): readonly Pod[] {
    const keys = this.#podsByOwner.get(ownerUid ?? '') ?? NO_PODS
    return [...keys].flatMap(key => this.pod(key) ?? [])
  }

  /** Pods without a controller. */
  orphans(): readonly Pod[] {
    return [...this.#orphans].flatMap(key => this.pod(key) ?? [])
  }

  put<L extends DumpKind>(list: L, object: ObjectOf<L>): void {
    this.#change(list, keyOf(list, object), object)
  }

  remove(list: DumpKind, key: string): void {
    this.#change(list, key, undefined)
  }

  #change(list: DumpKind, key: string, after: Stored | undefined): void {
    const objects = this.#lists.get(list) ?? new Map<string, Stored>()
    this.#lists.set(list, objects)
    const before = objects.get(key)
    if (after === undefined) objects.delete(key)
    else objects.set(key, after)
    if (list === 'pods') this.#reindex(before as Pod | undefined, after as Pod | undefined)
    for (const watcher of this.#watchers) {
      if (list === 'pods') watcher.podChanged?.(before as Pod | undefined, after as Pod | undefined)
      else if (list === 'nodes') watcher.nodeChanged?.(before as Node | undefined, after as Node | undefined)
      else watcher.objectChanged?.(list, key, before, after)
    }
  }

  #reindex(before: Pod | undefined, after: Pod | undefined): void {
    if (before !== undefined && after !== undefined && ownerOf(before) === ownerOf(after)) return
    if (before !== undefined) {
      this.#podsByOwner.get(ownerOf(before) ?? '')?.delete(podKey(before))
      this.#orphans.delete(podKey(before))
    }
    if (after !== undefined) this.#index(after)
  }

  #index(pod: Pod): void {
    const owner = ownerOf(pod)
    if (owner === undefined) {
      this.#orphans.add(podKey(pod))
      return
    }
    const keys = this.#podsByOwner.get(owner)
    if (keys === undefined) this.#podsByOwner.set(owner, new Set([podKey(pod)]))
    else keys.add(podKey(pod))
  }
}

function ownerOf({ metadata }: Pod): string | undefined {
  return controllerOf(metadata)?.uid
}

function keyOf(list: DumpKind, { metadata }: Stored): string {
  return objectKey(list, metadata.namespace, metadata.name)
}
