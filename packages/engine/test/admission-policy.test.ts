import { describe, expect, test } from 'vitest'
import type { AdmissionAnswer, KubeObject, Pod } from '../src/index.ts'
import { Admission } from '../src/index.ts'

const POD = {
  metadata: { name: 'p', labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu: '100m' } } }] },
}

interface PolicySpec {
  readonly expression: string
  readonly condition?: string
  readonly variables?: Readonly<Record<string, string>>
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded'
}

/** A policy for pods with its binding. */
function policy(name: string, given: PolicySpec): readonly KubeObject[] {
  const { expression, condition, variables = {}, failurePolicy = 'Fail', reinvocationPolicy = 'Never' } = given
  const mutation = expression.startsWith('Object')
    ? { patchType: 'ApplyConfiguration', applyConfiguration: { expression } }
    : { patchType: 'JSONPatch', jsonPatch: { expression } }
  const apiVersion = 'admissionregistration.k8s.io/v1'
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }
  return [
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy,
        reinvocationPolicy,
        matchConstraints: { resourceRules: [rule] },
        ...(condition === undefined ? {} : { matchConditions: [{ name: 'c', expression: condition }] }),
        variables: Object.entries(variables).map(([key, text]) => ({ name: key, expression: text })),
        mutations: [mutation],
      },
    } as KubeObject,
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name },
    } as KubeObject,
  ]
}

function admit(...policies: readonly PolicySpec[]): AdmissionAnswer {
  const objects = policies.flatMap((spec, index) => policy(`p${index + 1}`, spec))
  const namespaces = [{ metadata: { name: 'default' } }]
  return new Admission({ policies: objects, namespaces, priorityClasses: [] }).admitPod(POD as Pod)
}

/** The label `r` after a policy that sets it to the value of an expression, or why there is none. */
function label(expression: string, rest: Omit<PolicySpec, 'expression'> = {}): string | undefined {
  const value = `[JSONPatch{op: "add", path: "/metadata/labels/r", value: ${expression}}]`
  const answer = admit({ expression: value, ...rest })
  if (answer.kind === 'admitted') return answer.pod.metadata.labels?.['r']
  return answer.kind === 'refused' ? answer.message.split(' resulted in error: ').at(-1) : answer.detail
}

describe('an expression', () => {
  test.each([
    ['object.metadata.name + "-" + string(size(object.spec.containers))', 'p-1'],
    ['object.spec.containers.map(c, c.name).join(",")', 'main'],
    ['object.spec.containers.exists(c, c.nope == "x" || c.name == "main") ? "a" : "b"', 'a'],
    ['has(object.spec.nodeSelector) ? "a" : "b"', 'b'],
    ['"app" in object.metadata.labels ? object.metadata.labels["app"] : "none"', 'x'],
    ['object.?spec.?nope.orValue("none")', 'none'],
    ['quantity("1").isGreaterThan(quantity("500m")) ? "a" : "b"', 'a'],
    ['string(object.spec.volumes.size())', '1'],
    ['namespaceObject.metadata.labels["kubernetes.io/metadata.name"]', 'default'],
    ['r"a\\n" == "a\\\\n" ? "a" : "b"', 'a'],
    ['1/0 == 1 || true ? "a" : "b"', 'a'],
  ])('%s gives %s', (expression, expected) => {
    expect(label(expression)).toBe(expected)
  })

  test.each([
    ['object.spec.nope', 'no such key: nope'],
    ['object.metadata.name < 5 ? "a" : "b"', 'no such overload'],
    ['object.spec.containers[3].name', 'index out of bounds: 3'],
    ['string(1 / 0)', 'division by zero'],
    ['object.metadata.name.all(c, true) ? "a" : "b"', "got 'types.String', expected iterable type"],
  ])('%s fails: %s', (expression, expected) => {
    expect(label(expression)).toBe(expected)
  })

  test('of a variable is evaluated where it is used, and its error names it', () => {
    expect(label('variables.n', { variables: { n: 'object.metadata.name' } })).toBe('p')
    expect(label('"a"', { variables: { n: '1/0' } })).toBe('a')
    expect(label('string(variables.n)', { variables: { n: '1/0' } })).toBe(
      'composited variable "n" fails to evaluate: division by zero',
    )
  })

  test.each([
    ['foo'],
    ['1 == "a" ? "a" : "b"'],
    ['[1, "a"][0]'],
    ['{"a": object.metadata.name, "b": "x"}.a'],
    ['timestamp("2024-01-01T00:00:00Z").getFullYear()'],
    ['request.userInfo.username'],
    ['"a'],
  ])('that no server takes, or that is not known, cannot be told: %s', expression => {
    expect(label(expression)).toMatch(/^MutatingAdmissionPolicy p1 cannot be evaluated: /)
  })

  test('of a condition must be true or false by its type', () => {
    const expression = '[JSONPatch{op: "add", path: "/metadata/labels/r", value: "v"}]'
    expect(admit({ expression, condition: 'object.metadata.name' }).kind).toBe('unknown')
    expect(admit({ expression, condition: 'object.metadata.name == "q"' })).toMatchObject({
      kind: 'admitted',
      pod: { metadata: { labels: { app: 'x' } } },
    })
  })
})

describe('a JSON patch', () => {
  test.each([
    ['{op: "add", path: "/spec/nope/x", value: 1}', 'add operation does not apply: doc is missing path'],
    ['{op: "remove", path: "/spec/nope"}', "error in remove for path: '/spec/nope': Unable to remove nonexistent key"],
  ])('%s does not apply', (operation, expected) => {
    const answer = admit({ expression: `[JSONPatch${operation}]` })
    expect(answer).toMatchObject({ kind: 'refused', by: 'MutatingAdmissionPolicy', code: 403 })
    expect(answer.kind === 'refused' && answer.message).toContain(expected)
  })

  test('whose test fails changes nothing', () => {
    const guarded =
      '[JSONPatch{op: "test", path: "/metadata/name", value: "q"}, JSONPatch{op: "remove", path: "/spec/nope"}]'
    expect(admit({ expression: guarded })).toMatchObject({ kind: 'admitted', pod: { metadata: { name: 'p' } } })
  })

  test('that makes what the type does not have is an internal error', () => {
    expect(admit({ expression: '[JSONPatch{op: "add", path: "/spec/nope", value: 1}]' })).toMatchObject({
      code: 500,
      message: 'Internal error occurred: strict decoding error: unknown field "spec.nope"',
    })
  })

  test('with a typed object inside a list panics the server', () => {
    const toleration = 'Object.spec.tolerations{key: "a", operator: "Exists"}'
    const expression = `[JSONPatch{op: "add", path: "/spec/tolerations", value: [${toleration}]}]`
    expect(admit({ expression })).toMatchObject({ kind: 'refused', code: 0 })
  })

  test('that fails is passed over where the policy says so', () => {
    const expression = '[JSONPatch{op: "remove", path: "/spec/nope"}]'
    expect(admit({ expression, failurePolicy: 'Ignore' }).kind).toBe('admitted')
  })

  test('is applied again after another policy only where the policy allows it', () => {
    const add = (key: string): string =>
      `[JSONPatch{op: "add", path: "/spec/tolerations/-", value: Object.spec.tolerations{key: "${key}", operator: "Exists"}}]`
    const count = (reinvocationPolicy: 'Never' | 'IfNeeded'): number | undefined => {
      const answer = admit({ expression: add('a'), reinvocationPolicy }, { expression: add('b') })
      return answer.kind === 'admitted'
        ? answer.pod.spec.tolerations?.filter(({ key }) => key === 'a').length
        : undefined
    }
    expect(count('Never')).toBe(1)
    expect(count('IfNeeded')).toBe(2)
  })
})

describe('an apply configuration', () => {
  test('merges containers by name and keeps their order', () => {
    const containers =
      '[Object.spec.containers{name: "side", image: "s:1"}, Object.spec.containers{name: "main", image: "b:2"}]'
    const answer = admit({ expression: `Object{spec: Object.spec{containers: ${containers}}}` })
    expect(answer.kind === 'admitted' && answer.pod.spec.containers?.map(({ name, image }) => [name, image])).toEqual([
      ['side', 's:1'],
      ['main', 'b:2'],
    ])
  })

  test.each([
    ['tolerations: []', 'invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.tolerations'],
    ['nope: 1', 'failed to convert patch object to typed object: .spec.nope: field not declared in schema'],
    [
      'priority: "x"',
      'failed to convert patch object to typed object: .spec.priority: expected numeric (int or float), got string',
    ],
    [
      'affinity: null',
      'failed to convert patch object to typed object: .spec.affinity: expected map, got &{NULL_VALUE}',
    ],
  ])('with %s is refused', (fields, expected) => {
    expect(admit({ expression: `Object{spec: Object.spec{${fields}}}` })).toMatchObject({
      code: 403,
      message: `policy 'p1' with binding 'p1' denied request: error applying patch: ${expected}`,
    })
  })
})
