import { describe, expect, it } from 'vitest'
import { explainPods } from '../src/explain/explain-pods.ts'
import type { ClusterDump, Pod, PodExplanation, PodGroup, PodSpec } from '../src/index.ts'
import { daemonSet, dumpOf, node, podOf, TAKEN_AT, webPod } from './coverage-builders.ts'

/** A Pending pod of Deployment/app. */
function pending(name: string, cpu: string, spec: PodSpec = {}): Pod {
  const { nodeName: _, ...made } = webPod('', cpu, spec, 'app').spec
  const metadata = { ...webPod('', cpu, spec, 'app').metadata, name, uid: name }
  return { metadata, spec: made, status: { phase: 'Pending' } }
}

const DEPLOYMENT = { metadata: { name: 'app', namespace: 'apps' }, spec: { replicas: 2 } }
const CLASSES = [{ metadata: { name: 'high' }, value: 1000 }]

function explain(lists: ClusterDump): PodExplanation {
  const dump = dumpOf({ deployments: [DEPLOYMENT], priorityClasses: CLASSES, ...lists })
  return explainPods(
    { ...dump, replicaSets: undefined as never },
    { kind: 'Deployment', namespace: 'apps', name: 'app' },
  )
}

function firstOf({ groups }: PodExplanation): PodGroup {
  const [first] = groups
  if (first === undefined) throw new Error('no group')
  return first
}

describe('why pods are Pending', () => {
  it('waits for pods that are being deleted, and says that nothing has to be done', () => {
    const going = webPod('a', '1800m')
    const gone = { ...going, metadata: { ...going.metadata, deletionTimestamp: TAKEN_AT } }
    const explanation = explain({ nodes: [node('a')], pods: [gone, pending('app-1', '1')] })
    expect(firstOf(explanation)).toMatchObject({ outcome: { kind: 'blocked' }, waiting: 'helps' })
    expect(explanation.remedy).toMatchObject({ kind: 'wait', landing: 1, of: 1, restarts: 0 })
  })
  it('takes the least class that is there, with its evictions and whom they leave without a node', () => {
    const { remedy } = explain({ nodes: [node('a')], pods: [webPod('a', '1800m'), pending('app-1', '1')] })
    expect(remedy).toMatchObject({ kind: 'class', priorityClassName: 'high', landing: 1, homeless: 1 })
    expect(remedy?.evictions).toEqual([{ owner: 'Deployment/web', pods: 1, daemon: false }])
  })
  it('tells no class that takes the place of a daemon', () => {
    const agent = daemonSet('agent')
    const daemon = podOf(agent, 'a', 'ready', {
      containers: [{ name: 'main', resources: { requests: { cpu: '1500m' } } }],
    })
    const { remedy, noRemedy } = explain({ nodes: [node('a')], pods: [daemon, pending('app-1', '1')] })
    expect(remedy).toBeUndefined()
    expect(noRemedy).toContain('take the place of 1 daemon pod for good')
  })
  it('tells no class that leaves more pods without a node than it gives one', () => {
    const others = ['one', 'two', 'three'].map(name => webPod('a', '600m', {}, name))
    const { remedy, noRemedy } = explain({ nodes: [node('a')], pods: [...others, pending('app-1', '1700m')] })
    expect(remedy).toBeUndefined()
    expect(noRemedy).toContain('give 1 of 1 a node and leave 3 evicted pods without')
  })
  it('lets a class stand for the running pods of the template too: they do not evict each other', () => {
    const own = { ...webPod('a', '1800m', {}, 'app') }
    const { remedy } = explain({ nodes: [node('a')], pods: [own, pending('app-1', '1')] })
    expect(remedy).toBeUndefined()
  })
  it('offers a toleration with a word about whose taint it is', () => {
    const taints = [{ key: 'dedicated', value: 'ml', effect: 'NoSchedule' }]
    const { remedy } = explain({ nodes: [node('a', { taints, pool: 'ml' })], pods: [pending('app-1', '1')] })
    expect(remedy).toMatchObject({ kind: 'toleration', landing: 1, evictions: [] })
    expect(remedy?.caution).toContain('pool ml on purpose')
  })
  it('counts how many of several pods find room, one after the other', () => {
    const pods = [pending('app-1', '1'), pending('app-2', '1')]
    const group = firstOf(explain({ nodes: [node('a')], pods }))
    expect(group).toMatchObject({ outcome: { kind: 'lands', landing: 1 }, waiting: 'cannot tell' })
    expect(firstOf(explain({ nodes: [node('a'), node('b')], pods }))).toMatchObject({
      outcome: { kind: 'lands', landing: 2 },
      waiting: 'helps',
    })
  })
  it('says what an autoscaler said last', () => {
    const event = {
      metadata: { name: 'e', namespace: 'apps' },
      involvedObject: { kind: 'Pod', namespace: 'apps', name: 'app-1' },
      reason: 'Nominated',
      message: 'Pod should schedule on: nodeclaim/default-x',
      lastTimestamp: TAKEN_AT,
    }
    const group = firstOf(
      explain({ nodes: [node('a')], pods: [webPod('a', '1800m'), pending('app-1', '1')], events: [event] }),
    )
    expect(group).toMatchObject({ autoscaler: { reason: 'Nominated', helps: true }, waiting: 'helps' })
  })
  it('waits for a node that joins, if the pod fits there but for taints that fall', () => {
    const joining = node('young', {
      created: '2026-11-22T17:59:00Z',
      ready: false,
      taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
    })
    expect(firstOf(explain({ nodes: [joining], pods: [pending('app-1', '1')] }))).toMatchObject({
      waiting: 'helps',
      waitingWhy: expect.stringContaining('young is joining'),
    })
  })
  it('answers with no group where nothing is known of the pods', () => {
    expect(explain({ nodes: [node('a')], pods: [] })).toMatchObject({ groups: [], subject: { pods: 0, wanted: 2 } })
  })
  it('gives the same bytes twice, and leaves the dump as it was', () => {
    const lists = { nodes: [node('a'), node('b')], pods: [webPod('a', '1800m'), pending('app-1', '1')] }
    const before = JSON.stringify(lists)
    expect(JSON.stringify(explain(lists))).toBe(JSON.stringify(explain(lists)))
    expect(JSON.stringify(lists)).toBe(before)
  })
})
