import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../src/diagnostic.ts'
import { list, load, pod } from './inputs.ts'

const node = (status: object, name = 'n') => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status })

async function diagnosticsOf(...objects: readonly object[]): Promise<readonly Diagnostic[]> {
  return (await load(JSON.stringify(list(...objects, pod('good')), undefined, 2))).diagnostics
}

describe('an object whose fields have the wrong type is left out with a place, and the rest is read', () => {
  test.each([
    [
      'labels that are a list',
      { ...pod('bad'), metadata: { name: 'bad', labels: ['x'] } },
      'metadata.labels: expected an object of texts, found a list',
    ],
    [
      'a label that is a number',
      { ...pod('bad'), metadata: { name: 'bad', labels: { a: 1 } } },
      'metadata.labels.a: expected a text for "a", found 1',
    ],
    ['a name that is a number', { ...pod('bad'), metadata: { name: 7 } }, 'metadata.name: expected a text, found 7'],
    ['a spec that is a text', { ...pod('bad'), spec: 'x' }, 'spec: expected an object, found the text "x"'],
    [
      'containers that are an object',
      { ...pod('bad'), spec: { containers: {} } },
      'spec.containers: expected a list, found an object',
    ],
    [
      'a priority beyond 32 bits',
      { ...pod('bad'), spec: { priority: 2 ** 40 } },
      'spec.priority: 1099511627776 is out of range: -2147483648 to 2147483647',
    ],
    [
      'a priority with a fraction',
      { ...pod('bad'), spec: { priority: 1.5 } },
      'spec.priority: expected a whole number, found 1.5',
    ],
    [
      'a flag that is a text',
      { ...pod('bad'), spec: { hostNetwork: 'yes' } },
      'spec.hostNetwork: expected true or false, found the text "yes"',
    ],
    [
      'a toleration that is a text',
      { ...pod('bad'), spec: { tolerations: ['x'] } },
      'spec.tolerations[0]: expected an object, found the text "x"',
    ],
    ['a container without a name', { ...pod('bad'), spec: { containers: [{}] } }, 'spec.containers[0]: missing "name"'],
    ['no spec at all', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bad' } }, 'missing "spec"'],
    [
      'a time that is none',
      { ...pod('bad'), metadata: { name: 'bad', creationTimestamp: 'yesterday' } },
      'metadata.creationTimestamp: invalid time "yesterday"',
    ],
    [
      'a taint without a key',
      { ...node({}, 'bad'), spec: { taints: [{ effect: 'NoSchedule' }] } },
      'spec.taints[0]: missing "key"',
    ],
    [
      'a taint with an empty key',
      { ...node({}, 'bad'), spec: { taints: [{ key: '', effect: 'NoSchedule' }] } },
      'spec.taints[0].key: an empty text stands where a name must be',
    ],
    [
      'a negative quantity',
      node({ allocatable: { cpu: '-4' } }, 'bad'),
      'status.allocatable.cpu: negative quantity "-4"',
    ],
    [
      'a quantity that is none',
      node({ allocatable: { memory: '1.5GiB' } }, 'bad'),
      'status.allocatable.memory: invalid quantity "1.5GiB"',
    ],
    [
      'an absurd quantity',
      node({ allocatable: { cpu: '1e999999999' } }, 'bad'),
      'status.allocatable.cpu: absurd quantity "1e999999999"',
    ],
    [
      'a quantity that is a list',
      node({ allocatable: { cpu: [] } }, 'bad'),
      'status.allocatable.cpu: expected a quantity, found a list',
    ],
  ])('%s', async (_, object, message) => {
    const text = JSON.stringify(list(object, pod('good')), undefined, 2)
    const { dump, diagnostics } = await load(text)
    expect(diagnostics).toHaveLength(1)
    const [diagnostic] = diagnostics
    expect(diagnostic?.severity).toBe('error')
    expect(diagnostic?.message.replace(/^\w+ (?:"bad"|without a name|"default\/bad") is left out: /, '')).toBe(message)
    expect(dump.pods?.map(({ metadata }) => metadata.name)).toEqual(['good'])
    const { place, excerpt, excerptColumn = 1 } = diagnostic!
    const line = text.split('\n')[place!.line - 1]!
    expect(excerpt).toBe(line.slice(excerptColumn - 1))
    expect(line[place!.column - 1]).toMatch(/["{[\d]/)
  })

  test('and the remedy is named', async () => {
    const [diagnostic] = await diagnosticsOf(node({ allocatable: { memory: '1.5GiB' } }))
    expect(diagnostic).toMatchObject({
      code: 'invalid-quantity',
      note: expect.stringContaining('Did you mean "1.5Gi"?'),
    })
    expect(diagnostic?.place).toMatchObject({ file: 'cluster.json', line: 14, column: 21, endColumn: 29 })
  })

  test('in YAML too', async () => {
    const { dump, diagnostics } = await load(
      'apiVersion: v1\nkind: Node\nmetadata:\n  name: bad\nspec:\n  taints: {}\n---\napiVersion: v1\nkind: Node\nmetadata:\n  name: good\n',
      'nodes.yaml',
    )
    expect(dump.nodes?.map(({ metadata }) => metadata.name)).toEqual(['good'])
    expect(diagnostics).toMatchObject([
      { code: 'wrong-type', message: 'Node "bad" is left out: spec.taints: expected a list, found an object' },
    ])
    expect(diagnostics[0]?.place).toMatchObject({ file: 'nodes.yaml', line: 6, column: 11 })
    expect(diagnostics[0]?.excerpt).toBe('  taints: {}')
  })
})

describe('a mistake in the text', () => {
  test('is told with its line, and what is left out', async () => {
    const text = `${JSON.stringify(pod('a'))}\n{"apiVersion": "v1" "kind": "Pod"}\n${JSON.stringify(pod('b'))}\n`
    const { dump, diagnostics } = await load(text, 'pods.jsonl')
    expect(dump.pods).toHaveLength(2)
    expect(diagnostics).toEqual([
      {
        code: 'json-syntax',
        severity: 'error',
        message: 'expected "," or the end of the object or list, found "\\""',
        place: { file: 'pods.jsonl', line: 2, column: 21 },
        excerpt: '{"apiVersion": "v1" "kind": "Pod"}',
        excerptColumn: 1,
        note: 'What begins at line 2 is left out; reading goes on at line 3.',
      },
    ])
  })

  test('in a YAML List is told at its own line', async () => {
    const { dump, diagnostics } = await load(
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {}\n- kind: *nothing\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {priority: high}\n',
      'pods.yaml',
    )
    expect(dump.pods).toHaveLength(1)
    expect(diagnostics.map(({ code, place }) => `${code} ${place?.line}`)).toEqual([
      'yaml-unknown-anchor 8',
      'wrong-type 12',
    ])
  })
})

describe('limits', () => {
  test('a label value of 10 MB is read', async () => {
    const value = 'x'.repeat(10_000_000)
    const { dump, diagnostics } = await load(
      JSON.stringify(list({ ...pod('a'), metadata: { name: 'a', labels: { big: value } } }, pod('b'))),
    )
    expect(diagnostics).toEqual([])
    expect(dump.pods?.[0]?.metadata.labels?.['big']?.length).toBe(10_000_000)
    expect(dump.pods).toHaveLength(2)
  })

  test('JSON of 20,000 levels is told, and the rest is read', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const { dump, diagnostics } = await load(`${JSON.stringify(pod('a'))}\n${deep}\n${JSON.stringify(pod('b'))}`)
    expect(diagnostics.map(({ code }) => code)).toEqual(['json-too-deep'])
    expect(dump.pods).toHaveLength(2)
  })

  test('Lists in Lists in Lists are told', async () => {
    let nested: object = pod('deep')
    for (let level = 0; level < 1000; level++) nested = list(nested)
    const { dump, diagnostics } = await load(JSON.stringify(list(nested, pod('a'))))
    expect(diagnostics.map(({ code }) => code)).toEqual(['lists-too-deep'])
    expect(dump.pods?.map(({ metadata }) => metadata.name)).toEqual(['a'])
  })

  test('YAML of 20,000 levels is told, and the rest is read', async () => {
    const flow = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const block = Array.from({ length: 20_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
    for (const deep of [flow, block]) {
      const { dump, diagnostics } = await load(
        `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n---\n${deep}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {}\n`,
      )
      expect(diagnostics.length).toBeGreaterThan(0)
      expect(diagnostics[0]?.severity).toBe('error')
      expect(dump.pods).toHaveLength(2)
    }
  })

  test('an alias bomb is told, and the rest is read', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const inner = level === 0 ? '"lol"' : `*a${level - 1}`
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`
    })
    const { dump, diagnostics } = await load(
      `${levels.join('\n')}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {}\n`,
    )
    expect(diagnostics[0]?.severity).toBe('error')
    expect(dump.pods).toHaveLength(1)
  })

  test('many diagnostics of one kind are counted, not listed', async () => {
    const bad = Array.from({ length: 500 }, (_, index) => node({ allocatable: { cpu: '-1' } }, `n${index}`))
    const diagnostics = await diagnosticsOf(...bad)
    expect(diagnostics).toHaveLength(51)
    expect(diagnostics.at(-1)?.message).toBe(
      'cluster.json: 450 more of 500 diagnostics [negative-quantity] are not listed',
    )
  })
})

describe('text', () => {
  test('that is not UTF-8 is read with U+FFFD and told', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...pod('a'), metadata: { name: 'a', labels: { x: '?' } } }))
    bytes[bytes.indexOf(0x3f)] = 0xff
    const { dump, diagnostics } = await load(bytes)
    expect(dump.pods?.[0]?.metadata.labels).toEqual({ x: '\ufffd' })
    expect(diagnostics).toMatchObject([{ code: 'invalid-utf8', severity: 'warning' }])
    expect(diagnostics[0]?.message).toContain('metadata.labels.x')
  })

  test('with a lone surrogate reads as in Go', async () => {
    const { dump } = await load(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"\\ud800y"}},"spec":{}}',
    )
    expect(dump.pods?.[0]?.metadata.labels).toEqual({ x: '\ufffdy' })
  })

  test('of a label called __proto__ or constructor is a label', async () => {
    const { dump } = await load(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"__proto__":"x","constructor":"y"}},"spec":{}}',
    )
    expect(Object.entries(dump.pods?.[0]?.metadata.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })
})

test('of a key that stands twice the later one counts, with a warning', async () => {
  const { dump, diagnostics } = await load(
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"1","x":"2"}},"spec":{"nodeName":"n1","nodeName":"n2"}}',
  )
  expect(dump.pods?.[0]?.spec.nodeName).toBe('n2')
  expect(dump.pods?.[0]?.metadata.labels).toEqual({ x: '2' })
  expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    'duplicate-key warning',
    'duplicate-key warning',
  ])
})

test('pods on nodes that do not exist are kept, and a node without allocatable has its capacity, as in the API server', async () => {
  const { dump, diagnostics } = await load(
    JSON.stringify(list({ ...pod('a'), spec: { nodeName: 'gone' } }, node({ capacity: { cpu: '4' } }))),
  )
  expect(diagnostics).toEqual([])
  expect(dump.pods?.[0]?.spec.nodeName).toBe('gone')
  expect(dump.nodes?.[0]?.status).toEqual({ capacity: { cpu: '4' }, allocatable: { cpu: '4' } })
})

test('a cycle of owners is read as it is', async () => {
  const owned = (name: string, owner: string) => ({
    ...pod(name),
    metadata: { name, uid: name, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: owner, uid: owner }] },
  })
  const { dump, diagnostics } = await load(JSON.stringify(list(owned('a', 'b'), owned('b', 'a'))))
  expect(diagnostics).toEqual([])
  expect(dump.pods).toHaveLength(2)
})

describe('what is no cluster', () => {
  test.each([
    ['a text', 'hello world\n', 'not-an-object'],
    ['a number', '42', 'not-an-object'],
    ['a list of numbers', '[1, 2]', 'not-an-object'],
    ['an object without kind', '{"a": 1}', 'no-kind'],
    ['an object without apiVersion', '{"kind": "Pod"}', 'no-kind'],
    ['an opened brace', '{', 'json-unexpected-end'],
    ['a zip archive', 'PK\u0003\u0004\u0000\u0000', 'unsupported-format'],
    [
      'a failure of the API server',
      '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"pods is forbidden"}',
      'api-failure',
    ],
    ['a document separator with text', '--- x\n', 'yaml-separator'],
  ])('%s', async (_, text, code) => {
    const { dump, diagnostics } = await load(text)
    expect(dump).toEqual({})
    expect(diagnostics.map(diagnostic => diagnostic.code)).toContain(code)
    for (const diagnostic of diagnostics) expect(diagnostic.place?.file).toBe('cluster.json')
  })

  test('damaged gzip: what was unpacked is read', async () => {
    const text = Array.from({ length: 3000 }, (_, index) =>
      JSON.stringify(pod(`p${index}-${Math.imul(index, 0x9e3779b1) >>> 0}`)),
    ).join('\n')
    const packed = gzipSync(text)
    const { dump, diagnostics } = await load(packed.subarray(0, packed.length - 2000), 'a.gz', 1000)
    expect(diagnostics.map(({ code }) => code)).toContain('bad-gzip')
    expect(dump.pods?.length).toBeGreaterThan(0)
    expect(dump.pods?.length).toBeLessThan(3000)
  })
})
