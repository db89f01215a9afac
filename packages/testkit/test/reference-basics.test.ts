import { join } from 'node:path'
import {
  boundUsage,
  compileDaemonSet,
  compileLabelSelector,
  type DaemonSet,
  findUntoleratedTaint,
  incomingRequest,
  type LabelSelector,
  matchNodeAffinity,
  type Node,
  type Pod,
  parseQuantity,
  podRequests,
  quantityMilliValue,
  quantityValue,
  type ResourceList,
  type SchedulerAmounts,
  type SelectorRequirement,
  type StringMap,
  type Taint,
  type Toleration,
} from '@everynode/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPS } from '../src/ops/index.ts'
import { inParts, printedNanos } from '../src/reference/amounts.ts'
import { askShouldRun } from '../src/reference/daemon-set.ts'
import { askSelector } from '../src/reference/labels.ts'
import { askNodeAffinity } from '../src/reference/node-affinity.ts'
import { type Amounts, hasPodLevel, sumRequests } from '../src/reference/pod-requests.ts'
import { firstUntolerated } from '../src/reference/taints.ts'
import { repositoryRoot } from '../src/repository.ts'
import { readVectors } from '../src/vectors.ts'

const MILLI = 10n ** 6n
const UNIT = 10n ** 9n
const HARD = ['NoSchedule', 'NoExecute']

/** Asks every recorded case of a file; fails on an empty one. */
async function eachCase<In, Out>(file: string, ask: (input: In, expected: Out, id: string) => void): Promise<void> {
  const path = join(repositoryRoot(), 'testdata/vectors/kubernetes', file)
  let count = 0
  for await (const one of readVectors(path, new Set(OPS.map(({ name }) => name)))) {
    ask(one.input as In, one.expect as Out, one.id)
    count++
  }
  expect(count).toBeGreaterThan(0)
}

interface PodRequestsAnswer {
  readonly requests: Readonly<Record<string, string>>
  readonly bound: { readonly milliCPU: string; readonly memory: string; readonly ephemeralStorage: string }
  readonly nonZero: { readonly milliCPU: string; readonly memory: string }
}

function checkPodRequests({ pod }: { readonly pod: Pod }, expected: PodRequestsAnswer, id: string): void {
  const requests = Object.entries(expected.requests).map(([name, text]) => [name, printedNanos(text)])
  expect(sumRequests(pod, 'incoming'), id).toEqual(Object.fromEntries(requests))
  // The recorded answers are of a pod that was summed before, and overhead on big pod-level requests counts each time.
  if (hasPodLevel(pod) && pod.spec.overhead && isWide(pod)) return
  const bound = sumRequests(pod, 'bound')
  const filled = sumRequests(pod, 'bound', {
    ...(!(hasPodLevel(pod) && 'cpu' in bound) && { cpu: 100n * MILLI }),
    ...(!(hasPodLevel(pod) && 'memory' in bound) && { memory: 200n * 2n ** 20n * UNIT }),
  })
  expect(
    {
      milliCPU: part(bound, 'cpu', MILLI),
      memory: part(bound, 'memory', UNIT),
      ephemeralStorage: part(bound, 'ephemeral-storage', UNIT),
    },
    id,
  ).toEqual({
    milliCPU: expected.bound.milliCPU,
    memory: expected.bound.memory,
    ephemeralStorage: expected.bound.ephemeralStorage,
  })
  expect({ milliCPU: part(filled, 'cpu', MILLI), memory: part(filled, 'memory', UNIT) }, id).toEqual(expected.nonZero)
}

function isWide(pod: Pod): boolean {
  return Object.values(pod.spec.resources?.requests ?? {}).some(text => {
    const quantity = parseQuantity(text)
    return quantity.kind === 'quantity' && quantity.form === 'decimal'
  })
}

function part(amounts: Amounts, name: string, per: bigint): string {
  return inParts(amounts[name] ?? 0n, per).toString()
}

describe('the slow reference agrees with the recorded answers of the real code', () => {
  test('about taints', () =>
    eachCase<
      { readonly taints?: readonly Taint[]; readonly tolerations?: readonly Toleration[] },
      { readonly untoleratedIndex: number; readonly untoleratedNoExecuteIndex: number }
    >('taints.jsonl.gz', ({ taints = [], tolerations = [] }, expected, id) => {
      expect(firstUntolerated(taints, tolerations, HARD), id).toBe(expected.untoleratedIndex)
      expect(firstUntolerated(taints, tolerations, ['NoExecute']), id).toBe(expected.untoleratedNoExecuteIndex)
    }))

  test('about label selectors, whose error texts it does not write', () =>
    eachCase<
      { readonly selector?: LabelSelector; readonly labels?: StringMap },
      { readonly valid: boolean; readonly matches: boolean }
    >('labelSelector.jsonl.gz', ({ selector, labels = {} }, { valid, matches }, id) => {
      expect(askSelector(selector, labels), id).toEqual({ valid, matches })
    }))

  test('about node affinity, whose error texts it does not write', () =>
    eachCase<{ readonly pod: Pod; readonly node: Node }, { readonly match: boolean; readonly error?: string }>(
      'nodeAffinity.jsonl.gz',
      ({ pod, node }, { match, error }, id) => {
        expect(askNodeAffinity(pod.spec, node), id).toEqual({ match, blamed: error !== undefined })
      },
    ))

  test('about the requests of pods', () => eachCase('podRequests.jsonl.gz', checkPodRequests))

  test('about requests beyond 64 bits and below a unit', () => eachCase('podRequests-wide.jsonl.gz', checkPodRequests))

  test('about where a DaemonSet runs', () =>
    eachCase<
      { readonly daemonSet: DaemonSet; readonly nodes: readonly Node[] },
      { readonly nodes: readonly { readonly node: string }[] }
    >('daemonSet.jsonl.gz', ({ daemonSet, nodes }, expected, id) => {
      const answers = nodes.map(node => ({ node: node.metadata.name, ...askShouldRun(daemonSet, node) }))
      expect(answers, id).toEqual(expected.nodes)
    }))
})

const key = fc.constantFrom('a', 'b', 'example.com/a', 'constructor', '__proto__', 'bad key', '')
const value = fc.constantFrom('', '1', '2', '016', '-1', 'x', 'bad value!', '9223372036854775808')
const labels = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: false })
const effect = fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule')
const taint: fc.Arbitrary<Taint> = fc.record({ key, value, effect }, { requiredKeys: ['key', 'effect'] })
const toleration: fc.Arbitrary<Toleration> = fc.record(
  {
    key,
    operator: fc.constantFrom('', 'Equal', 'Exists', 'Lt', 'Gt', 'exists'),
    value,
    effect: fc.oneof(effect, fc.constant('')),
  },
  { requiredKeys: [] },
)
const requirement: fc.Arbitrary<SelectorRequirement> = fc.record(
  {
    key,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'in'),
    values: fc.array(value, { maxLength: 2 }),
  },
  { requiredKeys: ['key', 'operator'] },
)
const term = fc.record(
  {
    matchExpressions: fc.array(requirement, { maxLength: 3 }),
    matchFields: fc.array(
      fc.record({
        key: fc.constantFrom('metadata.name', 'metadata.namespace'),
        operator: fc.constantFrom('In', 'NotIn', 'Exists'),
        values: fc.array(fc.constantFrom('n1', 'n2', ''), { minLength: 1, maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)
const spec = fc.record(
  {
    nodeSelector: labels,
    affinity: fc.record({
      nodeAffinity: fc.record(
        {
          requiredDuringSchedulingIgnoredDuringExecution: fc.record({
            nodeSelectorTerms: fc.array(term, { maxLength: 3 }),
          }),
        },
        { requiredKeys: [] },
      ),
    }),
    tolerations: fc.array(toleration, { maxLength: 4 }),
    hostNetwork: fc.boolean(),
    nodeName: fc.constantFrom('', 'n1', 'n2'),
  },
  { requiredKeys: [] },
)
const node: fc.Arbitrary<Node> = fc.record({
  metadata: fc.record({ name: fc.constantFrom('n1', 'n2'), labels }),
  spec: fc.record({ taints: fc.array(fc.oneof(taint, fc.constantFrom(...pressures())), { maxLength: 3 }) }),
})

function pressures(): readonly Taint[] {
  const keys = ['not-ready', 'unreachable', 'disk-pressure', 'unschedulable', 'network-unavailable']
  return keys.flatMap(name => HARD.map(each => ({ key: `node.kubernetes.io/${name}`, effect: each })))
}

const list = fc.dictionary(
  fc.constantFrom('cpu', 'memory', 'nvidia.com/gpu', 'hugepages-2Mi', 'ephemeral-storage'),
  fc.constantFrom(
    '0',
    '1',
    '100m',
    '333u',
    '1n',
    '1.5',
    '1Gi',
    '200Mi',
    '1k',
    '9007199254740993',
    '4611686018427387905',
    '9223372036854775807m',
  ),
  { maxKeys: 3, noNullPrototype: false },
)
/** Pods with amounts of the list; those without anything at pod level are what clusters are full of. */
function podOf(list: fc.Arbitrary<ResourceList>, podLevel: 'perhaps' | 'never'): fc.Arbitrary<Pod> {
  const resources = podLevel === 'never' ? {} : { resources: fc.record({ requests: list }, { requiredKeys: [] }) }
  const allocated = podLevel === 'never' ? {} : { allocatedResources: list }
  const names = fc.constantFrom('a', 'b', 'c', 'd')
  const container = fc.record(
    {
      name: names,
      resources: fc.record({ requests: list }, { requiredKeys: [] }),
      restartPolicy: fc.constant('Always'),
    },
    { requiredKeys: ['name'] },
  )
  const status = fc.record(
    { name: names, resources: fc.record({ requests: list }, { requiredKeys: [] }), allocatedResources: list },
    { requiredKeys: ['name'] },
  )
  const statuses = fc.uniqueArray(status, { maxLength: 4, selector: ({ name }) => name })
  const condition = fc.record({
    type: fc.constant('PodResizePending'),
    status: fc.constant('True'),
    reason: fc.constantFrom('Infeasible', 'Deferred'),
  })
  const containers = fc.uniqueArray(container, { maxLength: 4, selector: ({ name }) => name })
  return fc.record({
    metadata: fc.constant({ name: 'p' }),
    spec: fc
      .record({ all: containers, overhead: list, ...resources }, { requiredKeys: ['all'] })
      .map(({ all, ...rest }) => ({
        ...rest,
        containers: all.slice(0, 2).map(({ restartPolicy: _, ...one }) => one),
        initContainers: all.slice(2),
      })),
    status: fc.record(
      {
        containerStatuses: statuses,
        ...resources,
        ...allocated,
        conditions: fc.array(condition, { maxLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  }) as fc.Arbitrary<Pod>
}

describe('the engine answers as the slow reference on random input', () => {
  test('about taints', () => {
    fc.assert(
      fc.property(fc.array(taint, { maxLength: 4 }), fc.array(toleration, { maxLength: 4 }), (taints, tolerations) => {
        expect(findUntoleratedTaint(taints, tolerations, 'NoScheduleOrNoExecute')).toBe(
          firstUntolerated(taints, tolerations, HARD),
        )
        for (const effects of ['NoExecute', 'PreferNoSchedule'] as const) {
          expect(findUntoleratedTaint(taints, tolerations, effects)).toBe(
            firstUntolerated(taints, tolerations, [effects]),
          )
        }
      }),
    )
  })

  test('about label selectors', () => {
    const selector = fc.record(
      { matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 3 }) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(selector, labels, (selector, labels) => {
        const compiled = compileLabelSelector(selector)
        const valid = compiled.kind === 'selector'
        expect({ valid, matches: valid && compiled.matches(labels) }).toEqual(askSelector(selector, labels))
      }),
      { numRuns: 500 },
    )
  })

  test('about node affinity', () => {
    fc.assert(
      fc.property(spec, node, (spec, node) => {
        const { match, error } = matchNodeAffinity(spec, node)
        expect({ match, blamed: error !== undefined }).toEqual(askNodeAffinity(spec, node))
      }),
      { numRuns: 500 },
    )
  })

  test('about where a DaemonSet runs', () => {
    fc.assert(
      fc.property(spec, fc.array(node, { maxLength: 4 }), (spec, nodes) => {
        const daemonSet: DaemonSet = { metadata: { name: 'd' }, spec: { template: { spec } } }
        const compiled = compileDaemonSet(daemonSet)
        for (const node of nodes) {
          const { shouldRun, shouldContinueRunning } = compiled.shouldRun(node)
          expect({ shouldRun, shouldContinueRunning }).toEqual(askShouldRun(daemonSet, node))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('about requests, incoming and bound', () => {
    fc.assert(
      fc.property(podOf(list, 'perhaps'), pod => {
        const incoming = Object.entries(sumRequests(pod, 'incoming'))
        const engine = podRequests(pod)
        expect([...engine.keys()].sort()).toEqual(incoming.map(([name]) => name).sort())
        for (const [name, amount] of incoming) {
          const quantity = engine.get(name)!
          expect(quantityMilliValue(quantity)).toBe(inParts(amount, MILLI))
          expect(quantityValue(quantity)).toBe(inParts(amount, UNIT))
        }
        const bound = sumRequests(pod, 'bound')
        const usage = boundUsage(pod)
        expect(usage.milliCPU.toString()).toBe(part(bound, 'cpu', MILLI))
        expect(usage.memory.toString()).toBe(part(bound, 'memory', UNIT))
      }),
      { numRuns: 500 },
    )
  })

  test('about bound pods, by the short way for plain amounts as by the long one', () => {
    const plainList = fc.dictionary(
      fc.constantFrom('cpu', 'memory', 'ephemeral-storage'),
      fc.constantFrom('0', '1', '2', '100m', '250m', '1500m', '1Gi', '200Mi', '1k', '9007199254740991'),
      { maxKeys: 3, noNullPrototype: false },
    )
    fc.assert(
      fc.property(podOf(plainList, 'never'), fc.constantFrom('1.36', '1.37'), (pod, version) => {
        // A resource that only the exact arithmetic reads.
        const overhead = { ...pod.spec.overhead, 'example.com/none': '0' }
        const long: Pod = { ...pod, spec: { ...pod.spec, overhead } }
        const plain = (amounts: SchedulerAmounts): object => ({ ...amounts, scalar: undefined })
        expect(plain(boundUsage(pod, version))).toEqual(plain(boundUsage(long, version)))
        expect(plain(incomingRequest(pod, version))).toEqual(plain(incomingRequest(long, version)))
      }),
      { numRuns: 1000 },
    )
  })
})
