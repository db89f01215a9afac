import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readGoJson } from '../src/admission/go-json.ts'
import {
  Admission,
  type AdmissionPlugins,
  type ClusterDump,
  cover,
  type Pod,
  type PodSpec,
  type Toleration,
} from '../src/index.ts'
import { daemonSet, EMPTY, node } from './coverage-builders.ts'

const NODE_SELECTOR = 'scheduler.alpha.kubernetes.io/node-selector'
const DEFAULTS = 'scheduler.alpha.kubernetes.io/defaultTolerations'
const WHITELIST = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist'
const ANYTHING: Toleration = { operator: 'Exists' }
const BORN: readonly string[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

interface Given {
  readonly annotations?: Readonly<Record<string, string>>
  readonly plugins?: AdmissionPlugins
  readonly spec?: Partial<PodSpec>
  readonly stored?: true
}

function admit({ annotations = {}, plugins, spec, stored }: Given): ReturnType<Admission['admitPod']> {
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'n' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  }
  return new Admission(
    {
      namespaces: [{ metadata: { name: 'n', annotations } }],
      priorityClasses: [],
      runtimeClasses: [],
      ...(plugins === undefined ? {} : { admissionPlugins: plugins }),
    },
    stored === undefined ? {} : { stored },
  ).admitPod(pod)
}

/** Tolerations of an admitted pod but for those that every pod gets. */
function tolerationsOf(answer: ReturnType<Admission['admitPod']>): readonly Toleration[] {
  if (answer.kind !== 'admitted') throw new Error(JSON.stringify(answer))
  return (answer.pod.spec.tolerations ?? []).filter(({ key = '' }) => !BORN.includes(key))
}

describe('plugins that are off by default', () => {
  const annotations = { [NODE_SELECTOR]: 'disk=ssd', [DEFAULTS]: JSON.stringify([ANYTHING]) }

  it('do nothing where they are known to be off', () => {
    expect(admit({ annotations, plugins: { on: [] } })).toEqual(admit({ plugins: { on: [] } }))
  })

  it('leave a pod unknown that an annotation would change, with what to pass', () => {
    const answer = admit({ annotations: { [NODE_SELECTOR]: 'disk=ssd' } })
    expect(answer).toMatchObject({ kind: 'unknown', needs: ['--admission-plugins'] })
    expect(answer).toHaveProperty('detail', expect.stringContaining('--admission-plugins=PodNodeSelector, or'))
    const two = admit({ annotations })
    expect(two).toHaveProperty('detail', expect.stringContaining('=PodNodeSelector,PodTolerationRestriction, or'))
  })

  it('leave nothing unknown where the pod is the same with them', () => {
    const nodeSelector = { disk: 'ssd' }
    expect(admit({ annotations: { [NODE_SELECTOR]: 'disk=ssd' }, spec: { nodeSelector } }).kind).toBe('admitted')
    expect(admit({ annotations: { [WHITELIST]: JSON.stringify([ANYTHING]) } }).kind).toBe('admitted')
    expect(admit({ annotations: { 'example.com/node-selector': 'a=b' } }).kind).toBe('admitted')
  })
})

// Rows of TestPodAdmission in kubernetes plugin/pkg/admission/podnodeselector/admission_test.go, v1.36.2.
test.each([
  ['infra=false', undefined, { infra: 'false' }],
  ['', undefined, {}],
  ['infra=false', '', {}],
  ['infra=false', 'infra=true', { infra: 'true' }],
  ['', 'infra=true', { infra: 'true' }],
])('a cluster default %j under the annotation %j selects %j', (clusterDefaultNodeSelector, annotation, selected) => {
  const answer = admit({
    ...(annotation === undefined ? {} : { annotations: { [NODE_SELECTOR]: annotation } }),
    plugins: { on: ['PodNodeSelector'], podNodeSelector: { clusterDefaultNodeSelector } },
  })
  expect(answer).toMatchObject({ kind: 'admitted' })
  expect(answer.kind === 'admitted' && (answer.pod.spec.nodeSelector ?? {})).toEqual(selected)
})

test('a label of a prototype is a label like any other', () => {
  const answer = admit({ annotations: { [NODE_SELECTOR]: 'constructor=a' }, plugins: { on: ['PodNodeSelector'] } })
  expect(answer).toMatchObject({ pod: { spec: { nodeSelector: { constructor: 'a' } } } })
})

test('a default toleration that no pod may have is refused by validation, of a stored template too', () => {
  const annotations = { [DEFAULTS]: '[{"key":"a","operator":"Sometimes"}]' }
  const plugins: AdmissionPlugins = { on: ['PodTolerationRestriction'] }
  const answers = [admit({ annotations, plugins }), admit({ annotations, plugins, stored: true })]
  for (const answer of answers) {
    expect(answer).toMatchObject({ kind: 'refused', by: 'validation', code: 422 })
    expect(answer).toHaveProperty('message', expect.stringContaining('spec.tolerations[2].operator: Unsupported value'))
  }
})

test('an empty list of a namespace stands before the list of the cluster', () => {
  const podTolerationRestriction = { default: [ANYTHING], whitelist: [] }
  const plugins: AdmissionPlugins = { on: ['PodTolerationRestriction'], podTolerationRestriction }
  expect(tolerationsOf(admit({ plugins }))).toEqual([ANYTHING])
  expect(tolerationsOf(admit({ plugins, annotations: { [DEFAULTS]: '' } }))).toEqual([])
})

// Rows of TestAdmit in kubernetes plugin/pkg/admission/extendedresourcetoleration/admission_test.go, v1.36.2.
test('an extended resource is tolerated once, of containers and init containers, and cpu is not', () => {
  const asks = (name: string) => ({
    name: 'c',
    image: 'i',
    resources: { requests: { [name]: '1' }, limits: { [name]: '1' } },
  })
  const spec = {
    containers: [asks('example.com/b'), { ...asks('cpu'), name: 'd' }],
    initContainers: [{ ...asks('example.com/a'), name: 'e' }],
  }
  const added = ['example.com/a', 'example.com/b'].map(key => ({ key, operator: 'Exists', effect: 'NoSchedule' }))
  expect(tolerationsOf(admit({ spec, plugins: { on: ['ExtendedResourceToleration'] } }))).toEqual(added)
  expect(tolerationsOf(admit({ spec, plugins: { on: [] } }))).toEqual([])
})

describe('coverage', () => {
  const metadata = { name: 'agents', annotations: { [NODE_SELECTOR]: 'disk=ssd' } }
  const dump: ClusterDump = {
    ...EMPTY,
    nodes: [node('a', { labels: { disk: 'ssd' } }), node('b')],
    daemonSets: [daemonSet('agent')],
    namespaces: [{ metadata }],
  }
  const kinds = (given: ClusterDump, admissionPlugins?: AdmissionPlugins): readonly string[] =>
    cover(given, admissionPlugins === undefined ? {} : { admissionPlugins }).daemonSets[0]!.groups.map(
      ({ verdict }) => verdict.kind,
    )

  it('cannot tell without the plugins, and decides with them', () => {
    expect(kinds(dump)).toEqual(['unknown'])
    expect(kinds(dump, { on: [] })).toEqual(['fits'])
    expect(kinds(dump, { on: ['PodNodeSelector'] })).toEqual(['blocked', 'fits'])
  })

  it('names the plugin that refuses', () => {
    const broken = { ...dump, namespaces: [{ metadata: { ...metadata, annotations: { [NODE_SELECTOR]: 'disk' } } }] }
    const [group] = cover(broken, { admissionPlugins: { on: ['PodNodeSelector'] } }).daemonSets[0]!.groups
    expect(group?.verdict).toMatchObject({
      kind: 'refused',
      by: 'PodNodeSelector',
      message: 'invalid selector: [disk]',
    })
  })

  it('cannot tell what a mutating policy makes of a pod that it concerns', () => {
    const policy = (operations: readonly string[]) => [
      {
        kind: 'MutatingAdmissionPolicy',
        metadata: { name: 'm' },
        spec: {
          matchConstraints: {
            resourceRules: [{ apiGroups: [''], apiVersions: ['*'], operations, resources: ['pods'] }],
          },
        },
      },
      { kind: 'MutatingAdmissionPolicyBinding', metadata: { name: 'b' }, spec: { policyName: 'm' } },
    ]
    const plain = { ...dump, namespaces: [{ metadata: { name: 'agents' } }] }
    expect(kinds({ ...plain, others: policy(['CREATE']) })).toEqual(['unknown'])
    expect(kinds({ ...plain, others: policy(['UPDATE']) })).toEqual(['fits'])
    expect(kinds({ ...plain, others: policy(['CREATE']).slice(0, 1) })).toEqual(['fits'])
  })
})

describe('JSON of an annotation', () => {
  const text = fc
    .json()
    .chain(json =>
      fc
        .tuple(
          fc.nat(json.length),
          fc.constantFrom('', '"', '\\', ',', '}', ']', '-', '0', 'e', '.', '\u0001', 'é', ' ', 'tru'),
        )
        .map(([at, inserted]) => json.slice(0, at) + inserted + json.slice(at)),
    )

  it('is read exactly where it is JSON', () => {
    const verdicts = { read: 0, refused: 0 }
    fc.assert(
      fc.property(text, given => {
        let isJson = true
        try {
          JSON.parse(given)
        } catch {
          isJson = false
        }
        verdicts[isJson ? 'read' : 'refused']++
        expect(readGoJson(given).kind).toBe(isJson ? 'value' : 'error')
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(verdicts.read, verdicts.refused)).toBeGreaterThan(100)
  })

  it('may nest as deep as Go reads, and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(readGoJson(nested(10_000)).kind).toBe('value')
    expect(readGoJson(nested(10_001))).toEqual({ kind: 'error', text: "invalid character '[' exceeded max depth" })
    expect(readGoJson('['.repeat(300_000)).kind).toBe('error')
  })
})
