import type { ClusterDump, Pod } from '@everynode/engine'
import { describe, expect, it } from 'vitest'
import { DEMO_VARIANTS, type DemoVariant, demoCluster } from '../src/index.ts'

const LISTS = [
  'nodes',
  'pods',
  'daemonSets',
  'controllerRevisions',
  'deployments',
  'replicaSets',
  'statefulSets',
  'jobs',
  'priorityClasses',
  'podDisruptionBudgets',
  'limitRanges',
  'resourceQuotas',
  'runtimeClasses',
  'namespaces',
  'services',
  'persistentVolumeClaims',
  'persistentVolumes',
  'storageClasses',
  'csiNodes',
  'nodePools',
  'nodeClaims',
  'events',
] as const satisfies readonly (keyof ClusterDump)[]

function agentPods(variant: DemoVariant): readonly Pod[] {
  return (demoCluster(variant).pods ?? []).filter(pod => pod.metadata.generateName === 'log-agent-')
}

function milli(cpu: unknown): number {
  const text = String(cpu ?? '0')
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000
}

describe.each(DEMO_VARIANTS)('the demo cluster, variant %s', variant => {
  const dump = demoCluster(variant)
  const nodes = new Map((dump.nodes ?? []).map(node => [node.metadata.name, node]))
  const pods = dump.pods ?? []

  it('is the same bytes at every call', () => {
    expect(JSON.stringify(demoCluster(variant))).toBe(JSON.stringify(dump))
  })

  it('is JSON: a round trip loses nothing', () => {
    expect(JSON.parse(JSON.stringify(dump))).toEqual(dump)
  })

  it('leaves no list unknown', () => {
    for (const list of LISTS) expect(dump[list], list).toBeDefined()
  })

  it('names every object once and gives every object a uid of its own', () => {
    const objects = LISTS.flatMap(list => (dump[list] ?? []).map(({ metadata }) => ({ list, metadata })))
    const named = objects.map(({ list, metadata }) => `${list} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`)
    expect(new Set(named).size).toBe(named.length)
    const uids = objects.map(({ metadata }) => metadata.uid).filter(one => one !== undefined)
    expect(uids.length).toBeGreaterThan(pods.length)
    expect(new Set(uids).size).toBe(uids.length)
  })

  it('binds pods to nodes that exist and have room for them', () => {
    const cpu = new Map<string, number>()
    const count = new Map<string, number>()
    for (const { spec } of pods) {
      if (spec.nodeName === undefined) continue
      const asked = (spec.containers ?? []).reduce((sum, one) => sum + milli(one.resources?.requests?.['cpu']), 0)
      cpu.set(spec.nodeName, (cpu.get(spec.nodeName) ?? 0) + asked)
      count.set(spec.nodeName, (count.get(spec.nodeName) ?? 0) + 1)
    }
    expect(cpu.size).toBe(nodes.size)
    for (const [name, requested] of cpu) {
      const allocatable = nodes.get(name)?.status?.allocatable
      expect(requested, name).toBeLessThanOrEqual(milli(allocatable?.['cpu']))
      expect(count.get(name), name).toBeLessThanOrEqual(Number(allocatable?.['pods']))
    }
  })

  it('has an owner for every pod', () => {
    const owners = [...(dump.daemonSets ?? []), ...(dump.replicaSets ?? []), ...(dump.statefulSets ?? [])]
    const uids = new Set(owners.map(owner => owner.metadata.uid))
    for (const pod of pods) expect(uids, pod.metadata.name).toContain(pod.metadata.ownerReferences?.[0]?.uid)
  })

  it('resolves every class to its value', () => {
    const values = new Map((dump.priorityClasses ?? []).map(one => [one.metadata.name, one.value]))
    for (const { spec } of pods)
      expect(spec.priority).toBe(spec.priorityClassName === undefined ? 0 : values.get(spec.priorityClassName))
  })
})

describe('the chapters', () => {
  it('start with the agent on 4 nodes, Pending on 17 and silently absent from pool stable', () => {
    const pods = agentPods('problem')
    const nodeNames = pods.map(pod => pod.spec.nodeName)
    expect(nodeNames.filter(name => name !== undefined)).toHaveLength(4)
    expect(pods.filter(pod => pod.status?.conditions?.[0]?.reason === 'Unschedulable')).toHaveLength(17)
    const stable = (demoCluster().nodes ?? []).filter(
      node => node.metadata.labels?.['karpenter.sh/nodepool'] === 'stable',
    )
    expect(stable).toHaveLength(6)
    for (const pod of pods) {
      const pinned = JSON.stringify(pod.spec.affinity)
      for (const node of stable) expect(pinned).not.toContain(node.metadata.name)
    }
  })

  it('keep the same nodes, so that their counts can be compared', () => {
    const names = (variant: DemoVariant) => (demoCluster(variant).nodes ?? []).map(node => node.metadata.name)
    for (const variant of DEMO_VARIANTS) expect(names(variant)).toEqual(names('problem'))
  })

  it('differ by the class of user services and the manifest of the agent alone', () => {
    const classes = (variant: DemoVariant) =>
      new Set((demoCluster(variant).deployments ?? []).map(one => one.spec?.template?.spec.priorityClassName))
    expect(classes('class')).toEqual(new Set([undefined, 'system-cluster-critical']))
    expect(classes('equal')).toEqual(new Set(['qovery-standard-priority', 'system-cluster-critical']))
    const agent = (variant: DemoVariant) =>
      (demoCluster(variant).daemonSets ?? []).find(one => one.metadata.name === 'log-agent')
    expect(agent('problem')?.spec.template.spec.priorityClassName).toBeUndefined()
    expect(agent('equal')?.spec.template.spec).toEqual(agent('class')?.spec.template.spec)
    expect(agent('remedy')?.spec.template.spec.priorityClassName).toBe('qovery-high-priority')
  })
})
