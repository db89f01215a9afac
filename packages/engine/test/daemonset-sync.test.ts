import { join } from 'node:path'
import { findStories, OPS, readStory, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  ControllerRevision,
  DaemonSet,
  DaemonSetSpec,
  DaemonSetSync,
  DaemonSetSyncInput,
  Drawn,
  IntOrString,
  KubernetesVersion,
  Node,
  Pod,
  PodTemplateSpec,
} from '../src/index.ts'
import { syncDaemonSet, templateHash } from '../src/index.ts'
import { afterSync, agent, daemonWorld, lotOf, NOW, pod, rollingWorld, shuffledBy } from './daemonset-world.ts'

const RUNS = { numRuns: 300 }

test('every recorded sync is answered as the real controller does, its lots included', async () => {
  const ops = new Map(OPS.map(op => [op.name, op]))
  const path = join(repositoryRoot(), 'testdata/vectors/kubernetes/daemonSetSync.jsonl.gz')
  const differences: string[] = []
  const { tally, unknownOps } = await runCases(readVectors(path, new Set(ops.keys())), {
    ops,
    show: 3,
    write: text => differences.push(text),
  })
  expect(differences).toEqual([])
  expect(unknownOps.size).toBe(0)
  expect(tally).toMatchObject({ failed: 0, apart: 0 })
  expect(tally.passed).toBeGreaterThan(0)
})

describe('whatever the lots', () => {
  const parts = ({ creates, deletes }: DaemonSetSync): readonly Drawn[] => [creates, deletes]

  test('what is taken is all that is forced and as many others as it says', () => {
    fc.assert(
      fc.property(daemonWorld, ({ input, seed }) => {
        for (const { forced, chooseN, from, taken } of parts(syncDaemonSet(input, lotOf(seed)))) {
          expect(taken.length).toBe(forced.length + chooseN)
          expect(new Set(taken).size).toBe(taken.length)
          expect(forced.filter(name => !taken.includes(name))).toEqual([])
          expect(taken.filter(name => !forced.includes(name) && !from.includes(name))).toEqual([])
          expect(chooseN === 0 ? from.length : Number(chooseN < from.length)).toBe(from.length === 0 ? 0 : 1)
        }
      }),
      RUNS,
    )
  })

  test('neither the order of the input nor the lots change what may be taken', () => {
    fc.assert(
      fc.property(daemonWorld, ({ input, seed }) => {
        const { nodes, pods, controllerRevisions } = input
        const other = syncDaemonSet(
          {
            ...input,
            nodes: shuffledBy(seed, nodes),
            pods: shuffledBy(seed, pods),
            controllerRevisions: shuffledBy(seed, controllerRevisions),
          },
          lotOf(seed),
        )
        expect(lawful(other)).toEqual(lawful(syncDaemonSet(input)))
      }),
      RUNS,
    )
  })

  /** What does not depend on the lots. */
  function lawful(sync: DaemonSetSync) {
    const { creates, deletes, adopts, hash, kills, status, requeueAfter, error } = sync
    const named = ({ forced, chooseN, from }: Drawn) => ({ forced, chooseN, from })
    return {
      ...{ creates: named(creates), deletes: named(deletes), hash, status, requeueAfter, error },
      ...{ adopts: adopts.toSorted(byText), kills: kills.toSorted(byText) },
    }
  }

  test('a rollout takes no more available pods away than maxUnavailable, and adds no more than maxSurge', () => {
    let steps = 0
    fc.assert(
      fc.property(rollingWorld, ({ input, seed }) => {
        const { updateStrategy } = input.daemonSet.spec
        const { maxUnavailable, maxSurge } = updateStrategy?.rollingUpdate ?? {}
        const wanted = input.nodes.filter(({ spec }) => !spec?.taints).length
        const most = (limit: IntOrString | undefined): number =>
          typeof limit === 'string' ? Math.ceil((Number.parseInt(limit, 10) * wanted) / 100) : (limit ?? 0)
        const old = input.pods.filter(isReadyAndOld)
        const sync = syncDaemonSet(input, lotOf(seed))
        const taken = old.filter(({ metadata }) => sync.deletes.taken.includes(metadata.name ?? ''))
        const doubled = old.filter(({ spec }) => sync.creates.taken.includes(spec.nodeName ?? ''))
        if (maxSurge === 0) expect(taken.length).toBeLessThanOrEqual(Math.max(1, most(maxUnavailable)))
        else expect(doubled.length).toBeLessThanOrEqual(most(maxSurge))
        if (taken.length + doubled.length > 0) steps++
      }),
      RUNS,
    )
    expect(steps).toBeGreaterThan(20)
  })
})

test('a cluster settles on one pod of the present template for each wanted node, and a settled one stays settled', () => {
  fc.assert(
    fc.property(daemonWorld, ({ input, seed }) => {
      const settled = settle(input, seed)
      expect(syncDaemonSet(settled, lotOf(seed))).toEqual({
        ...NOTHING,
        hash: 'new',
      })
      const wanted = settled.nodes.filter(({ metadata, spec }) => metadata.labels?.['pool'] === 'a' && !spec?.taints)
      for (const { metadata } of wanted) {
        const here = settled.pods.filter(({ spec }) => spec.nodeName === metadata.name)
        expect(here.map(one => one.metadata.labels?.[HASH])).toEqual(['new'])
      }
    }),
    { numRuns: 150 },
  )
})

describe('failed pods', () => {
  const failed = (name: string, orphan = false): Pod => pod(name, 'n', { hash: 'new', state: 'failed', orphan })
  const input = (pods: readonly Pod[], kills: readonly string[] = []): DaemonSetSyncInput => ({
    daemonSet: agent(),
    controllerRevisions: [],
    nodes: [{ metadata: { name: 'n', labels: { pool: 'a' } } }],
    pods,
    now: NOW,
    hash: 'new',
    kills: { n: kills },
  })

  test('of a node are killed one at a time, any of them, and the others wait', () => {
    const { deletes, requeueAfter, events, kills } = syncDaemonSet(input([failed('a'), failed('b')]), lotOf(1))
    expect(deletes).toMatchObject({ forced: [], chooseN: 1, from: ['a', 'b'] })
    expect({ requeueAfter, kills }).toEqual({ requeueAfter: 1, kills: ['n'] })
    expect(events).toEqual([
      {
        type: 'Warning',
        reason: 'FailedDaemonPod',
        message: `Found failed daemon pod monitoring/${deletes.taken[0]} on node n, will try to kill it`,
        drawn: true,
      },
    ])
  })

  test('that nobody owned come after own ones', () => {
    const { deletes, adopts } = syncDaemonSet(input([failed('a', true), failed('b'), failed('c', true)]))
    expect(deletes).toMatchObject({ forced: ['b'], chooseN: 0 })
    expect(adopts).toEqual(['a', 'c'])
  })

  test.each([
    ['1 s after the first kill', ['2026-01-01T11:59:59Z'], undefined],
    ['not before', ['2026-01-01T11:59:59.500Z'], 1],
    ['2 s after the second', ['2026-01-01T11:59:00Z', '2026-01-01T11:59:59Z'], 2],
    ['15 min after many', Array.from({ length: 12 }, (_, at) => `2026-01-01T11:5${Math.floor(at / 2)}:00Z`), 900],
    ['at once when there was no kill for 30 min', Array.from({ length: 12 }, () => '2026-01-01T11:29:59Z'), undefined],
  ])('may be killed again %s', (_, kills, wait) => {
    const sync = syncDaemonSet(input([failed('a')], kills))
    expect(sync.requeueAfter).toBe(wait)
    expect(sync.deletes.taken).toEqual(wait === undefined ? ['a'] : [])
  })
})

describe('what keeps a rollout from going on', () => {
  const step = (updateStrategy: NonNullable<DaemonSetSpec['updateStrategy']>, nodeName = 'n') =>
    syncDaemonSet({
      daemonSet: agent({ updateStrategy }),
      controllerRevisions: [],
      nodes: [{ metadata: { name: 'n', labels: { pool: 'b' } } }],
      pods: [pod('a', nodeName, { hash: 'old', state: 'ready' })].slice(nodeName === 'n' ? 1 : 0),
      now: NOW,
      hash: 'new',
    }).error

  test.each([
    [{}, 'invalid value for MaxUnavailable: nil value for IntOrString'],
    [
      { maxUnavailable: '5' },
      'invalid value for MaxUnavailable: invalid value for IntOrString: invalid type: string is not a percentage',
    ],
    [
      { maxUnavailable: 1, maxSurge: 'x%' },
      'invalid value for MaxSurge: invalid value for IntOrString: invalid value "x%": strconv.Atoi: parsing "x": invalid syntax',
    ],
    [
      { maxUnavailable: '9223372036854775808%' },
      'invalid value for MaxUnavailable: invalid value for IntOrString: invalid value "9223372036854775808%": strconv.Atoi: parsing "9223372036854775808": value out of range',
    ],
  ])('limits %j', (rollingUpdate, text) => {
    expect(step({ type: 'RollingUpdate', rollingUpdate })).toBe(`couldn't get unavailable numbers: ${text}`)
  })

  test('a node that is gone, with surge', () => {
    const rollingUpdate = { maxUnavailable: 0, maxSurge: 1 }
    expect(step({ type: 'RollingUpdate', rollingUpdate }, 'gone')).toBe(
      `couldn't get node for nodeName "gone": node "gone" not found`,
    )
    expect(step({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }, 'gone')).toBeUndefined()
  })
})

test('at most 250 pods are made in one sync, any of those that are missing', () => {
  const names = Array.from({ length: 300 }, (_, at) => `node-${String(at).padStart(3, '0')}`)
  const nodes: readonly Node[] = names.map(name => ({ metadata: { name, labels: { pool: 'a' } } }))
  const { creates } = syncDaemonSet(
    { daemonSet: agent(), controllerRevisions: [], nodes, pods: [], now: NOW },
    lotOf(7),
  )
  expect(creates).toMatchObject({ forced: [], chooseN: 250, from: names })
  expect(creates.taken.length).toBe(250)
})

describe('the revision of the present template', () => {
  const sync = (controllerRevisions: readonly ControllerRevision[], daemonSet: DaemonSet = agent()) =>
    syncDaemonSet({ daemonSet, controllerRevisions, nodes: [], pods: [], now: NOW })
  const made = sync([]).revisions[0]

  test('is made where there is none, and is found by the next sync', () => {
    expect(made).toMatchObject({ kind: 'create', revision: { revision: 1 } })
    expect(sync(made?.kind === 'create' ? [made.revision] : [])).toMatchObject({ revisions: [], hash: sync([]).hash })
  })

  test('raises the collision count if another one has its name', () => {
    const other: ControllerRevision = { metadata: { name: made?.name ?? '', namespace: 'monitoring' }, data: {} }
    const { status, error, hash } = sync([other])
    expect({ status, hash }).toEqual({ status: { observedGeneration: 1, collisionCount: 1 }, hash: undefined })
    expect(error).toBe(
      `failed to construct revisions of DaemonSet: controllerrevisions.apps "${made?.name}" already exists`,
    )
    expect(sync([other], { ...agent(), status: { collisionCount: 1 } }).hash).not.toBe(sync([]).hash)
  })

  test('is not looked for with a selector that cannot be read', () => {
    const { error, revisions } = sync([], agent({ selector: { matchExpressions: [{ key: 'a', operator: 'Near' }] } }))
    expect(error).toBe('failed to construct revisions of DaemonSet: "Near" is not a valid label selector operator')
    expect(revisions).toEqual([])
  })

  test('is found, and would be made with the same hash, on every recorded cluster', { timeout: 30_000 }, () => {
    let found = 0
    for (const folder of findStories(join(repositoryRoot(), 'testdata/rollouts')).folders) {
      const { daemonSets = [], controllerRevisions = [] } = readStory(folder).cluster
      for (const daemonSet of daemonSets) {
        const ask = { daemonSet, nodes: [], pods: [], now: NOW }
        const { hash, revisions } = syncDaemonSet({ ...ask, controllerRevisions })
        expect(revisions).toEqual([])
        expect(syncDaemonSet({ ...ask, controllerRevisions: controllerRevisions.map(readByField) }).hash).toBe(hash)
        expect(templateHash(daemonSet.spec.template, daemonSet.status?.collisionCount)).toBe(hash)
        found++
      }
    }
    expect(found).toBeGreaterThan(0)
  })

  /** As a reader that knows the fields of a template keeps it. */
  function readByField(one: ControllerRevision): ControllerRevision {
    const { $patch: _, ...template } = (one.data as { spec: { template: Record<string, unknown> } }).spec.template
    return { ...one, data: { spec: { template } } }
  }

  // Answers of controller.ComputeHash with the API types of v0.34.4, v0.35.4, v0.36.2 and v0.37.2.
  test.each<[KubernetesVersion, string, string]>([
    ['1.34', '6d9c46465', '84556c4c6b'],
    ['1.35', '5c67b566b', '7c5f5545d9'],
    ['1.36', 'cd87699ff', '5f84cd5f5b'],
    ['1.37', '6f67cf9647', '865fcf85cb'],
  ])('has in v%s the hash of the whole Go struct', (version, hash, afterCollisions) => {
    expect(templateHash(TEMPLATE as PodTemplateSpec, undefined, version)).toBe(hash)
    expect(templateHash(TEMPLATE as PodTemplateSpec, 3, version)).toBe(afterCollisions)
  })
})

const HASH = 'controller-revision-hash'
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const NOTHING: DaemonSetSync = {
  creates: { forced: [], chooseN: 0, from: [], taken: [] },
  deletes: { forced: [], chooseN: 0, from: [], taken: [] },
  adopts: [],
  releases: [],
  revisions: [],
  relabels: [],
  kills: [],
  events: [],
}

function settle(input: DaemonSetSyncInput, seed: number): DaemonSetSyncInput {
  let world = input
  for (let step = 0; step < 80; step++) world = afterSync(world, syncDaemonSet(world, lotOf(seed + step)))
  return world
}

function isReadyAndOld({ metadata, status }: Pod): boolean {
  return metadata.labels?.[HASH] === 'old' && status?.conditions?.[0]?.status === 'True'
}

/** With all kinds of fields, as an API server stores it. */
const TEMPLATE: object = {
  metadata: { labels: { app: 'agent', é: 'x' }, annotations: { b: '2', a: '1' } },
  spec: {
    volumes: [
      { name: 'run', hostPath: { path: '/run', type: 'Directory' } },
      { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      {
        name: 'all',
        projected: {
          sources: [
            { configMap: { name: 'agent', items: [{ key: 'k', path: 'p' }] } },
            { serviceAccountToken: { expirationSeconds: 3600, path: 'token' } },
          ],
          defaultMode: 420,
        },
      },
    ],
    containers: [
      {
        name: 'agent',
        image: 'agent:2',
        args: ['--level', 'info'],
        ports: [{ name: 'web', hostPort: 9100, containerPort: 9100, protocol: 'TCP' }],
        env: [
          { name: 'NODE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
          { name: 'KEY', valueFrom: { secretKeyRef: { name: 'agent', key: 'k' } } },
        ],
        resources: {
          limits: { cpu: '1', memory: '1Gi' },
          requests: { cpu: '100m', memory: '200Mi', 'example.com/x': '123456789012345678901' },
        },
        volumeMounts: [{ name: 'run', readOnly: true, mountPath: '/run', mountPropagation: 'HostToContainer' }],
        livenessProbe: {
          httpGet: { path: '/ok', port: 'web', scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        readinessProbe: { tcpSocket: { port: 9100 }, timeoutSeconds: 1 },
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        securityContext: { capabilities: { drop: ['ALL'] }, privileged: false, runAsUser: 0 },
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    serviceAccountName: 'agent',
    serviceAccount: 'agent',
    hostNetwork: true,
    securityContext: { fsGroup: 1 },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }],
        },
      },
    },
    schedulerName: 'default-scheduler',
    tolerations: [
      { operator: 'Exists' },
      { key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 60 },
    ],
    priorityClassName: 'agents',
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'agent' } },
      },
    ],
  },
}
