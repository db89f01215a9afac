import type { ClusterDump } from '../api/cluster-dump.ts'
import type { ResourceList } from '../api/meta.ts'
import { addQuantity, compareQuantity } from '../quantity/arithmetic.ts'
import { formatQuantity } from '../quantity/format.ts'
import { parseQuantity } from '../quantity/parse.ts'
import { DAEMON_CLASS } from './class-candidates.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { Change } from './prove.ts'
import type { Remedy } from './types.ts'
import type { World } from './world.ts'

/** A change that may end a refusal, not proved yet. */
export interface RefusalChange {
  readonly kind: Remedy['kind']
  readonly change: Change
  readonly text: string
  readonly where: string
  /** What else it does. */
  readonly caution?: string
}

const ENFORCE = 'pod-security.kubernetes.io/enforce'

/** Changes that may end the refusal of a DaemonSet's pods, the least harmful first; `missing` pods are waited for. */
export function refusalChanges(world: World, model: DaemonModel, missing: number): readonly RefusalChange[] {
  const { admission, refusal } = model
  const by = admission.kind === 'refused' ? admission.by : refusal?.by
  const message = admission.kind === 'refused' ? admission.message : refusal?.message
  if (by === undefined || message === undefined) return []
  if (by === 'PriorityClass') return classChanges(world, model)
  if (by.startsWith('ResourceQuota '))
    return quotaChanges(world.dump, model, by.slice('ResourceQuota '.length), message, missing)
  return by === 'Pod Security' ? namespaceChanges(world.dump, model) : []
}

function classChanges(world: World, model: DaemonModel): readonly RefusalChange[] {
  const wrong = model.daemonSet.spec.template.spec.priorityClassName
  const classes = world.dump.priorityClasses
  if (wrong === undefined || classes === undefined) return []
  const near = classes
    .map(({ metadata, value }) => ({
      name: metadata.name ?? '',
      value: value ?? 0,
      distance: distance(wrong, metadata.name ?? ''),
    }))
    .filter(one => one.name !== '' && one.distance <= Math.min(3, Math.floor(wrong.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.value - b.value)[0]
  const fix: readonly RefusalChange[] =
    near === undefined
      ? []
      : [
          {
            kind: 'fix class name',
            change: { priorityClass: { name: near.name, value: near.value, isNew: false } },
            text: `priorityClassName: ${near.name} (${near.value}) instead of ${wrong}, which does not exist`,
            where: 'spec.template.spec.priorityClassName',
          },
        ]
  const { value } = DAEMON_CLASS
  return [
    ...fix,
    {
      kind: 'create class',
      change: { priorityClass: { name: wrong, value, isNew: true } },
      text: `make PriorityClass ${wrong} (${value}), which the template names`,
      where: 'a manifest that is applied before the DaemonSet',
    },
  ]
}

/** Edits between two short names; names longer than the API allows are not compared. */
function distance(a: string, b: string): number {
  if (a.length > 253 || b.length > 253) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same))
    }
    row = next
  }
  return row[b.length]!
}

function quotaChanges(
  dump: ClusterDump,
  model: DaemonModel,
  name: string,
  message: string,
  missing: number,
): readonly RefusalChange[] {
  const namespace = model.meta.namespace ?? 'default'
  const quota = dump.resourceQuotas?.find(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace,
  )
  const requested = amountsAfter(message, 'requested')
  const used = amountsAfter(message, 'used')
  if (quota === undefined || requested.size === 0) return []
  const needed: Record<string, string> = {}
  const usedByThen: Record<string, string> = {}
  for (const [resource, text] of requested) {
    const each = parseQuantity(text)
    const now = parseQuantity(used.get(resource) ?? '0')
    if (each.kind === 'error' || now.kind === 'error') return []
    let sum = now
    for (let i = 1; i < missing; i++) sum = addQuantity(sum, each)
    usedByThen[resource] = formatQuantity(sum)
    needed[resource] = formatQuantity(addQuantity(sum, each))
  }
  const hard: ResourceList = { ...quota.spec?.hard, ...greater(quota.spec?.hard ?? {}, needed) }
  // The last missing pod meets what the others use by then: if it is admitted, so are all.
  const raised = {
    ...quota,
    spec: { ...quota.spec, hard },
    status: { ...quota.status, hard, used: { ...quota.status?.used, ...usedByThen } },
  }
  const change = {
    dump: { resourceQuotas: (dump.resourceQuotas ?? []).map(other => (other === quota ? raised : other)) },
  }
  const amounts = Object.entries(needed).map(([resource, amount]) => `${resource}: ${amount}`)
  return [
    {
      kind: 'raise quota',
      change,
      text: `ResourceQuota ${name}: ${amounts.join(', ')}`,
      where: `spec.hard of ResourceQuota ${namespace}/${name}; it grows with every node`,
    },
  ]
}

function greater(hard: ResourceList, needed: Readonly<Record<string, string>>): ResourceList {
  const raised: Record<string, string> = {}
  for (const [resource, text] of Object.entries(needed)) {
    const before = parseQuantity(hard[resource] ?? '0')
    const after = parseQuantity(text)
    if (before.kind === 'error' || after.kind === 'error' || compareQuantity(after, before) > 0) raised[resource] = text
  }
  return raised
}

/** `requested: cpu=1,memory=2` in a quota's refusal, by resource. */
function amountsAfter(message: string, word: string): ReadonlyMap<string, string> {
  const list = new RegExp(`\\b${word}: ([^ ]+?)(?:, [a-z]+: |$)`).exec(message)?.[1] ?? ''
  const amounts = new Map<string, string>()
  for (const part of list.split(',')) {
    const at = part.indexOf('=')
    if (at > 0) amounts.set(part.slice(0, at), part.slice(at + 1))
  }
  return amounts
}

function namespaceChanges(dump: ClusterDump, model: DaemonModel): readonly RefusalChange[] {
  const name = model.meta.namespace ?? 'default'
  const namespace = dump.namespaces?.find(({ metadata }) => metadata.name === name)
  if (namespace === undefined) return []
  return ['baseline', 'privileged'].map(level => {
    const labels = { ...namespace.metadata.labels, [ENFORCE]: level }
    const changed = { ...namespace, metadata: { ...namespace.metadata, labels } }
    return {
      kind: 'label namespace',
      change: { dump: { namespaces: (dump.namespaces ?? []).map(other => (other === namespace ? changed : other)) } },
      text: `label ${ENFORCE}: ${level}`,
      where: `metadata.labels of Namespace ${name}`,
      caution: `every pod of namespace ${name} may then do what ${level === 'privileged' ? 'Pod Security forbids' : 'its level forbids'} now`,
    }
  })
}
