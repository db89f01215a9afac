import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AdmissionWorld, DaemonSet, KubeObject, Pod } from '../src/index.ts'
import { Admission, admitObject } from '../src/index.ts'

const namespace = (labels: Readonly<Record<string, string>>) => ({ metadata: { name: 'default', labels } })

/** Mostly what is valid, so that pods come to the later rules too. */
const mostly = <T>(valid: readonly T[], wrong: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...valid) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) })

const list = (amounts: readonly string[], wrong: readonly string[]) =>
  fc.dictionary(
    mostly(['cpu', 'memory', 'ephemeral-storage', 'cpu'], ['foo', 'example.com/gpu']),
    mostly(amounts, wrong),
    {
      maxKeys: 2,
    },
  )
const resources = fc.record(
  { requests: list(['0', '100m', '1', '64Mi'], ['-1', '8Gi']), limits: list(['2Gi', '4Gi'], ['1', '-1', '1n']) },
  { requiredKeys: [] },
)
const container = (...names: readonly string[]) =>
  fc.record(
    {
      name: mostly(names, ['B', '', 'main']),
      image: mostly(['a:1', 'b'], ['']),
      resources,
      ports: fc.array(fc.record({ containerPort: mostly([80, 443], [0, 70_000]) }), { maxLength: 1 }),
      securityContext: fc.record({ privileged: fc.boolean(), runAsNonRoot: fc.boolean() }, { requiredKeys: [] }),
    },
    { requiredKeys: ['name', 'image'] },
  )
const toleration = fc.record(
  {
    key: fc.constantFrom('k', 'node.kubernetes.io/not-ready'),
    operator: mostly(['Exists', 'Equal'], ['In']),
    effect: mostly(['NoExecute'], ['NoSchedule', '']),
    tolerationSeconds: fc.constantFrom(0, 60),
  },
  { requiredKeys: ['key', 'effect'] },
)
const pod: fc.Arbitrary<Pod> = fc.record({
  metadata: fc.record({ name: mostly(['p'], ['P', '']) }),
  spec: fc.record(
    {
      containers: fc.tuple(container('main')),
      initContainers: fc.array(container('setup'), { maxLength: 1 }),
      tolerations: fc.array(toleration, { maxLength: 3 }),
      priorityClassName: mostly(['high', 'system-node-critical'], ['missing']),
      hostNetwork: fc.boolean(),
      resources: mostly<object>([{}, { limits: { cpu: '16Gi' } }], [{ requests: { foo: '1' } }]),
      runtimeClassName: mostly(['kata'], ['missing']),
    },
    { requiredKeys: ['containers'] },
  ),
})
const world: fc.Arbitrary<AdmissionWorld> = fc.record(
  {
    namespaces: fc
      .constantFrom('privileged', 'privileged', 'baseline', 'restricted')
      .map(level => [namespace({ 'pod-security.kubernetes.io/enforce': level })]),
    priorityClasses: mostly<readonly object[]>(
      [
        [
          { metadata: { name: 'high' }, value: 1_000 },
          { metadata: { name: 'all' }, value: 5, globalDefault: true },
        ],
      ],
      [[]],
    ),
    limitRanges: fc.array(
      fc.record({
        metadata: fc.constant({ name: 'l', namespace: 'default' }),
        spec: fc.record({
          limits: fc.array(
            fc.record({ type: fc.constantFrom('Container', 'Pod'), max: list(['4Gi', '8Gi'], ['1m']) }),
            {
              maxLength: 2,
            },
          ),
        }),
      }),
      { maxLength: 1 },
    ),
    resourceQuotas: fc.array(
      fc.record({
        metadata: fc.constant({ name: 'q', namespace: 'default' }),
        spec: fc.record({ hard: fc.dictionary(fc.constantFrom('pods', 'requests.cpu'), fc.constantFrom('1', '500m')) }),
      }),
      { maxLength: 1 },
    ),
    runtimeClasses: mostly<readonly object[]>(
      [[{ metadata: { name: 'kata' }, handler: 'kata', overhead: { podFixed: { cpu: '250m' } } }]],
      [[]],
    ),
  },
  { requiredKeys: ['priorityClasses', 'runtimeClasses'] },
) as fc.Arbitrary<AdmissionWorld>

describe('admission', () => {
  test('of an admitted pod changes nothing, as long as quota is left', () => {
    let admitted = 0
    fc.assert(
      fc.property(pod, world, (given, lists) => {
        const admission = new Admission(lists)
        const first = admission.admitPod(given)
        if (first.kind !== 'admitted') return
        admitted++
        expect(admission.admitPod(first.pod)).toEqual(first)
      }),
      { numRuns: 1_000 },
    )
    expect(admitted).toBeGreaterThan(100)
  })

  test('says why it refuses, and whose rule it is', () => {
    const rules = new Set<string>()
    fc.assert(
      fc.property(pod, world, (given, lists) => {
        const answer = new Admission(lists).admitPod(given)
        if (answer.kind !== 'refused') return
        rules.add(answer.by)
        expect(answer.message).not.toBe('')
        expect([400, 403, 422]).toContain(answer.code)
        expect(answer.message).toMatch(
          answer.code === 422 ? / is invalid: / : / forbidden: | forbidden|cannot be handled/,
        )
      }),
      { numRuns: 1_000 },
    )
    expect([...rules].sort((a, b) => (a < b ? -1 : 1))).toEqual(
      expect.arrayContaining(['LimitRanger', 'PodSecurity', 'Priority', 'ResourceQuota', 'RuntimeClass', 'validation']),
    )
  })

  test('says which lists it took to be empty', () => {
    fc.assert(
      fc.property(pod, world, (given, lists) => {
        const answer = new Admission(lists).admitPod(given)
        if (answer.kind !== 'admitted') return
        for (const name of ['limitRanges', 'resourceQuotas'] as const) {
          expect(answer.assumed.includes(name)).toBe(lists[name] === undefined)
        }
      }),
    )
  })

  test('answers whatever it is given, and throws nothing', () => {
    const admission = new Admission({})
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (spec, metadata) => {
        for (const object of [
          spec,
          { spec },
          { metadata, spec: { containers: spec } },
          { spec: { template: { spec } } },
        ]) {
          expect(['admitted', 'refused', 'unknown']).toContain(admission.admitPod(object as unknown as Pod).kind)
          expect(admission.admitDaemonSet(object as unknown as DaemonSet, 'n1').kind).toMatch(/stored|refused|unknown/)
          for (const kind of ['LimitRange', 'ResourceQuota', 'PriorityClass', 'RuntimeClass', 'Namespace', '']) {
            const given = typeof object === 'object' && object !== null ? { ...object, kind } : { kind }
            expect(admitObject(given as unknown as KubeObject, {}).kind).toMatch(/stored|refused|unknown/)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of a field with a value of a wrong type is refused with the decoder’s text', () => {
    const answer = new Admission({}).admitPod({
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'a', image: 'a', livenessProbe: { tcpSocket: true } }] },
    } as unknown as Pod)
    const field =
      'Go struct field Probe.spec.containers.livenessProbe.ProbeHandler.tcpSocket of type v1.TCPSocketAction'
    expect(answer).toEqual({
      kind: 'refused',
      by: 'decoding',
      code: 400,
      message: `Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal bool into ${field}`,
    })
  })
})
