import { admitObject, changePriorityClass } from '../admission/admit-object.ts'
import { defaultDaemonSet } from '../admission/defaults/objects.ts'
import { defaultTemplate } from '../admission/defaults/pod.ts'
import { isJsonObject, sameJson } from '../admission/json.ts'
import type { DaemonSet, PriorityClass, Workload } from '../api/apps.ts'
import type { DumpKind } from '../api/cluster-dump.ts'
import type { Node, Pod } from '../api/core.ts'
import type { KubeObject, ObjectMeta, StringMap } from '../api/meta.ts'
import { controllerOf } from '../coverage/owners.ts'
import { templateGeneration } from '../daemonset/daemon-pod.ts'
import type { ApiServer } from './api-server.ts'
import { listOfKind, type ObjectOf, objectAtPath, objectKey } from './kinds.ts'

/** One request of a change: sent when the one before was answered, and not before `atMs`. */
export type ChangeStep = { readonly atMs: number } & (
  | { readonly op: 'apply'; readonly object: KubeObject }
  /** RFC 7386. */
  | { readonly op: 'mergePatch'; readonly path: string; readonly object: unknown }
  | { readonly op: 'delete'; readonly path: string }
  /** These labels on every node of that moment. */
  | { readonly op: 'labelNodes'; readonly labels: StringMap }
  /** Taints of this key off every node of that moment. */
  | { readonly op: 'untaintNodes'; readonly key: string }
)

/** What became of a step. */
export type StepAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly message: string }
  /** Nothing here reacts to the object that changed. */
  | { readonly kind: 'not modelled'; readonly what: string }

const DONE: StepAnswer = { kind: 'done' }
/** Lists that only Karpenter reacts to. */
const KARPENTER: ReadonlySet<DumpKind> = new Set(['nodePools', 'nodeClaims'])
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

type Fields = Readonly<Record<string, unknown>> & { readonly metadata?: ObjectMeta }

/** Sends one step to the API server. Fields of a spec that an apply leaves out are taken to be the applier's own: they go. */
export function takeStep(api: ApiServer, step: ChangeStep): StepAnswer {
  const { store } = api
  switch (step.op) {
    case 'apply':
      return apply(api, step.object)
    case 'mergePatch': {
      const place = objectAtPath(step.path)
      const stored = place && store.get(place.list, place.key)
      if (place === undefined) return { kind: 'not modelled', what: step.path }
      if (stored === undefined) return { kind: 'refused', message: `${step.path} not found` }
      return put(api, place.list, merged(stored, step.object) as Fields, stored)
    }
    case 'delete': {
      const place = objectAtPath(step.path)
      return place === undefined ? { kind: 'not modelled', what: step.path } : remove(api, place.list, place.key)
    }
    case 'labelNodes':
      for (const node of [...store.all('nodes').values()]) {
        const labels = { ...node.metadata.labels, ...step.labels }
        store.put('nodes', { ...node, metadata: { ...node.metadata, labels } })
      }
      return DONE
    case 'untaintNodes':
      for (const node of [...store.all('nodes').values()]) {
        const taints = (node.spec?.taints ?? []).filter(({ key }) => key !== step.key)
        if (taints.length < (node.spec?.taints ?? []).length) store.put('nodes', withTaints(node, taints))
      }
      return DONE
  }
}

function withTaints(node: Node, taints: NonNullable<NonNullable<Node['spec']>['taints']>): Node {
  return { ...node, spec: { ...node.spec, taints } }
}

function apply(api: ApiServer, object: KubeObject): StepAnswer {
  const list = listOfKind(object.kind)
  if (list === undefined) return { kind: 'not modelled', what: `${object.kind}/${object.metadata?.name}` }
  const stored = api.store.get(list, objectKey(list, object.metadata?.namespace, object.metadata?.name))
  const metadata: ObjectMeta = { ...stored?.metadata, ...object.metadata }
  const labels = { ...stored?.metadata.labels, ...object.metadata?.labels }
  const annotations = { ...stored?.metadata.annotations, ...object.metadata?.annotations }
  return put(api, list, { ...stored, ...object, metadata: { ...metadata, labels, annotations } }, stored)
}

function put(api: ApiServer, list: DumpKind, object: Fields, stored: ObjectOf<DumpKind> | undefined): StepAnswer {
  const { store } = api
  switch (list) {
    case 'daemonSets':
      return putDaemonSet(api, object as unknown as DaemonSet, stored as DaemonSet | undefined)
    case 'pods':
      return putPod(api, object as unknown as Pod, stored !== undefined)
    case 'priorityClasses':
    case 'limitRanges':
    case 'resourceQuotas':
    case 'runtimeClasses':
    case 'namespaces': {
      const world = api.world()
      const answer =
        list === 'priorityClasses' && stored !== undefined
          ? changePriorityClass(object as unknown as PriorityClass, world)
          : admitObject(object as KubeObject, world)
      if (answer.kind === 'refused') return { kind: 'refused', message: answer.message }
      store.put(list, (answer.kind === 'stored' ? answer.object : object) as ObjectOf<typeof list>)
      if (list === 'resourceQuotas') recountQuotas(api)
      return DONE
    }
    case 'deployments':
    case 'replicaSets':
    case 'statefulSets': {
      const workload = object as unknown as Workload
      const before = stored as Workload | undefined
      const replicas = workload.spec?.replicas ?? before?.spec?.replicas ?? 1
      store.put(list, identified(api, list, { ...workload, spec: { ...workload.spec, replicas } }))
      const isRolled = list === 'statefulSets' && before !== undefined && !sameTemplate(before, workload)
      return isRolled ? { kind: 'not modelled', what: `rolling update of StatefulSet/${workload.metadata.name}` } : DONE
    }
    default:
      store.put(list, identified(api, list, object as unknown as ObjectOf<typeof list>))
      return KARPENTER.has(list) ? { kind: 'not modelled', what: `${list} ${object.metadata?.name}` } : DONE
  }
}

function sameTemplate(a: Workload, b: Workload): boolean {
  const [first, second] = [a.spec?.template, b.spec?.template]
  return (
    first === second ||
    (first !== undefined && second !== undefined && sameJson(defaultTemplate(first), defaultTemplate(second)))
  )
}

/** A changed template is a new generation of it (`PrepareForUpdate`, kubernetes pkg/registry/apps/daemonset/strategy.go, v1.36.2). */
function putDaemonSet(api: ApiServer, object: DaemonSet, stored: DaemonSet | undefined): StepAnswer {
  const answer = api.admission.admitDaemonSet(object, 'any')
  if (answer.kind === 'refused') return { kind: 'refused', message: answer.message }
  if (answer.kind === 'unknown') return { kind: 'not modelled', what: answer.detail }
  const { daemonSet } = answer
  if (stored === undefined) {
    api.store.put(
      'daemonSets',
      identified(api, 'daemonSets', { ...daemonSet, metadata: { ...daemonSet.metadata, uid: '' } }),
    )
    return DONE
  }
  const before = defaultDaemonSet(stored)
  if (sameJson(before.spec, daemonSet.spec)) return DONE
  const changes = !sameJson(before.spec.template, daemonSet.spec.template)
  const generation = Number(templateGeneration(stored) ?? 0) + (changes ? 1 : 0)
  const annotations = { ...daemonSet.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) }
  const metadata = { ...daemonSet.metadata, generation: (stored.metadata.generation ?? 0) + 1, annotations }
  api.store.put('daemonSets', { ...daemonSet, metadata })
  return DONE
}

function putPod(api: ApiServer, pod: Pod, exists: boolean): StepAnswer {
  if (exists) api.store.put('pods', pod)
  else {
    const creation = api.createPod(pod, `Pod/${pod.metadata.namespace}/${pod.metadata.name}`)
    if (creation.kind === 'refused') return creation
  }
  return DONE
}

/** An object as storage keeps it: in a namespace if its kind has them, with a uid. */
function identified<L extends DumpKind>(api: ApiServer, list: L, object: ObjectOf<L>): ObjectOf<L> {
  const { metadata } = object as { readonly metadata: ObjectMeta }
  const key = objectKey(list, metadata.namespace, metadata.name)
  const namespace = key.includes('/') ? { namespace: metadata.namespace ?? 'default' } : {}
  const uid = metadata.uid || `${list}/${key}`
  const creationTimestamp = metadata.creationTimestamp ?? api.now
  return { ...object, metadata: { ...metadata, ...namespace, uid, creationTimestamp } }
}

function remove(api: ApiServer, list: DumpKind, key: string): StepAnswer {
  const { store } = api
  const stored = store.get(list, key)
  if (stored === undefined) return { kind: 'refused', message: `${list} ${key} not found` }
  if (list === 'pods') api.deletePod(stored as Pod)
  else if (KARPENTER.has(list) || (list === 'nodes' && hasFinalizer(stored))) {
    return { kind: 'not modelled', what: `deletion of ${list} ${key}` }
  } else store.remove(list, key)
  return DONE
}

const hasFinalizer = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
  (metadata.finalizers ?? []).length > 0 || controllerOf(metadata)?.kind === 'NodeClaim'

function recountQuotas(api: ApiServer): void {
  for (const quota of [...api.store.all('resourceQuotas').values()])
    if (quota.status === undefined) api.recountQuota(quota)
}

/** A JSON merge patch (RFC 7386). */
function merged(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}
