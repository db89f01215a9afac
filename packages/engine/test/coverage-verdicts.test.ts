import { describe, expect, test } from 'vitest'
import { cover, type DaemonSet, type Node, type Pod } from '../src/index.ts'
import { daemonSet, dumpOf, node, podOf, TAKEN_AT, verdictsOf, webPod } from './coverage-builders.ts'

const agent = daemonSet('agent')
const YOUNG = '2026-11-22T17:59:40Z'
const STABLE = { key: 'nodepool/stable', effect: 'NoSchedule' }

/** The same pod for another node. */
function onB(pod: Pod): Pod {
  const text = JSON.stringify(pod).replaceAll('"a"', '"b"').replaceAll('-a"', '-b"')
  return JSON.parse(text) as Pod
}

function one(nodes: readonly Node[], pods: readonly Pod[], daemonSets: readonly DaemonSet[] = [agent]) {
  return dumpOf({ nodes, pods, daemonSets })
}

describe('a verdict', () => {
  test('landed, with what a container waits for where it is not ready', () => {
    const waiting: Pod = {
      ...podOf(agent, 'b', 'not ready'),
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    }
    expect(verdictsOf(one([node('a'), node('b')], [podOf(agent, 'a', 'ready'), waiting]))).toEqual({
      a: { kind: 'landed', ready: true },
      b: { kind: 'landed', ready: false, notReadyReason: 'ImagePullBackOff' },
    })
  })

  test('fits, with and without a Pending pod', () => {
    expect(verdictsOf(one([node('a'), node('b')], [podOf(agent, 'a', 'pending')]))).toEqual({
      a: { kind: 'fits' },
      b: { kind: 'fits' },
    })
  })

  test('blocked, with what is short and who holds it', () => {
    const dump = one([node('a')], [podOf(agent, 'a', 'pending'), webPod('a', '1900m')])
    const [group] = cover(dump).daemonSets[0]!.groups
    expect(group).toMatchObject({
      verdict: {
        kind: 'blocked',
        reasons: ['Insufficient cpu'],
        amounts: [{ resource: 'cpu', asked: '200m', free: '30m', allocatable: '1930m', missing: '170m' }],
        whyNoPreemption: 'no pod on these nodes has a priority below 0',
      },
      heldBy: [{ owner: 'Deployment/web', priority: 0, pods: 1, requested: { cpu: '1900m' } }],
      waitingHelps: false,
    })
    expect(group?.message).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    )
  })

  test('blocked at equal priority, and under a class that never preempts', () => {
    const spec = { priority: 1000, priorityClassName: 'standard' }
    const equal = one([node('a')], [podOf(agent, 'a', 'pending', spec), webPod('a', '1900m', { priority: 1000 })])
    expect(verdictsOf(equal)['a']).toMatchObject({
      whyNoPreemption: expect.stringContaining('standard is 1000, and so are the pods it would have to evict'),
    })
    const never = one(
      [node('a')],
      [podOf(agent, 'a', 'pending', { ...spec, preemptionPolicy: 'Never' }), webPod('a', '1900m')],
    )
    expect(verdictsOf(never)['a']).toMatchObject({
      whyNoPreemption: expect.stringContaining('preemptionPolicy Never of standard'),
    })
  })

  test('blocked at equal priority although a daemon below would go, with what that would free', () => {
    const low = daemonSet('low')
    const small = podOf(low, 'a', 'ready', { containers: [{ name: 'main', resources: { requests: { cpu: '100m' } } }] })
    const pods = (web: string): readonly Pod[] => [
      podOf(agent, 'a', 'pending', { priority: 1000 }),
      small,
      webPod('a', web, { priority: 1000 }),
    ]
    const [group] = cover(one([node('a')], pods('1800m'), [agent, low])).daemonSets[0]!.groups
    expect(group).toMatchObject({
      verdict: {
        kind: 'blocked',
        whyNoPreemption: expect.stringMatching(
          /^without every pod below 1000 only 130m cpu would be free, 200m is asked; .* a new one gets 0$/,
        ),
      },
      heldBy: [
        { owner: 'Deployment/web', priority: 1000 },
        { owner: 'DaemonSets', priority: 0 },
      ],
    })
    const two = one([node('a'), node('b')], [...pods('1800m'), ...pods('1790m').map(onB)], [agent, low])
    expect(cover(two).daemonSets[0]!.groups).toHaveLength(1)
  })

  test('blocked for ever where the request is above the node', () => {
    expect(verdictsOf(one([node('a', { cpu: '100m' })], []))['a']).toMatchObject({
      kind: 'blocked',
      whyNoPreemption: 'the node has 100m cpu in all, 200m is asked',
    })
  })

  test('preempts, naming victims with grace, budget and whether they are daemons', () => {
    const low = daemonSet('low')
    const dump = dumpOf({
      nodes: [node('a')],
      daemonSets: [agent, low],
      pods: [
        podOf(agent, 'a', 'pending', { priority: 1000 }),
        podOf(low, 'a', 'ready'),
        webPod('a', '1700m', { priority: 2000 }),
      ],
    })
    expect(verdictsOf(dump)['a']).toMatchObject({
      kind: 'preempts',
      victims: [{ owner: 'DaemonSet/low', daemon: true, priority: 0, graceSeconds: 30, pdbViolated: false }],
      graceSeconds: 30,
    })
    const budget = {
      metadata: { name: 'web', namespace: 'apps' },
      spec: { selector: { matchLabels: { app: 'web' } } },
      status: { disruptionsAllowed: 0 },
    }
    const guarded = dumpOf({
      nodes: [node('a')],
      daemonSets: [agent],
      podDisruptionBudgets: [budget],
      pods: [
        podOf(agent, 'a', 'pending', { priority: 1000 }),
        webPod('a', '1900m', { terminationGracePeriodSeconds: 600 }),
      ],
    })
    expect(verdictsOf(guarded)['a']).toMatchObject({
      pdbViolations: 1,
      graceSeconds: 600,
      victims: [{ owner: 'Deployment/web', pdbViolated: true }],
    })
  })

  test('preempts on several nodes, with the victims of all of them', () => {
    const pods = [
      podOf(agent, 'a', 'pending', { priority: 1000 }),
      podOf(agent, 'b', 'pending', { priority: 1000 }),
      webPod('a', '1900m'),
      webPod('b', '1900m', { terminationGracePeriodSeconds: 90 }, 'api'),
    ]
    const { podDisruptionBudgets: _, ...unknownBudgets } = one([node('a'), node('b')], pods)
    const [group] = cover(unknownBudgets).daemonSets[0]!.groups
    expect(group).toMatchObject({
      nodes: ['a', 'b'],
      verdict: { kind: 'preempts', victims: [{ owner: 'Deployment/web' }], graceSeconds: 90 },
      evictions: [
        { owner: 'Deployment/api', priority: 0, pods: 1, daemon: false },
        { owner: 'Deployment/web', priority: 0, pods: 1, daemon: false },
      ],
    })
    expect(group?.verdict).not.toHaveProperty('pdbViolations')
    expect(cover(one([node('a'), node('b')], pods)).daemonSets[0]!.groups[0]?.verdict).toHaveProperty(
      'pdbViolations',
      0,
    )
  })

  test('landed on a node that joins: it gets ready with the node, and both are one cause', () => {
    const other = daemonSet('other', { tolerations: [{ operator: 'Exists' }] })
    const young = node('y', {
      created: YOUNG,
      ready: false,
      taints: [{ key: 'karpenter.sh/unregistered', effect: 'NoExecute' }],
    })
    const covered = cover(one([young], [podOf(other, 'y', 'not ready')], [agent, other]))
    expect(covered.daemonSets[1]!.groups[0]).toMatchObject({
      verdict: { kind: 'landed', ready: false, notReadyReason: 'the node is joining' },
      waitingHelps: true,
    })
    expect(covered.causes).toMatchObject([
      { kind: 'joining', text: '1 node of default is joining (usually 1 min)', daemonSets: [{}, {}] },
    ])
  })

  test('waits for victims that are ending', () => {
    const ending: Pod = {
      ...webPod('a', '1900m'),
      metadata: { ...webPod('a', '1900m').metadata, deletionTimestamp: TAKEN_AT },
    }
    expect(verdictsOf(one([node('a')], [podOf(agent, 'a', 'pending'), ending]))['a']).toMatchObject({
      kind: 'waits',
      for: 'victims',
      graceSeconds: 30,
    })
  })

  test('waits for its own old pod', () => {
    const old = podOf(agent, 'a', 'ready')
    const terminating = { ...old, metadata: { ...old.metadata, deletionTimestamp: TAKEN_AT } }
    expect(verdictsOf(one([node('a')], [terminating]))['a']).toMatchObject({ kind: 'waits', for: 'old pod' })
    const evicted = { ...old, status: { phase: 'Failed', reason: 'Evicted' } }
    expect(verdictsOf(one([node('a')], [evicted]))['a']).toMatchObject({
      kind: 'waits',
      for: 'old pod',
      detail: expect.stringContaining('Evicted'),
    })
  })

  test('waits for a leaving node, which should does not count', () => {
    const dump = one(
      [
        node('a', { deleted: TAKEN_AT }),
        node('b', { taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }] }),
      ],
      [podOf(agent, 'a', 'pending')],
    )
    const [covered] = cover(dump).daemonSets
    expect(covered).toMatchObject({ should: 0, landed: 0 })
    expect(
      covered?.groups.map(({ verdict, waitingHelps }) => [verdict.kind === 'waits' && verdict.for, waitingHelps]),
    ).toEqual([
      ['node leaving', true],
      ['node leaving', true],
    ])
  })

  test('waits for a joining node, but an old NotReady node is not joining', () => {
    const birth = [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]
    const verdicts = verdictsOf(
      one(
        [node('old', { taints: birth, ready: false }), node('young', { taints: birth, ready: false, created: YOUNG })],
        [],
      ),
    )
    expect(verdicts['young']).toMatchObject({
      kind: 'waits',
      for: 'node joining',
      detail: expect.stringContaining('20 s ago'),
    })
    expect(verdicts['old']).toMatchObject({ kind: 'skipped', by: 'untolerated taint', intent: 'irrelevant' })
  })

  test('waits for a startup taint; an old one is trouble that waiting does not end', () => {
    const startupTaints = [{ key: 'example.com/agent', effect: 'NoSchedule' }]
    const nodePools = [{ metadata: { name: 'default' }, spec: { template: { spec: { startupTaints } } } }]
    const dump = {
      ...one([node('old', { taints: startupTaints }), node('young', { taints: startupTaints, created: YOUNG })], []),
      nodePools,
    }
    const [covered] = cover(dump).daemonSets
    expect(covered?.should).toBe(1)
    expect(
      covered?.groups.map(({ nodes, waitingHelps, verdict }) => [
        nodes[0],
        waitingHelps,
        verdict.kind === 'waits' && verdict.for,
      ]),
    ).toEqual([
      ['old', false, 'startup taint'],
      ['young', true, 'startup taint'],
    ])
  })

  test('refused, by admission and by what events tell', () => {
    const unknownClass = daemonSet('agent', { priorityClassName: 'nope' })
    expect(verdictsOf(one([node('a')], [], [unknownClass]))['a']).toEqual({
      kind: 'refused',
      by: 'PriorityClass',
      message: 'pods "agent-" is forbidden: no PriorityClass with name nope was found',
    })
    const message = 'Error creating: admission webhook "policy.example.com" denied the request: no'
    const events = [
      {
        metadata: { name: 'e', namespace: 'agents' },
        reason: 'FailedCreate',
        message,
        firstTimestamp: YOUNG,
        lastTimestamp: TAKEN_AT,
        involvedObject: { kind: 'DaemonSet', namespace: 'agents', name: 'agent' },
      },
    ]
    const dump = { ...one([node('a')], []), events }
    expect(verdictsOf(dump)['a']).toMatchObject({ kind: 'refused', by: 'webhook policy.example.com' })
    expect(cover(dump).daemonSets[0]?.groups[0]?.since).toBe(YOUNG)
  })

  test('unknown where a list is missing that decides', () => {
    const { pods: _, ...withoutPods } = one([node('a')], [])
    expect(verdictsOf(withoutPods)['a']).toMatchObject({ kind: 'unknown', needs: ['pods'] })
    expect(cover(withoutPods).unknown.map(({ list }) => list)).toContain('pods')
    const { resourceQuotas: __, ...withoutQuotas } = one([node('a')], [])
    expect(verdictsOf(withoutQuotas)['a']).toMatchObject({ kind: 'unknown', needs: ['resourceQuotas'] })
    const { priorityClasses: ___, ...withoutClasses } = one(
      [node('a')],
      [],
      [daemonSet('agent', { priorityClassName: 'x' })],
    )
    expect(verdictsOf(withoutClasses)['a']).toMatchObject({ kind: 'unknown', needs: ['priorityClasses'] })
  })

  test('unknown for a pod of another scheduler; blocked by scheduling gates', () => {
    expect(verdictsOf(one([node('a')], [], [daemonSet('agent', { schedulerName: 'volcano' })]))['a']).toMatchObject({
      kind: 'unknown',
      needs: ['the scheduler volcano'],
    })
    const gated = daemonSet('agent', { schedulingGates: [{ name: 'example.com/gate' }] })
    expect(verdictsOf(one([node('a')], [podOf(gated, 'a', 'pending')], [gated]))['a']).toMatchObject({
      kind: 'blocked',
      plugins: ['SchedulingGates'],
    })
  })
})

describe('a node that is left out', () => {
  const others = ['one', 'two', 'three'].map(name => daemonSet(name, { tolerations: [{ operator: 'Exists' }] }))
  const nodes = [node('a'), node('s', { pool: 'stable', taints: [STABLE] })]

  test('by selector or affinity is meant', () => {
    const selective = daemonSet('agent', { nodeSelector: { gpu: 'true' } })
    expect(verdictsOf(one([node('a')], [], [selective]))['a']).toMatchObject({
      kind: 'skipped',
      by: 'selector',
      intent: 'meant',
    })
    const required = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }] }
    const picky = daemonSet('agent', {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    })
    expect(verdictsOf(one([node('a')], [], [picky]))['a']).toMatchObject({
      kind: 'skipped',
      by: 'affinity',
      intent: 'meant',
    })
  })

  test('is a likely gap where most DaemonSets of the cluster run, and counts', () => {
    const dump = one(nodes, [podOf(agent, 'a', 'ready')], [agent, ...others])
    expect(verdictsOf(dump)['s']).toMatchObject({
      kind: 'skipped',
      intent: 'likely-gap',
      detail: expect.stringContaining('3 of 4 cluster-wide DaemonSets'),
    })
    expect(cover(dump).daemonSets[0]).toMatchObject({ should: 2, landed: 1 })
  })

  test('is a likely gap where the DaemonSet tolerates the taint of another pool', () => {
    const tolerant = daemonSet('agent', { tolerations: [{ key: 'dedicated', operator: 'Exists' }] })
    const three = [
      ...nodes,
      node('d', { pool: 'batch', taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] }),
    ]
    expect(verdictsOf(one(three, [], [tolerant]))['s']).toMatchObject({
      intent: 'likely-gap',
      detail: expect.stringContaining('taint dedicated of pool batch'),
    })
  })

  test('is a question otherwise, and no trouble', () => {
    const coverage = cover(one(nodes, [podOf(agent, 'a', 'ready')]))
    expect(coverage.questions).toEqual([
      { taint: 'nodepool/stable:NoSchedule', pool: 'stable', nodes: 1, daemonSets: ['agents/agent'] },
    ])
    expect(coverage.daemonSets[0]).toMatchObject({ should: 1, landed: 1 })
    expect(coverage.causes).toEqual([])
  })

  test('is stated by annotation, by statement and by option; an expired statement says nothing', () => {
    const annotated = daemonSet(
      'agent',
      {},
      { 'everynode.dev/ignore-untolerated-taint': 'nodepool/stable: databases only' },
    )
    expect(verdictsOf(one(nodes, [], [annotated, ...others]))['s']).toMatchObject({
      intent: 'stated',
      detail: expect.stringContaining('databases only'),
    })
    const dump = one(nodes, [], [agent, ...others])
    const says = { says: 'meant', taint: 'nodepool/*', daemonSets: ['agents/*'], reason: 'databases only' } as const
    expect(verdictsOf(dump, { intent: [says] })['s']).toMatchObject({ intent: 'stated' })
    expect(verdictsOf(dump, { exceptPools: ['stable'] })['s']).toMatchObject({ intent: 'stated' })
    expect(verdictsOf(dump, { onlyPools: ['default'] })['s']).toMatchObject({ intent: 'stated' })
    const expired = { ...says, expires: '2026-11-01' }
    expect(verdictsOf(dump, { intent: [expired] })['s']).toMatchObject({ intent: 'likely-gap' })
    expect(cover(dump, { intent: [expired] }).expiredIntent).toEqual([expired])
    expect(verdictsOf(one(nodes, []), { intent: [{ ...says, says: 'gap' }] })['s']).toMatchObject({
      intent: 'likely-gap',
    })
  })

  test('is irrelevant on a virtual node', () => {
    const fargate = node('f', {
      labels: { 'eks.amazonaws.com/compute-type': 'fargate' },
      taints: [{ key: 'eks.amazonaws.com/compute-type', value: 'fargate', effect: 'NoSchedule' }],
    })
    expect(verdictsOf(one([fargate], [], [agent, ...others]))['f']).toMatchObject({
      kind: 'skipped',
      intent: 'irrelevant',
    })
  })

  test('makes the status lie', () => {
    const told: DaemonSet = { ...agent, status: { desiredNumberScheduled: 1, numberReady: 1 } }
    const [covered] = cover(one(nodes, [podOf(agent, 'a', 'ready')], [told, ...others])).daemonSets
    expect(covered?.statusLies).toBe('status says 1 of 1, without 1 node tainted nodepool/stable:NoSchedule')
  })
})

describe('a cause', () => {
  test('joins DaemonSets and counts each node once', () => {
    const second = daemonSet('second')
    const pods = [
      webPod('a', '1900m'),
      webPod('b', '1900m'),
      podOf(agent, 'a', 'pending'),
      podOf(agent, 'b', 'pending'),
      podOf(second, 'a', 'pending'),
      podOf(second, 'b', 'ready', { containers: [] }),
    ]
    const { causes } = cover(one([node('a'), node('b')], pods, [agent, second]))
    expect(causes).toMatchObject([
      {
        kind: 'full',
        text: '2 nodes of default are full',
        nodes: 2,
        severity: 'missing',
        waitingHelps: false,
        daemonSets: [
          { name: 'agent', nodes: 2 },
          { name: 'second', nodes: 1 },
        ],
      },
    ])
  })
})

test('per node, each uncovered node is a group of its own', () => {
  const pods = ['a', 'b'].flatMap(name => [webPod(name, '1900m'), podOf(agent, name, 'pending')])
  const dump = one([node('a'), node('b')], pods)
  expect(cover(dump).daemonSets[0]?.groups).toHaveLength(1)
  expect(cover(dump, { grouping: 'node' }).daemonSets[0]?.groups).toHaveLength(2)
})

test('a group tells the most that is free on any of its nodes', () => {
  const pods = [webPod('a', '1900m'), webPod('b', '1830m'), podOf(agent, 'a', 'pending'), podOf(agent, 'b', 'pending')]
  const [group] = cover(one([node('a'), node('b')], pods)).daemonSets[0]!.groups
  expect(group?.verdict).toMatchObject({ amounts: [{ free: '30m', mostFree: '100m' }] })
})

test('one node and one DaemonSet can be asked about alone', () => {
  const dump = one([node('a'), node('b')], [], [agent, daemonSet('second')])
  const { daemonSets, cluster } = cover(dump, { nodes: new Set(['b']), only: new Set(['agents/second']) })
  expect(daemonSets.map(({ name, groups }) => [name, groups.flatMap(({ nodes }) => nodes)])).toEqual([
    ['second', ['b']],
  ])
  expect(cluster).toMatchObject({ nodes: 2, daemonSets: 2 })
})

test('an empty dump has an answer: everything is unknown', () => {
  expect(cover({})).toMatchObject({
    daemonSets: [],
    causes: [],
    cluster: { nodes: 0, kubernetesVersion: '1.36', kubernetesVersionFrom: 'default' },
  })
  expect(cover({}).unknown.map(({ list }) => list)).toEqual(['nodes', 'daemonSets', 'pods'])
})

test('a DaemonSet that is being deleted is not asked about', () => {
  const going = { ...agent, metadata: { ...agent.metadata, deletionTimestamp: TAKEN_AT } }
  expect(cover(one([node('a')], [], [going])).daemonSets).toEqual([])
})

describe('the source of a DaemonSet', () => {
  const labelled = (
    labels: Readonly<Record<string, string>>,
    more: Partial<DaemonSet['metadata']> = {},
  ): DaemonSet => ({
    ...agent,
    metadata: { ...agent.metadata, labels, ...more },
  })
  const chart = { 'helm.sh/chart': 'datadog-3.150.1' }
  const annotations = { 'meta.helm.sh/release-name': 'datadog' }
  test.each([
    [labelled(chart, { annotations }), 'helm', 'Helm release datadog, chart datadog-3.150.1'],
    [
      labelled(chart, {
        annotations: { ...annotations, 'argocd.argoproj.io/tracking-id': 'agents:apps/DaemonSet:agents/agent' },
      }),
      'argocd',
      'Argo CD application agents, chart datadog-3.150.1',
    ],
    [
      labelled({ 'helm.toolkit.fluxcd.io/name': 'datadog', 'helm.toolkit.fluxcd.io/namespace': 'flux' }),
      'flux',
      'Flux HelmRelease flux/datadog',
    ],
    [
      labelled({}, { ownerReferences: [{ kind: 'DatadogAgent', name: 'main', controller: true }] }),
      'operator',
      'operator of DatadogAgent main',
    ],
    [labelled({}, { managedFields: [{ manager: 'eks' }] }), 'eks-addon', 'EKS add-on'],
    [
      labelled({}, { managedFields: [{ manager: 'kubectl-client-side-apply' }] }),
      'manifest',
      'a manifest applied with kubectl',
    ],
    [labelled({}), 'unknown', 'nothing tells who wrote it'],
  ] as const)('%#: %s', (daemon, kind, text) => {
    expect(cover(one([node('a')], [], [daemon])).daemonSets[0]?.source).toEqual({ kind, text })
  })
})

test('owners that own each other have an end, and a bare pod is its own owner', () => {
  const circle = ['one', 'two'].map((name, i) => ({
    metadata: {
      name,
      namespace: 'apps',
      ownerReferences: [{ kind: 'ReplicaSet', name: ['two', 'one'][i]!, controller: true }],
    },
  }))
  const owned: Pod = {
    ...webPod('a', '1700m'),
    metadata: {
      name: 'x',
      namespace: 'apps',
      ownerReferences: [{ kind: 'ReplicaSet', name: 'one', controller: true }],
    },
  }
  const bare: Pod = { ...webPod('a', '200m'), metadata: { name: 'alone', namespace: 'apps' } }
  const dump = { ...one([node('a')], [owned, bare, podOf(agent, 'a', 'pending')]), replicaSets: circle }
  expect(cover(dump).daemonSets[0]?.groups[0]?.heldBy.map(({ owner }) => owner)).toEqual([
    expect.stringMatching(/^ReplicaSet\//),
    'Pod/alone',
  ])
})

test('the version is the option, else the server, else what most kubelets say', () => {
  const kubelet = (name: string, kubeletVersion: string): Node => ({
    ...node(name),
    status: { ...node(name).status, nodeInfo: { kubeletVersion } },
  })
  const dump = one([kubelet('a', 'v1.34.2'), kubelet('b', 'v1.34.2'), kubelet('c', 'v1.35.0')], [])
  expect(cover(dump).cluster).toMatchObject({
    kubernetesVersion: '1.34.2',
    kubernetesVersionFrom: 'kubelets',
    model: '1.34',
  })
  const served = { ...dump, kubernetesVersion: 'v1.36.2' }
  expect(cover(served).cluster).toMatchObject({
    kubernetesVersion: '1.36.2',
    kubernetesVersionFrom: 'dump',
    model: '1.36',
  })
  expect(cover(served, { kubernetesVersion: '1.37' }).cluster).toMatchObject({
    kubernetesVersion: '1.37',
    kubernetesVersionFrom: 'option',
    model: '1.37',
  })
})
