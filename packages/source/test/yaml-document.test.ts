import { type Diagnostic, parseYamlDocument } from '@everynode/source'
import { describe, expect, test } from 'vitest'

/** What the diagnostic's place covers in its excerpt. */
function pointedAt({ excerpt = '', excerptColumn = 1, place }: Diagnostic): string {
  const characters = Array.from(excerpt)
  const from = (place?.column ?? 0) - excerptColumn
  return characters.slice(from, (place?.endColumn ?? place?.column ?? 0) - excerptColumn).join('')
}

const AT = { file: 'agent.yaml', firstLine: 11, offset: 1000 }

describe('places', () => {
  const text =
    'metadata:\n  name: "a"\n  labels: &l {x: "1", z: é😀, 5: n}\nspec:\n- image: |\n    abc\n    def\n- *l\n- {<<: *l, q: [1, !!str 2]}\nempty:\n'
  const { places } = parseYamlDocument(text, AT)

  test.each([
    [['metadata', 'name'], '"a"', 'name'],
    [['metadata', 'labels'], '{x: "1", z: é😀, 5: n}', 'labels'],
    [['metadata', 'labels', 'z'], 'é😀', 'z'],
    [['metadata', 'labels', '5'], 'n', '5'],
    [['spec', 0, 'image'], '|\n    abc\n    def', 'image'],
    [['spec', 1], '*l', undefined],
    [['spec', 1, 'x'], '"1"', 'x'],
    [['spec', 2, 'x'], '"1"', 'x'],
    [['spec', 2, 'q'], '[1, !!str 2]', 'q'],
    [['spec', 2, 'q', 1], '2', undefined],
    [['empty'], '', 'empty'],
  ] as const)('of %j point at its text', (path, value, key) => {
    const cut = (range: { offset: number; endOffset: number } | undefined) =>
      range === undefined ? undefined : text.slice(range.offset - AT.offset, range.endOffset - AT.offset)
    expect(cut(places.of(path))).toBe(value)
    expect(cut(places.keyOf(path))).toBe(key)
  })

  test('count lines in the file and columns in characters', () => {
    expect(places.of(['metadata', 'labels'])).toMatchObject({ line: 13, column: 14, endLine: 13, endColumn: 35 })
    expect(places.of(['spec', 0, 'image'])).toMatchObject({ line: 15, column: 10, endLine: 17, endColumn: 8 })
  })

  test('are unknown for a path that leads nowhere', () => {
    expect(places.of(['spec', 7])).toBeUndefined()
    expect(places.of(['metadata', 'name', 'x'])).toBeUndefined()
    expect(parseYamlDocument('a: [', AT).places.of(['a'])).toBeUndefined()
  })
})

describe('errors', () => {
  test.each([
    ['a: x: y\n', 'yaml-syntax', 11, 5],
    ['a:\n\tb: 1\n', 'yaml-syntax', 12, 1],
    ['a: 1\nb: *nope\n', 'yaml-unknown-anchor', 12, 4],
    ['a: {b: -.inf}\n', 'yaml-unsupported-value', 11, 8],
    ['a: {~: 1}\n', 'yaml-unsupported-key', 11, 5],
    ['a: {[1]: 1}\n', 'yaml-unsupported-key', 11, 5],
    ['a: {[]: 1}\n', 'yaml-syntax', 11, 5],
    ['? [1]\n: 1\n', 'yaml-unsupported-key', 11, 3],
    ['a: {<<: 1}\n', 'yaml-merge', 11, 9],
    ['a: !!int x\n', 'yaml-tag', 11, 10],
    ['a: "x\x1b[2Jy"\n', 'yaml-control-character', 11, 6],
  ])('%j', (text, code, line, column) => {
    const { diagnostics, value } = parseYamlDocument(text, AT)
    expect(value).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code, severity: 'error', place: { file: 'agent.yaml', line, column } }])
    expect(diagnostics[0]?.note).toBeTypeOf('string')
    expect(diagnostics[0]?.excerpt).not.toContain('\x1b')
  })

  test('name where the collection began that they are in', () => {
    expect(parseYamlDocument('a: 1\nb:\n  c: 1\n d: 2\n', AT).diagnostics).toMatchObject([
      {
        message: 'did not find expected key',
        place: { line: 14, column: 2 },
        related: [{ message: 'while parsing a block mapping', place: { line: 11, column: 1 } }],
      },
    ])
  })

  test('show a part of a long line, and where it starts', () => {
    const [diagnostic] = parseYamlDocument(`a: ${'é'.repeat(500)} *x: *nope\n`, AT).diagnostics
    expect(diagnostic?.excerpt?.length).toBeLessThan(200)
    expect(pointedAt(diagnostic as Diagnostic)).toBe('')
    const [other] = parseYamlDocument(`a: [${'😀'.repeat(200)}, *nope, ${'x'.repeat(200)}]\n`, AT).diagnostics
    expect(pointedAt(other as Diagnostic)).toBe('*nope')
  })
})

describe('warnings', () => {
  test('say which of two equal keys is taken', () => {
    const { diagnostics, value } = parseYamlDocument('env: 1\nname: a\nenv: 2\n', AT)
    expect(value).toEqual({ env: 2, name: 'a' })
    expect(diagnostics).toMatchObject([
      {
        code: 'yaml-duplicate-key',
        severity: 'warning',
        place: { line: 13, column: 1, endColumn: 4 },
        related: [{ place: { line: 11, column: 1, endColumn: 4 } }],
      },
    ])
  })

  test('are not given for a key that overrides a merged one', () => {
    expect(parseYamlDocument('a: &a {k: 1}\nb: {<<: *a, k: 2}\n', AT).diagnostics).toEqual([])
  })

  test('say where chance decides', () => {
    expect(parseYamlDocument('1: a\n"1": b\n', AT).diagnostics).toMatchObject([
      { code: 'yaml-duplicate-key', place: { line: 12, column: 1 } },
    ])
  })

  test.each([
    ['a: 1\n...\nb: 2\n', 13, 1],
    ['"a" b\n', 11, 5],
    ['[a]\n}\n', 12, 1],
  ])('say that kubectl overlooks a part of %j', (text, line, column) => {
    expect(parseYamlDocument(text, AT).diagnostics).toMatchObject([
      { code: 'yaml-overlooked-text', severity: 'warning', place: { line, column } },
    ])
  })

  test.each(['a: 1\n...\n# end\n', 'a: 1\n# end\n', '# nothing\n', '--- # first\na: 1\n', ''])(
    'are none for %j',
    text => {
      expect(parseYamlDocument(text, AT).diagnostics).toEqual([])
    },
  )
})
