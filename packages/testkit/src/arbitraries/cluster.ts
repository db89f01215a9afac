import type { Node, Pod, PodDisruptionBudget, Taint, Toleration, TopologySpreadConstraint } from '@everynode/engine'
import fc from 'fast-check'
import { type ArbitraryStorage, arbitraryNewVolumes, arbitraryStorage, arbitraryVolumes } from './storage.ts'

/** Small clusters in which room is scarce: a few nodes and the pods on them, and one pod that wants to go there. */
export interface ArbitraryCluster extends Partial<ArbitraryStorage> {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[]
  readonly pod: Pod
}

const taint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom('dedicated', 'nodepool/stable'),
  value: fc.constantFrom('', 'batch'),
  effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
})

const toleration: fc.Arbitrary<Toleration> = fc.oneof(
  fc.constant({ operator: 'Exists' }),
  fc.record({
    key: fc.constantFrom('dedicated', 'nodepool/stable'),
    operator: fc.constantFrom('Exists', 'Equal'),
    value: fc.constantFrom('', 'batch'),
  }),
)

/** Mostly small amounts; now and then one beyond 2^53, so that rows turn wide. */
const cpu = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 0, max: 900 }).map(value => `${value}m`) },
  { weight: 1, arbitrary: fc.constant('9007199254740993m') },
)
const memory = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 0, max: 2048 }).map(value => `${value}Mi`) },
  { weight: 1, arbitrary: fc.constant('9223372036854775807') },
)

const requests = fc.record({ cpu, memory, 'nvidia.com/gpu': fc.constantFrom('1', '2') }, { requiredKeys: [] })
const app = fc.constantFrom('web', 'db')

const node = (index: number): fc.Arbitrary<Node> =>
  fc
    .record({
      cpu: fc.integer({ min: 800, max: 2500 }),
      memory: fc.integer({ min: 500, max: 4096 }),
      pods: fc.integer({ min: 2, max: 8 }),
      gpu: fc.integer({ min: 0, max: 2 }),
      zone: fc.constantFrom('a', 'b'),
      taints: fc.array(taint, { maxLength: 2 }),
      unschedulable: fc.boolean(),
    })
    .map(({ cpu: millis, memory: mebibytes, pods, gpu, zone, taints, unschedulable }) => ({
      metadata: { name: `node-${index}`, labels: { zone, 'kubernetes.io/hostname': `node-${index}` } },
      spec: { taints, ...(unschedulable && index % 3 === 0 && { unschedulable }) },
      status: {
        allocatable: {
          cpu: `${millis}m`,
          memory: `${mebibytes}Mi`,
          pods: String(pods),
          ...(gpu > 0 && { 'nvidia.com/gpu': String(gpu) }),
        },
      },
    }))

const basePod = fc.record({
  requests: fc.array(requests, { minLength: 1, maxLength: 2 }),
  priority: fc.constantFrom<number[]>(-10, 0, 0, 1000, 1_000_000),
  app,
  minute: fc.integer({ min: 0, max: 3 }),
  port: fc.boolean(),
  antiAffinity: fc.integer({ min: 0, max: 9 }).map(chance => chance === 0),
})

function podOf(name: string, port: number, base: typeof basePod extends fc.Arbitrary<infer T> ? T : never): Pod {
  const own = { topologyKey: 'zone', labelSelector: { matchLabels: { app: base.app } } }
  return {
    metadata: { name, namespace: 'default', uid: name, labels: { app: base.app } },
    spec: {
      priority: base.priority,
      containers: base.requests.map((amounts, index) => ({
        name: `c${index}`,
        resources: { requests: amounts },
        ...(base.port && index === 0 && { ports: [{ containerPort: port, hostPort: port }] }),
      })),
      ...(base.antiAffinity && {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [own] } },
      }),
    },
    status: { phase: 'Running', startTime: `2026-01-01T00:0${base.minute}:00Z` },
  }
}

/** `plain` pods have no affinity, so that taking pods away never makes the fit worse. */
export function arbitraryCluster({ plain = false } = {}): fc.Arbitrary<ArbitraryCluster> {
  const shape = plain ? basePod.map(base => ({ ...base, antiAffinity: false })) : basePod
  return fc
    .record({
      nodes: fc
        .integer({ min: 1, max: 4 })
        .chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => node(index)))),
      bound: fc.array(fc.record({ base: shape, node: fc.nat(3) }), { minLength: 3, maxLength: 14 }),
      nominated: fc.array(fc.record({ base: shape, node: fc.nat(3) }), { maxLength: 1 }),
      allowed: fc.array(fc.record({ allowed: fc.nat(2), app }), { maxLength: 2 }),
      incoming: shape.map(base => ({
        ...base,
        requests: [...base.requests, { cpu: '400m' }],
        priority: Math.abs(base.priority) * 1000,
      })),
      tolerations: fc.array(toleration, { maxLength: 2 }),
      pinned: fc.option(fc.nat(3), { nil: undefined }),
    })
    .map(({ nodes, bound, nominated, allowed, incoming, tolerations, pinned }) => {
      const nameOf = (index: number) => `node-${index % nodes.length}`
      const pods = [
        ...bound.map(({ base, node: index }, order) => {
          // A port of its own for each pod: a set of ports forgets how many pods hold one.
          const pod = podOf(`pod-${order}`, 9000 + order, base)
          return { ...pod, spec: { ...pod.spec, nodeName: nameOf(index) } }
        }),
        ...nominated.map(({ base, node: index }, order) => {
          const pod = podOf(`nominated-${order}`, 9100 + order, base)
          return { ...pod, status: { nominatedNodeName: nameOf(index) } }
        }),
      ]
      const pod = podOf('incoming', 9000, incoming)
      const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nameOf(pinned ?? 0)] }] }
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
      return {
        nodes,
        pods,
        podDisruptionBudgets: allowed.map(({ allowed: disruptionsAllowed, app: selected }, index) => ({
          metadata: { name: `budget-${index}`, namespace: 'default' },
          spec: { selector: { matchLabels: { app: selected } } },
          status: { disruptionsAllowed },
        })),
        pod: {
          ...pod,
          spec: {
            ...pod.spec,
            tolerations,
            ...(pinned !== undefined && { affinity: { ...pod.spec.affinity, nodeAffinity } }),
          },
          status: {},
        },
      }
    })
}

const spread: fc.Arbitrary<TopologySpreadConstraint> = fc.record({
  maxSkew: fc.integer({ min: 1, max: 2 }),
  topologyKey: fc.constantFrom('zone', 'zone', 'kubernetes.io/hostname', 'kubernetes.io/hostname', 'rack'),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway', 'ScheduleAnyway'),
  labelSelector: app.map(selected => ({ matchLabels: { app: selected } })),
})

/**
 * `arbitraryCluster` with volumes and spread constraints. `plain` clusters have nothing that counts pods across nodes: no affinity, no
 * spread, no claim for one pod at a time.
 */
export function arbitraryRichCluster({ plain = false } = {}): fc.Arbitrary<ArbitraryCluster> {
  const shared = !plain
  return arbitraryCluster({ plain }).chain(cluster =>
    fc
      .record({
        storage: arbitraryStorage(cluster.nodes.map(({ metadata }) => metadata.name ?? '')),
        bound: fc.tuple(...cluster.pods.map(() => arbitraryVolumes({ shared }))),
        incoming: arbitraryNewVolumes({ shared }),
        constraints: plain ? fc.constant([]) : fc.array(spread, { maxLength: 2 }),
      })
      .map(({ storage, bound, incoming, constraints }) => {
        const { pod } = cluster
        return {
          ...cluster,
          ...storage,
          pods: cluster.pods.map((one, index) => ({ ...one, spec: { ...one.spec, volumes: bound[index] ?? [] } })),
          pod: {
            ...pod,
            spec: { ...pod.spec, priority: 2_000_000, volumes: incoming, topologySpreadConstraints: constraints },
          },
        }
      }),
  )
}
