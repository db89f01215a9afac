import { describe, expect, test } from 'vitest'
import type { ChangeStep, ClusterDump } from '../src/index.ts'
import { daemonSet, forecaster, node, owner, places, running, SEEDS } from './timeline-world.ts'

const HIGH = { priorityClassName: 'high' }

/** Two nodes, each full but for 100m, with a pod of a ReplicaSet that is younger than a bare one. */
const FULL: ClusterDump = {
  nodes: [node('a'), node('b')],
  replicaSets: [owner('ReplicaSet', 'web', '900m', { replicas: 2 })],
  pods: ['a', 'b'].flatMap((on, index) => [
    running({ name: `bare-${on}`, on, cpu: '1', minute: 1 + index }),
    running({ name: `web-${on}`, on, cpu: '900m', owner: 'ReplicaSet/web', minute: 10 + index }),
  ]),
}

describe('the forecast', () => {
  test('is the same for the same seed, whatever was run before', () => {
    const one = forecaster(FULL, daemonSet('agent', '200m', {}, HIGH))
    const first = JSON.stringify(one.run(1))
    one.run(2)
    expect(JSON.stringify(one.run(1))).toBe(first)
    expect(JSON.stringify(forecaster(FULL, daemonSet('agent', '200m', {}, HIGH)).run(1))).toBe(first)
  })

  test('puts a daemon on every node that has room, and nothing moves any more', () => {
    for (const seed of SEEDS) {
      const forecast = forecaster(FULL, daemonSet('agent', '100m')).run(seed)
      expect(places(forecast)).toEqual([
        'agent on a',
        'agent on b',
        'bare-a on a',
        'bare-b on b',
        'web-a on a',
        'web-b on b',
      ])
      expect(forecast.preempted).toEqual([])
      expect(forecast.quietAfterMs).toBeLessThan(1000)
      expect(forecast.timedOut).toBe(false)
    }
  })

  test('preempts the youngest pod of lower priority, which its ReplicaSet makes again and which finds no room', () => {
    for (const seed of SEEDS) {
      const forecast = forecaster(FULL, daemonSet('agent', '200m', {}, HIGH)).run(seed)
      expect(forecast.preempted.map(({ owner: who, node: on, by }) => `${who} on ${on} by ${by}`).sort()).toEqual([
        'ReplicaSet/web on a by DaemonSet/agent',
        'ReplicaSet/web on b by DaemonSet/agent',
      ])
      expect(places(forecast)).toEqual([
        'agent on a',
        'agent on b',
        'bare-a on a',
        'bare-b on b',
        'web waits',
        'web waits',
      ])
    }
  })

  test('leaves a daemon without a class waiting, with the scheduler’s words', () => {
    const forecast = forecaster(FULL, daemonSet('agent', '200m')).run(0)
    const waiting = forecast.pods.find(({ spec }) => !spec.nodeName)
    expect(waiting?.status?.conditions?.[0]?.message).toBe(
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to " +
        'deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, ' +
        '1 Preemption is not helpful for scheduling.',
    )
    const status = forecast.daemonSets[0]?.status
    expect(status).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 0 })
  })

  test('loses a bare pod for good', () => {
    const dump = { nodes: [node('a')], pods: [running({ name: 'bare', on: 'a', cpu: '2' })] }
    expect(places(forecaster(dump, daemonSet('agent', '1', {}, HIGH)).run(3))).toEqual(['agent on a'])
  })

  test('waits with the second pod of a StatefulSet until the first is ready, unless they are managed in parallel', () => {
    const cluster = (spec: object): ClusterDump => ({
      nodes: [node('a'), node('b')],
      statefulSets: [owner('StatefulSet', 'db', '2', { replicas: 2, ...spec })],
      pods: ['a', 'b'].map((on, index) => running({ name: `db-${index}`, on, cpu: '2', owner: 'StatefulSet/db' })),
    })
    const change = daemonSet('agent', '1', {}, HIGH)
    expect(places(forecaster(cluster({}), change).run(0))).toEqual(['agent on a', 'agent on b', 'db-0 waits'])
    expect(places(forecaster(cluster({ podManagementPolicy: 'Parallel' }), change).run(0))).toEqual([
      'agent on a',
      'agent on b',
      'db-0 waits',
      'db-1 waits',
    ])
  })

  test('replaces the pod of a Job after its back-off', () => {
    const dump: ClusterDump = {
      nodes: [node('a'), node('b', '1')],
      jobs: [owner('Job', 'batch', '1', { parallelism: 1, completions: 1 })],
      pods: [
        running({ name: 'batch-x', on: 'a', cpu: '1', owner: 'Job/batch', minute: 9 }),
        running({ name: 'bare', on: 'a', cpu: '900m' }),
      ],
    }
    const forecast = forecaster(
      dump,
      daemonSet('agent', '1', {}, { ...HIGH, nodeSelector: { 'kubernetes.io/hostname': 'a' } }),
    ).run(0)
    expect(places(forecast)).toEqual(['agent on a', 'bare on a', 'batch on b'])
    expect(forecast.quietAfterMs).toBeGreaterThan(10_000)
  })

  test('makes room by the order of priorities when a whole DaemonSet of higher priority comes after another', () => {
    const dump: ClusterDump = { nodes: [node('a', '1')], pods: [running({ name: 'bare', on: 'a', cpu: '900m' })] }
    const late: ChangeStep = {
      ...daemonSet('late', '600m', {}, { priority: undefined, priorityClassName: 'high' }),
      atMs: 5000,
    }
    const forecast = forecaster(dump, daemonSet('early', '500m', {}, {}), late).run(0)
    expect(forecast.preempted.map(({ owner: who }) => who)).toEqual(['Pod/bare'])
    expect(places(forecast)).toEqual(['early waits', 'late on a'])
  })
})

describe('a rollout', () => {
  const initial = daemonSet('agent', '100m')
  const nodes = ['a', 'b', 'c', 'd'].map(name => node(name))

  /** The cluster as it is when the first DaemonSet has landed. */
  function landed(spec: object = {}): ClusterDump {
    const { nodes: all, pods, daemonSets } = forecaster({ nodes }, daemonSet('agent', '100m', spec)).run(0)
    return { nodes: all, pods, daemonSets }
  }

  const ages = ({ pods }: { readonly pods: ClusterDump['pods'] & object }) =>
    new Set(pods.map(({ metadata }) => metadata.labels?.['pod-template-generation']))

  test('replaces every pod, at most maxUnavailable at a time', () => {
    const forecast = forecaster(landed(), daemonSet('agent', '150m')).run(1)
    expect(ages(forecast)).toEqual(new Set(['2']))
    expect(forecast.daemonSets[0]?.status).toMatchObject({ updatedNumberScheduled: 4, numberAvailable: 4 })
    // One after the other, each a second to end.
    expect(forecast.quietAfterMs).toBeGreaterThan(3500)
    const faster = forecaster(landed({ updateStrategy: { rollingUpdate: { maxUnavailable: '50%' } } }), {
      ...daemonSet('agent', '150m', { updateStrategy: { rollingUpdate: { maxUnavailable: '50%' } } }),
    }).run(1)
    expect(faster.quietAfterMs).toBeLessThan(forecast.quietAfterMs)
  })

  test('does nothing where nothing changed', () => {
    expect(forecaster(landed(), initial).run(1).quietAfterMs).toBeLessThan(100)
  })

  test('leaves old pods alone with OnDelete', () => {
    const strategy = { updateStrategy: { type: 'OnDelete' } }
    const forecast = forecaster(landed(strategy), daemonSet('agent', '150m', strategy)).run(1)
    expect(ages(forecast)).toEqual(new Set(['1']))
    expect(forecast.daemonSets[0]?.status?.updatedNumberScheduled).toBe(0)
  })

  test('stalls when pods that cannot land use up its budget', () => {
    const full = node('full', '50m')
    const before = forecaster({ nodes: [...nodes, full] }, initial).run(0)
    const forecast = forecaster({ ...before, pods: before.pods }, daemonSet('agent', '110m')).run(1)
    expect(forecast.daemonSets[0]?.status).toMatchObject({ updatedNumberScheduled: 1, numberReady: 4 })
  })

  test('reaches a node when its label or its taint allows it', () => {
    const tainted = node('t', '2', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })
    const dump = { nodes: [node('a'), tainted] }
    const selecting = daemonSet('agent', '100m', {}, { nodeSelector: { npu: 'true' } })
    expect(places(forecaster(dump, selecting).run(0))).toEqual([])
    expect(
      places(forecaster(dump, selecting, { atMs: 2000, op: 'labelNodes', labels: { npu: 'true' } }).run(0)),
    ).toEqual(['agent on a'])
    expect(places(forecaster(dump, initial, { atMs: 2000, op: 'untaintNodes', key: 'k' }).run(0))).toEqual([
      'agent on a',
      'agent on t',
    ])
  })

  test('ends with the DaemonSet', () => {
    const path = '/apis/apps/v1/namespaces/agents/daemonsets/agent'
    expect(places(forecaster(landed(), { atMs: 0, op: 'delete', path }).run(0))).toEqual([])
  })
})

describe('what the API server refuses', () => {
  test('is told by the event and leaves no pod', () => {
    const forecast = forecaster({ nodes: [node('a')] }, daemonSet('agent', '1', {}, { priorityClassName: 'none' })).run(
      0,
    )
    expect(new Set(forecast.failedCreate.map(({ daemonSet: key, message }) => `${key}: ${message}`))).toEqual(
      new Set(['agents/agent: Error creating: pods "agent-" is forbidden: no PriorityClass with name none was found']),
    )
    expect(places(forecast)).toEqual([])
  })

  test('is over quota until pods go, and then is made', () => {
    const quota = {
      metadata: { name: 'q', namespace: 'agents' },
      spec: { hard: { pods: '1' } },
      status: { hard: { pods: '1' }, used: { pods: '0' } },
    }
    const dump = { nodes: [node('a'), node('b')], resourceQuotas: [quota] }
    for (const seed of SEEDS) {
      const forecast = forecaster(dump, daemonSet('agent', '1')).run(seed)
      expect(places(forecast)).toHaveLength(1)
      expect(forecast.failedCreate[0]?.message).toMatch(
        /exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1$/,
      )
    }
    const name = forecaster(dump, daemonSet('agent', '1')).run(0).pods[0]?.metadata.name
    const path = `/api/v1/namespaces/agents/pods/${name}`
    const after = forecaster(dump, daemonSet('agent', '1'), { atMs: 3000, op: 'delete', path }).run(0)
    expect(places(after)).toHaveLength(1)
    expect(after.pods[0]?.metadata.name).not.toBe(name)
  })

  test('is a step that changes nothing', () => {
    const step = daemonSet('agent', '1', { selector: { matchLabels: { app: 'other' } } })
    const forecast = forecaster({ nodes: [node('a')] }, step).run(0)
    expect(forecast.refused).toEqual([expect.stringContaining('`selector` does not match template `labels`')])
    expect(forecast.daemonSets).toEqual([])
  })
})

describe('a Deployment', () => {
  const deployment = (replicas: number, image: string, atMs = 0): ChangeStep => ({
    atMs,
    op: 'apply',
    object: {
      ...owner('Deployment', 'web', '300m', {
        replicas,
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'main', image, resources: { requests: { cpu: '300m' } } }] },
        },
      }),
      apiVersion: 'apps/v1',
    } as object,
  })
  const dump = { nodes: [node('a'), node('b')] }

  test('comes, grows and shrinks', () => {
    const count = (...steps: readonly ChangeStep[]) => places(forecaster(dump, ...steps).run(0)).length
    expect(count(deployment(3, 'i:1'))).toBe(3)
    expect(count(deployment(3, 'i:1'), deployment(5, 'i:1', 2000))).toBe(5)
    expect(count(deployment(3, 'i:1'), deployment(1, 'i:1', 2000))).toBe(1)
  })

  test('rolls a new template out until no old pod is left', () => {
    const { pods } = forecaster(dump, deployment(4, 'i:1'), deployment(4, 'i:2', 2000)).run(0)
    expect(pods.map(({ spec }) => spec.containers?.[0]?.image)).toEqual(['i:2', 'i:2', 'i:2', 'i:2'])
    expect(pods.every(({ spec }) => spec.nodeName !== undefined)).toBe(true)
  })
})

test('a budget that is used up along the way spares its pods where another victim is there', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const budget = {
    metadata: { name: 'guard', namespace: 'apps' },
    spec: { selector: { matchLabels: { app: 'guarded' } }, maxUnavailable: 1 },
    status: { disruptionsAllowed: 1, currentHealthy: 6, desiredHealthy: 5, expectedPods: 6 },
  }
  const dump: ClusterDump = {
    nodes: names.map(name => node(name)),
    podDisruptionBudgets: [budget],
    replicaSets: [owner('ReplicaSet', 'guarded', '1', { replicas: 6 })],
    pods: names.flatMap(on => [
      running({ name: `plain-${on}`, on, cpu: '1', minute: 1 }),
      running({ name: `guarded-${on}`, on, cpu: '1', owner: 'ReplicaSet/guarded', minute: 9 }),
    ]),
  }
  const guarded = SEEDS.slice(0, 12).map(seed => {
    const { preempted } = forecaster(dump, daemonSet('agent', '1', {}, HIGH)).run(seed)
    expect(preempted).toHaveLength(6)
    return preempted.filter(({ owner: who }) => who === 'ReplicaSet/guarded').length
  })
  // The first ones see a budget that is not written yet; how many there are is a race.
  for (const count of guarded) expect(count).toBeGreaterThan(0)
  expect(Math.min(...guarded)).toBeLessThan(6)
  expect(new Set(guarded).size).toBeGreaterThan(1)
})

test('what nothing here reacts to is named', () => {
  const step: ChangeStep = {
    atMs: 0,
    op: 'mergePatch',
    path: '/apis/karpenter.sh/v1/nodepools/default',
    object: { spec: {} },
  }
  const dump = { nodes: [node('a')], nodePools: [{ metadata: { name: 'default' } }] }
  expect(forecaster(dump, step).run(0).notModelled).toEqual(['nodePools default'])
})
