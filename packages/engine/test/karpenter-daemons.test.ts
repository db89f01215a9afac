import { describe, expect, test } from 'vitest'
import {
  CORE_LABEL_RULES,
  type Daemon,
  type DaemonSemantics,
  type DaemonSet,
  daemonOverhead,
  daemonsOf,
  existingNodes,
  formatQuantity,
  KARPENTER_DIFFERENCES,
  type KarpenterVersion,
  type Node,
  type NodeClaim,
  type NodePool,
  nodeClaimTemplate,
  type Pod,
  type Quantities,
  readInstanceTypes,
  stateNodes,
} from '../src/index.ts'

const amounts = (list: Quantities | undefined) =>
  list && Object.fromEntries([...list].map(([name, quantity]) => [name, formatQuantity(quantity)]))
const requiring = (...terms: readonly object[]) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
})
const size = (...values: readonly string[]) => ({ matchExpressions: [{ key: 'size', operator: 'In', values }] })

function daemonSet(name: string, spec: object = {}, cpu = '100m'): DaemonSet {
  const containers = [{ name: 'main', resources: { requests: { cpu } } }]
  return { metadata: { name, namespace: 'ns', uid: name }, spec: { template: { spec: { containers, ...spec } } } }
}

function daemonPod(owner: string, created: string, spec: object = {}): Pod {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: owner, uid: owner, controller: true }]
  return {
    metadata: { name: `${owner}-${created}`, namespace: 'ns', creationTimestamp: created, ownerReferences },
    spec: { containers: [{ name: 'main', resources: { requests: { cpu: '300m' } } }], ...spec },
  }
}

function types(...sizes: readonly string[]) {
  const { instanceTypes, problems } = readInstanceTypes(
    sizes.map(value => ({
      name: value,
      architecture: 'amd64',
      operatingSystems: ['linux'],
      resources: { cpu: '4', memory: '8Gi' },
      requirements: [{ key: 'size', operator: 'In', values: [value] }],
      offerings: [{ price: 1, zone: 'a', capacityType: 'spot' }],
    })),
  )
  expect(problems).toEqual([])
  return instanceTypes
}

const pool = (name: string, spec: object = {}): NodePool => ({ metadata: { name }, spec: { template: { spec } } })

interface Question {
  readonly daemonSets: readonly DaemonSet[]
  readonly pods?: readonly Pod[]
  readonly pools?: readonly NodePool[]
  readonly sizes?: readonly string[]
  readonly version?: KarpenterVersion
  readonly semantics?: DaemonSemantics
  readonly ignoreDRARequests?: boolean
}

function ask(question: Question) {
  const { daemonSets, pods = [], pools = [pool('pool')], sizes = ['small', 'large'] } = question
  const { version = '1.14', semantics = 'faithful', ignoreDRARequests = true } = question
  const differences = KARPENTER_DIFFERENCES[version]
  const rules = { ...CORE_LABEL_RULES, wellKnown: new Set([...CORE_LABEL_RULES.wellKnown, 'size']) }
  const offered = types(...sizes)
  const templates = pools.flatMap(
    one => nodeClaimTemplate(one, offered, { differences, rules, minValuesPolicy: 'Strict' }) ?? [],
  )
  const daemons = daemonsOf(daemonSets, pods, { differences, aliases: rules.aliases, ignoreDRARequests })
  return daemonOverhead(templates, daemons, { differences, wellKnown: rules.wellKnown, semantics })
}

/** By NodePool and instance type, what daemons are charged and what they ask for. */
function charged(question: Question) {
  const { groups } = ask(question)
  return Object.fromEntries(
    [...groups].map(([{ nodePoolName }, list]) => [
      nodePoolName,
      Object.fromEntries(
        list.flatMap(({ instanceTypes, daemons, daemonOverhead: sum }) =>
          instanceTypes.map(({ name }) => [name, [daemons.map(one => one.daemonSet), amounts(sum)]]),
        ),
      ),
    ]),
  )
}

describe('the pod that sizes a DaemonSet', () => {
  const requestOf = (question: Question) => amounts(ask(question).daemons[0]?.requests)

  test('is made of the template with limits as requests while there is no real one', () => {
    const limited = daemonSet('d', {
      containers: [{ name: 'main', resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '200m' } } }],
      initContainers: [{ name: 'init', resources: { limits: { memory: '2Gi' } } }],
    })
    expect(requestOf({ daemonSets: [limited] })).toEqual({ cpu: '200m', memory: '2Gi', pods: '1' })
  })

  test('is the newest real one, also if it is over', () => {
    const over = { ...daemonPod('d', '2026-01-02T00:00:00Z'), status: { phase: 'Succeeded' } }
    const older = daemonPod('d', '2026-01-01T00:00:00Z', { containers: [] })
    expect(requestOf({ daemonSets: [daemonSet('d')], pods: [older, over, older] })).toEqual({ cpu: '300m', pods: '1' })
  })

  test('is not one of another namespace, of another owner, or of an owner that does not control it', () => {
    const made = daemonPod('d', '2026-01-01T00:00:00Z')
    const owners = made.metadata.ownerReferences!
    const others = [
      { ...made, metadata: { ...made.metadata, namespace: 'other' } },
      { ...made, metadata: { ...made.metadata, ownerReferences: owners.map(one => ({ ...one, uid: 'e' })) } },
      { ...made, metadata: { ...made.metadata, ownerReferences: owners.map(one => ({ ...one, controller: false })) } },
    ]
    expect(requestOf({ daemonSets: [daemonSet('d')], pods: others })).toEqual({ cpu: '100m', pods: '1' })
  })

  test('has the affinity of the template in place of the pin to its node, and is pinned nowhere without', () => {
    const pinned = requiring({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] })
    const pods = [daemonPod('d', '2026-01-01T00:00:00Z', { affinity: pinned })]
    const large = daemonSet('d', { affinity: requiring(size('large')) })
    expect(charged({ daemonSets: [large], pods })).toEqual({
      pool: { small: [[], undefined], large: [['ns/d'], { cpu: '300m', pods: '1' }] },
    })
    expect(charged({ daemonSets: [daemonSet('d')], pods, sizes: ['small'] })).toEqual({
      pool: { small: [['ns/d'], { cpu: '300m', pods: '1' }] },
    })
  })

  test('is left out altogether if it uses dynamic resources, until 1.13 only if a container does', () => {
    const claims = daemonSet('d', { resourceClaims: [{ name: 'gpu' }] })
    const names = (question: Omit<Question, 'daemonSets'>) =>
      ask({ daemonSets: [claims], ...question }).daemons.map(one => one.daemonSet)
    expect(names({})).toEqual([])
    expect(names({ ignoreDRARequests: false })).toEqual(['ns/d'])
    expect(names({ version: '1.13' })).toEqual(['ns/d'])
  })
})

describe('daemon overhead of new nodes', () => {
  const either = daemonSet('d', { affinity: requiring(size('large'), size('small')) })
  const daemon = [['ns/d'], { cpu: '100m', pods: '1' }]
  const nobody = [[], undefined]

  test('loses a term for all types after the first that does not meet it', () => {
    expect(charged({ daemonSets: [either] })).toEqual({ pool: { small: daemon, large: nobody } })
    expect(charged({ daemonSets: [either], sizes: ['large', 'small'] })).toEqual({
      pool: { large: daemon, small: daemon },
    })
    expect(charged({ daemonSets: [either], semantics: 'intended' })).toEqual({ pool: { small: daemon, large: daemon } })
  })

  test('loses it for NodePools of less weight too', () => {
    const only = (value: string) => ({ requirements: [{ key: 'size', operator: 'In', values: [value] }] })
    const pools = [pool('first', only('small')), pool('second', only('large'))]
    expect(charged({ daemonSets: [either], pools })).toEqual({ first: { small: daemon }, second: { large: nobody } })
    expect(charged({ daemonSets: [either], pools, semantics: 'intended' })).toEqual({
      first: { small: daemon },
      second: { large: daemon },
    })
  })

  test('is one sum a NodePool until 1.13', () => {
    const large = daemonSet('d', { affinity: requiring(size('large')) })
    expect(charged({ daemonSets: [large] })).toEqual({ pool: { small: nobody, large: daemon } })
    expect(charged({ daemonSets: [large], version: '1.13' })).toEqual({ pool: { small: daemon, large: daemon } })
    expect(charged({ daemonSets: [], version: '1.13' })).toMatchObject({ pool: { small: [[], { pods: '0' }] } })
  })

  test('asks for taints that stay, not for those of the start nor for preferences', () => {
    const taint = (effect: string) => ({ key: 'team', effect })
    const pools = [
      pool('startup', { startupTaints: [taint('NoSchedule')] }),
      pool('preferred', { taints: [taint('PreferNoSchedule')] }),
      pool('tainted', { taints: [taint('NoSchedule')] }),
    ]
    expect(charged({ daemonSets: [daemonSet('d')], pools, sizes: ['small'] })).toEqual({
      startup: { small: daemon },
      preferred: { small: daemon },
      tainted: { small: nobody },
    })
  })

  test('counts a daemon that waits for the node to be initialized since 1.14', () => {
    const late = daemonSet('d', { nodeSelector: { 'karpenter.sh/initialized': 'true' } })
    expect(charged({ daemonSets: [late], sizes: ['small'] })).toEqual({ pool: { small: daemon } })
    expect(charged({ daemonSets: [late], sizes: ['small'], version: '1.13' })).toMatchObject({
      pool: { small: [[], { pods: '0' }] },
    })
  })

  test('takes the host ports of each daemon, until 1.13 of the last that has no real pod', () => {
    const port = (hostPort: number) => ({ containers: [{ name: 'main', ports: [{ hostPort, protocol: 'TCP' }] }] })
    const daemonSets = [daemonSet('a', port(80)), daemonSet('b', port(81))]
    const holders = (version: KarpenterVersion) =>
      [...ask({ daemonSets, version }).groups.values()].map(([group]) => group?.portHolders.map(one => one.daemonSet))
    expect(holders('1.14')).toEqual([['ns/a', 'ns/b']])
    expect(holders('1.13')).toEqual([['ns/b']])
  })
})

describe('an existing node', () => {
  const differences = KARPENTER_DIFFERENCES['1.14']
  const claimOf = (spec: object = {}, labels: Record<string, string> = {}): NodeClaim => ({
    metadata: { name: 'claim', labels: { 'karpenter.sh/nodepool': 'pool', ...labels } },
    spec,
    status: { providerID: 'id', allocatable: { cpu: '2', pods: '10' } },
  })
  const nodeOf = (labels: Record<string, string>, taints: readonly object[] = [], cpu = '4'): Node => ({
    metadata: { name: 'node', labels: { 'node.kubernetes.io/instance-type': 'small', ...labels } },
    spec: { providerID: 'id', taints: taints as NonNullable<NonNullable<Node['spec']>['taints']> },
    status: { allocatable: { cpu, pods: '0' } },
  })
  const ready = { 'karpenter.sh/registered': 'true', 'karpenter.sh/initialized': 'true' }
  const view = (node: Node | undefined, nodeClaim: NodeClaim | undefined, pods: readonly Pod[] = []) =>
    stateNodes({ nodes: node ? [node] : [], nodeClaims: nodeClaim ? [nodeClaim] : [], pods }, differences)
  const existing = (daemons: readonly Daemon[], states: ReturnType<typeof view>, semantics: DaemonSemantics) =>
    existingNodes(states, daemons, { aliases: CORE_LABEL_RULES.aliases, semantics })

  test('is told by its NodeClaim until it is registered, and lacks what a node has then', () => {
    expect(view(nodeOf({}), claimOf())).toMatchObject([{ name: 'claim', hostname: 'claim', registered: false }])
    expect(view(nodeOf({ ...ready, 'kubernetes.io/hostname': 'host' }), claimOf())).toMatchObject([
      { name: 'node', hostname: 'host', registered: true, initialized: true },
    ])
    expect(view(nodeOf({}), undefined)).toMatchObject([{ managed: false, registered: true, initialized: true }])
  })

  test('has what its NodeClaim says where it reports nothing yet', () => {
    const [state] = view(nodeOf({}), claimOf())
    expect(amounts(state?.allocatable)).toEqual({ cpu: '4', pods: '10' })
    expect(amounts(view(nodeOf(ready), claimOf())[0]?.allocatable)).toEqual({ cpu: '4', pods: '0' })
  })

  test('loses the taints of its start until it is initialized, and no other', () => {
    const taints = [
      { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
      { key: 'readiness.k8s.io/network', effect: 'NoSchedule' },
      { key: 'boot', effect: 'NoSchedule', value: 'x' },
      { key: 'boot', effect: 'NoExecute' },
    ]
    const claim = claimOf({ startupTaints: [{ key: 'boot', effect: 'NoSchedule' }] })
    const registered = { 'karpenter.sh/registered': 'true' }
    expect(view(nodeOf(registered, taints), claim)[0]?.taints).toEqual([{ key: 'boot', effect: 'NoExecute' }])
    expect(view(nodeOf(ready, taints), claim)[0]?.taints).toEqual(taints)
  })

  test('is not there until Karpenter knows what it is', () => {
    const ofPool = { metadata: { name: 'node', labels: { 'karpenter.sh/nodepool': 'pool' } } }
    expect(view(ofPool, undefined)).toEqual([])
    expect(view({ ...ofPool, spec: { providerID: 'id' } }, undefined)).toEqual([])
    expect(view(undefined, { metadata: { name: 'claim' } })).toEqual([])
  })

  test('keeps room for what is missing together, so that a daemon too large hides another', () => {
    const { daemons } = ask({ daemonSets: [daemonSet('a', {}, '500m'), daemonSet('b', {}, '500m')], pools: [] })
    const there = (cpu: string) => {
      const pod = daemonPod('a', '2026-01-01T00:00:00Z', {
        nodeName: 'node',
        containers: [{ name: 'main', resources: { requests: { cpu } } }],
      })
      const [node] = existing(daemons, view(nodeOf(ready), claimOf(), [pod]), 'faithful')
      return amounts(node?.remaining)?.['cpu']
    }
    expect(there('500m')).toBe('3')
    expect(there('900m')).toBe('3')
    expect(there('1500m')).toBe('2500m')
  })

  test('is asked for the first term that is left of a daemon, as intended for any', () => {
    const either = daemonSet('d', { affinity: requiring(size('large'), size('small')) })
    const states = view(nodeOf({ ...ready, size: 'small' }), claimOf())
    const names = (question: Question) =>
      existing(ask(question).daemons, states, question.semantics ?? 'faithful')[0]?.daemons.map(one => one.daemonSet)
    expect(names({ daemonSets: [either] })).toEqual(['ns/d'])
    expect(names({ daemonSets: [either], pools: [] })).toEqual([])
    expect(names({ daemonSets: [either], pools: [], semantics: 'intended' })).toEqual(['ns/d'])
  })
})

describe('a file of instance types', () => {
  test('may spell its keys as it likes, and counts every offering for the labels', () => {
    const { instanceTypes, problems } = readInstanceTypes([
      {
        NAME: 't',
        Architecture: 'arm64',
        OperatingSystems: ['linux'],
        Resources: { cpu: '2', memory: '1Gi', 'hugepages-2Mi': '2Gi' },
        Offerings: [
          { Price: 2, Requirements: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['b'] }] },
          { Price: 1, Available: false, Zone: 'a', CapacityType: 'spot' },
        ],
      },
    ])
    expect(problems).toEqual([])
    const [type] = instanceTypes
    expect(type?.requirements.get('topology.kubernetes.io/zone').values).toEqual(['a', 'b'])
    expect(type?.offerings).toMatchObject([
      { zone: 'b', capacityType: '', price: 2, available: true, reservationCapacity: 0 },
      { zone: 'a', capacityType: 'spot', price: 1, available: false },
    ])
    expect(amounts(type?.allocatable)).toEqual({ cpu: '1900m', memory: '0', 'hugepages-2Mi': '2Gi', pods: '110' })
  })

  test('is read as far as it can be, and what is wrong in it is named', () => {
    const { instanceTypes, problems } = readInstanceTypes([
      'no object',
      { name: '' },
      { name: 't', resources: { cpu: 'two', memory: {} }, offerings: [{ price: 'dear' }, 7], requirements: 'none' },
    ])
    expect(instanceTypes.map(({ name }) => name)).toEqual(['t'])
    expect(problems.map(({ place }) => place)).toEqual([
      '[0]',
      '[1].name',
      '[2].offerings[0].price',
      '[2].offerings[1]',
      '[2].requirements',
      '[2].resources.cpu',
      '[2].resources.memory',
    ])
    expect(problems[5]?.text).toContain('"two" is no quantity such as "4" or "16Gi"')
    expect(readInstanceTypes({}).problems).toMatchObject([{ place: '', text: '{} where a list belongs' }])
  })
})
