import { describe, expect, test } from 'vitest'
import type { DisruptionSettings, KarpenterCluster, NodeClaim, NodePool, Pod } from '../src/index.ts'
import {
  countStatic,
  Disruptor,
  disrupt,
  driftReason,
  ProvisioningWorld,
  readInstanceTypes,
  rehashed,
  staticScaleDown,
  staticScaleUp,
} from '../src/index.ts'
import { CORE_LABEL_RULES } from '../src/provisioning/node-claim-template.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const DISRUPTION = { consolidateAfter: '0s', consolidationPolicy: 'WhenEmptyOrUnderutilized' }

const ON_DEMAND = { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] }
const ANY_CAPACITY = { spec: { requirements: [] } }

interface Machine {
  readonly type?: string
  readonly capacityType?: string
  readonly pool?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly conditions?: readonly string[]
  readonly claim?: Partial<NodeClaim['metadata']>
  readonly spec?: NodeClaim['spec']
}

const types = (prices: Readonly<Record<string, number>>, capacityTypes = ['on-demand']) => {
  const { instanceTypes, problems } = readInstanceTypes(
    Object.entries(prices).map(([name, price]) => ({
      name,
      architecture: 'amd64',
      operatingSystems: ['linux'],
      resources: { cpu: `${name.replace(/\D/g, '')}`, memory: '64Gi', pods: '110' },
      overhead: {},
      offerings: capacityTypes.map(capacityType => ({ price, zone: 'a', capacityType })),
    })),
  )
  expect(problems).toEqual([])
  return instanceTypes
}

function machine(name: string, { type = 'c4', capacityType = 'on-demand', pool = 'pool', ...more }: Machine = {}) {
  const labels = {
    'karpenter.sh/nodepool': pool,
    'karpenter.sh/registered': 'true',
    'karpenter.sh/initialized': 'true',
    'karpenter.sh/capacity-type': capacityType,
    'node.kubernetes.io/instance-type': type,
    'topology.kubernetes.io/zone': 'a',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/os': 'linux',
    'kubernetes.io/hostname': name,
    ...more.labels,
  }
  const born = '2026-01-01T11:00:00Z'
  const conditions = (more.conditions ?? ['Launched', 'Registered', 'Initialized', 'Consolidatable']).map(kind => ({
    type: kind,
    status: 'True',
    lastTransitionTime: born,
  }))
  const allocatable = { cpu: type.replace(/\D/g, ''), memory: '64Gi', pods: '110' }
  const providerID = `fake:///${name}`
  return {
    node: {
      metadata: { name, labels, ...(more.annotations && { annotations: more.annotations }) },
      spec: { providerID },
      status: { allocatable, capacity: allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
    },
    nodeClaim: {
      metadata: { name: `${name}-claim`, creationTimestamp: born, labels, ...more.claim },
      spec: { expireAfter: 'Never', ...more.spec },
      status: { providerID, conditions },
    },
  }
}

function pod(name: string, nodeName: string, cpu: string, parts: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: '2026-01-01T10:00:00Z', ...parts },
    spec: { nodeName, containers: [{ name: 'main', resources: { requests: { cpu } } }] },
    status: { phase: 'Running' },
  }
}

const pool = (spec: NodePool['spec'] = {}, name = 'pool'): NodePool => ({
  metadata: { name },
  spec: { disruption: DISRUPTION, template: { spec: { requirements: [ON_DEMAND] } }, ...spec },
})

type Parts = Omit<Partial<KarpenterCluster>, 'instanceTypes' | 'now'> & {
  readonly machines: readonly ReturnType<typeof machine>[]
  readonly offered?: ReturnType<typeof types>
}

function cluster({ machines, offered = types({ c4: 0.4, c2: 0.2 }), ...lists }: Parts): KarpenterCluster {
  const nodePools = lists.nodePools ?? [pool()]
  return {
    ...lists,
    nodePools,
    nodes: machines.map(({ node }) => node),
    nodeClaims: machines.map(({ nodeClaim }) => nodeClaim),
    instanceTypes: new Map(nodePools.map(({ metadata }) => [metadata.name ?? '', offered])),
    now: NOW,
  }
}

const disruptor = (parts: Parts, settings: DisruptionSettings = {}) =>
  new Disruptor(new ProvisioningWorld(cluster(parts), settings), settings)

const commands = (parts: Parts, method: 'empty' | 'drift' | 'multi' | 'single', settings: DisruptionSettings = {}) =>
  disruptor(parts, settings)
    .ask(method)
    .commands.map(({ decision, candidates, replacements }) => ({
      decision,
      nodes: candidates.map(({ node }) => node.name),
      ...(replacements.length > 0 && {
        types: replacements.map(({ instanceTypes }) => instanceTypes.map(({ name }) => name)),
      }),
    }))

const whyNot = (parts: Parts, settings: DisruptionSettings = {}) =>
  disruptor(parts, settings)
    .ask('single')
    .attempts.map(({ text }) => text)

describe('a node is not disrupted', () => {
  const veto = (one: ReturnType<typeof machine>, lists: Omit<Parts, 'machines'> = {}) =>
    disruptor({ ...lists, machines: [one] })
      .ask('single')
      .vetoed.map(({ veto: { text } }) => text)

  test.each([
    [
      'while it is not initialized',
      machine('a', { labels: { 'karpenter.sh/initialized': '' } }),
      "Node isn't initialized",
    ],
    [
      'while its NodeClaim is being deleted',
      machine('a', { claim: { deletionTimestamp: '2026-01-01T11:59:00Z' } }),
      'Node is deleting or marked for deletion',
    ],
    [
      'that asks for it',
      machine('a', { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }),
      'Disruption is blocked through the "karpenter.sh/do-not-disrupt" annotation',
    ],
    ['of a NodePool that is gone', machine('a', { pool: 'gone' }), 'NodePool not found (NodePool=gone)'],
  ])('%s', (_, one, text) => {
    expect(veto(one)).toEqual([text])
  })

  test('whose pods forbid it, by annotation or by budget', () => {
    const annotations = { 'karpenter.sh/do-not-disrupt': 'true' }
    expect(veto(machine('a'), { pods: [pod('web', 'a', '1', { annotations })] })).toEqual([
      'Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=default/web)',
    ])
    const budget = (name: string) => ({
      metadata: { name, namespace: 'default' },
      spec: { selector: {} },
      status: { disruptionsAllowed: 0 },
    })
    const pods = [pod('web', 'a', '1')]
    expect(veto(machine('a'), { pods, podDisruptionBudgets: [budget('x')] })).toEqual([
      'Pdb prevents pod evictions (PodDisruptionBudget=[default/x])',
    ])
    expect(veto(machine('a'), { pods, podDisruptionBudgets: [budget('y'), budget('x')] })).toEqual([
      'Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[default/x default/y])',
    ])
  })

  test('that Karpenter does not manage', () => {
    const { node } = machine('a')
    const world = new ProvisioningWorld({ ...cluster({ machines: [] }), nodes: [node] })
    const [vetoed] = new Disruptor(world, {}).ask('single').vetoed
    expect(vetoed?.veto.text).toBe("Node isn't managed by karpenter")
  })

  test('that is promised to a pending pod', () => {
    const nominations = new Map([['a', NOW + 1]])
    const asked = disruptor({ machines: [machine('a')] }, { nominations }).ask('empty')
    expect(asked.vetoed.map(({ veto: { text } }) => text)).toEqual(['Node is nominated for a pending pod'])
  })
})

describe('emptiness', () => {
  test('deletes all nodes with daemon pods only, as far as budgets go', () => {
    const daemonPod = pod('agent', 'a', '1', {
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', controller: true }],
    })
    const machines = [machine('a'), machine('b'), machine('c')]
    expect(commands({ machines, pods: [daemonPod, pod('web', 'c', '1')] }, 'empty')).toEqual([
      { decision: 'delete', nodes: ['a', 'b'] },
    ])
    const nodePools = [pool({ disruption: { ...DISRUPTION, budgets: [{ nodes: '1', reasons: ['Empty'] }] } })]
    expect(commands({ machines, nodePools }, 'empty')).toEqual([{ decision: 'delete', nodes: ['a'] }])
  })

  test('waits for the condition Consolidatable, and says where consolidation is off', () => {
    expect(commands({ machines: [machine('a', { conditions: ['Initialized'] })] }, 'empty')).toEqual([])
    const nodePools = [pool({ disruption: { ...DISRUPTION, consolidateAfter: 'Never' } })]
    const { passedOver } = disruptor({ machines: [machine('a')], nodePools }).ask('empty')
    expect(passedOver.map(({ text }) => text)).toEqual(['NodePool "pool" has consolidation disabled'])
  })
})

describe('single-node consolidation', () => {
  test('deletes a node whose pods fit elsewhere', () => {
    const pods = [pod('small', 'a', '100m'), pod('large', 'b', '3')]
    expect(commands({ machines: [machine('a'), machine('b')], pods }, 'single')).toEqual([
      { decision: 'delete', nodes: ['a'] },
    ])
  })

  test('replaces a node by types that are sure to cost less', () => {
    expect(commands({ machines: [machine('a')], pods: [pod('web', 'a', '1')] }, 'single')).toEqual([
      { decision: 'replace', nodes: ['a'], types: [['c2']] },
    ])
  })

  test('says why it leaves a node alone', () => {
    const pods = [pod('web', 'a', '3')]
    expect(whyNot({ machines: [machine('a')], pods })).toEqual(["Can't replace with a cheaper node"])
    const offered = types({ c4: 0.4, c2: 0.2 }, ['spot'])
    const machines = [machine('a', { capacityType: 'spot' })]
    const spot = {
      machines,
      pods: [pod('web', 'a', '1')],
      offered,
      nodePools: [pool({ template: ANY_CAPACITY, disruption: DISRUPTION })],
    }
    expect(whyNot(spot)).toEqual(["SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node"])
    expect(whyNot(spot, { spotToSpot: true })).toEqual([
      'SpotToSpotConsolidation requires 15 cheaper instance type options than the current candidate to consolidate, got 1',
    ])
  })

  test('asks for spot alone where a cheaper replacement may be either', () => {
    const nodePools = [pool({ template: ANY_CAPACITY, disruption: DISRUPTION })]
    const offered = types({ c4: 0.4, c2: 0.2 }, ['on-demand', 'spot'])
    const { commands: found } = disruptor({
      machines: [machine('a')],
      nodePools,
      offered,
      pods: [pod('web', 'a', '1')],
    }).ask('single')
    const capacityType = found[0]?.replacements[0]?.requirements.get('karpenter.sh/capacity-type')
    expect(capacityType?.values).toEqual(['spot'])
  })

  test('names the pods that would have no place', () => {
    const stuck = pod('web', 'a', '1')
    const pods = [{ ...stuck, spec: { ...stuck.spec, nodeSelector: { 'kubernetes.io/hostname': 'a' } } }]
    const [text] = whyNot({ machines: [machine('a')], pods })
    expect(text).toMatch(/^Not all pods would schedule, default\/web => /)
  })

  test('does not move pods to nodes that wait for consolidateAfter, until 1.13 it does', () => {
    const waiting = pool({ disruption: { ...DISRUPTION, consolidateAfter: '2h' } }, 'waiting')
    const parts = {
      machines: [machine('a'), machine('b', { pool: 'waiting', conditions: ['Initialized'] })],
      nodePools: [pool(), waiting],
      pods: [pod('small', 'a', '100m'), pod('large', 'b', '3')],
      offered: types({ c4: 0.4 }),
    }
    expect(commands(parts, 'single')).toEqual([])
    expect(commands(parts, 'single', { version: '1.13' })).toEqual([{ decision: 'delete', nodes: ['a'] }])
  })
})

describe('multi-node consolidation', () => {
  test('replaces several nodes by one', () => {
    const machines = ['a', 'b', 'c'].map(name => machine(name))
    const pods = machines.map(({ node }, index) => pod(`web-${index}`, node.metadata.name, '3'))
    const offered = types({ c4: 0.4, c16: 0.7 })
    expect(commands({ machines, pods, offered }, 'multi')).toEqual([
      { decision: 'replace', nodes: ['a', 'b', 'c'], types: [['c16']] },
    ])
  })

  test('gives up where the first half is not worth it, though all together would be', () => {
    const machines = ['a', 'b', 'c'].map(name => machine(name))
    const pods = machines.map(({ node }, index) => pod(`web-${index}`, node.metadata.name, '3'))
    expect(commands({ machines, pods, offered: types({ c4: 0.4, c16: 0.9 }) }, 'multi')).toEqual([])
  })

  test('does not replace nodes by one of a type that could simply stay', () => {
    const machines = [machine('a'), machine('b', { type: 'c8' })]
    const pods = [pod('x', 'a', '3'), pod('y', 'b', '3'), pod('z', 'b', '1')]
    // One c8 holds all three pods for less than both nodes cost, but that is the c8 that is there.
    expect(commands({ machines, pods, offered: types({ c4: 0.4, c8: 0.8 }) }, 'multi')).toEqual([])
    expect(commands({ machines, pods, offered: types({ c4: 0.4, c8: 0.8, c9: 0.7 }) }, 'multi')).toEqual([
      { decision: 'replace', nodes: ['b', 'a'], types: [['c9']] },
    ])
  })
})

describe('drift', () => {
  const drifted = ['Launched', 'Registered', 'Initialized', 'Drifted']

  test('replaces a node whatever the replacement costs', () => {
    const machines = [machine('a', { conditions: drifted })]
    expect(commands({ machines, pods: [pod('web', 'a', '3')] }, 'drift')).toEqual([
      { decision: 'replace', nodes: ['a'], types: [['c4']] },
    ])
  })

  test('passes over budgets of pods where a terminationGracePeriod ends the wait', () => {
    const annotations = { 'karpenter.sh/do-not-disrupt': 'true' }
    const pods = [pod('web', 'a', '1', { annotations })]
    const parts = (spec: NodeClaim['spec']) => ({ machines: [machine('a', { conditions: drifted, spec })], pods })
    expect(disruptor(parts({})).ask('drift').candidates).toEqual([])
    expect(disruptor(parts({ terminationGracePeriod: '1h' })).ask('drift').candidates).toHaveLength(1)
  })

  test('comes with a change of the template, of requirements, or when the type is offered no more', () => {
    const before = rehashed(pool())
    const { nodeClaim } = machine('a', { claim: { annotations: before.metadata.annotations ?? {} } })
    const why = (changed: NodePool, offered = types({ c4: 0.4 }), now = NOW + 1) =>
      driftReason(changed, nodeClaim, { instanceTypes: offered, rules: CORE_LABEL_RULES, now })
    expect(why(before)).toBeUndefined()
    const tainted = { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }
    expect(why(rehashed({ ...before, spec: { ...before.spec, template: tainted } }))).toBe('NodePoolDrifted')
    const arm = {
      spec: { requirements: [ON_DEMAND, { key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }] },
    }
    expect(why(rehashed({ ...before, spec: { ...before.spec, template: arm } }))).toBe('RequirementsDrifted')
    expect(why(before, types({ c2: 0.2 }))).toBe('InstanceTypeNotFound')
    expect(why(before, types({ c2: 0.2 }), NOW)).toBeUndefined()
  })
})

describe('a node that lacks a daemon', () => {
  const daemonSet = (cpu: string) => ({
    metadata: { name: 'agent', namespace: 'kube-system', uid: 'agent' },
    spec: {
      template: { spec: { containers: [{ name: 'main', resources: { requests: { cpu } } }] } },
    },
  })
  const parts = (cpu: string) => ({
    machines: [machine('a'), machine('b')],
    pods: [pod('small', 'a', '50m'), pod('large', 'b', '3920m')],
    daemonSets: [daemonSet(cpu)],
    offered: types({ c4: 0.4 }),
  })

  test('for which there is no room is frozen: not even a pod of no size goes there', () => {
    expect(disruptor(parts('100m')).frozen()).toMatchObject([
      {
        name: 'b',
        missing: ['kube-system/agent'],
        text: 'frozen by missing daemons: cpu -20m remaining, kube-system/agent missing',
      },
    ])
    expect(disruptor(parts('80m')).frozen()).toEqual([])
  })

  test('is no place to consolidate to while it is frozen', () => {
    const nothing = { ...parts('100m'), pods: [pod('none', 'a', '0'), pod('large', 'b', '3920m')] }
    const fits = { ...parts('80m'), pods: nothing.pods }
    expect(commands(nothing, 'single')).toEqual([])
    expect(commands(fits, 'single')).toEqual([{ decision: 'delete', nodes: ['a'] }])
  })
})

describe('a static NodePool', () => {
  const machines = ['a', 'b', 'c'].map(name =>
    machine(name, { conditions: ['Initialized', 'Consolidatable', 'Drifted'] }),
  )
  const nodeClaims = machines.map(({ nodeClaim }) => nodeClaim)
  const counted = (replicas: number, limit?: string) => {
    const one = pool({ replicas, ...(limit !== undefined && { limits: { nodes: limit } }) })
    const world = new ProvisioningWorld(cluster({ machines, nodePools: [one] }))
    return { one, world, count: countStatic(one, nodeClaims, world.nodes) }
  }

  test('is filled up to replicas within its limit of nodes', () => {
    const { one, count } = counted(5)
    expect(staticScaleUp(one, count)).toBe(2)
    expect(staticScaleUp(counted(5, '4').one, count)).toBe(1)
  })

  test('loses nodes with daemons only first, then those whose pods cost least', () => {
    const { one, world } = counted(1)
    const pods = [pod('x', 'a', '1'), pod('y', 'a', '1'), pod('z', 'b', '1')]
    const podsOf = ({ name }: { readonly name: string }) => pods.filter(({ spec }) => spec.nodeName === name)
    expect(staticScaleDown(one, nodeClaims, world.nodes, podsOf, NOW).map(({ metadata }) => metadata.name)).toEqual([
      'c-claim',
      'b-claim',
    ])
  })

  test('is touched by static drift only, one for one', () => {
    const { one } = counted(3, '5')
    const parts = { machines, nodePools: [one] }
    expect(commands(parts, 'empty')).toEqual([])
    expect(disruptor(parts).staticDrift()).toEqual([])
    const found = disrupt(cluster(parts), { staticCapacity: true })
    expect(found.next).toMatchObject({ kind: 'static-drift' })
    expect(disruptor(parts, { staticCapacity: true }).staticDrift()).toHaveLength(2)
  })
})

describe('bad input', () => {
  test('is answered, never a crash', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Near' }] }
    const podDisruptionBudgets = [{ metadata: { name: 'x', namespace: 'default' }, spec: { selector } }]
    expect(commands({ machines: [machine('a')], podDisruptionBudgets }, 'empty')).toEqual([])
    expect(commands({ machines: [machine('a')], offered: [] }, 'empty')).toEqual([])
    const unknown = { machines: [machine('a', { type: 'x9' })], pods: [pod('web', 'a', '1')] }
    expect(
      disruptor(unknown)
        .ask('single')
        .passedOver.map(({ text }) => text),
    ).toEqual(['Instance Type "x9" not found'])
    const budgets = [{ nodes: '10%', schedule: 'whenever', duration: 'a while' }]
    const nodePools = [pool({ disruption: { ...DISRUPTION, budgets } })]
    expect(disruptor({ machines: [machine('a')], nodePools }).ask('empty').budgets).toEqual(new Map([['pool', 0]]))
  })

  test('without any NodePool that can make nodes says so', () => {
    const nodePools = [{ ...pool(), status: { conditions: [{ type: 'Ready', status: 'False' }] } }]
    expect(whyNot({ machines: [machine('a')], nodePools, pods: [pod('web', 'a', '1')] })).toEqual([
      'Not all pods would schedule, default/web => no nodepools found ',
    ])
  })
})
