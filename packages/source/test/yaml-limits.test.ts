import { parseYamlDocument, readYamlFile } from '@everynode/source'
import { describe, expect, test } from 'vitest'

const CONVERTING = 'error converting YAML to JSON: yaml: '

describe('nesting', () => {
  test.each([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
  ])('of 10,000 levels of %j is read, of more refused', (open, close) => {
    const nested = (depth: number) => `x:\n  ${open.repeat(depth)}1${close.repeat(depth)}\n`
    expect(readYamlFile(nested(9_998)).error).toBeUndefined()
    for (const depth of [10_001, 20_000]) expect(readYamlFile(nested(depth)).error).toContain('exceeded max depth')
  })

  test('of blocks and brackets together passes go-yaml and fails in JSON', () => {
    const text = `a:\n${'- '.repeat(5000)}${'['.repeat(6000)}${']'.repeat(6000)}\n`
    const { error } = readYamlFile(text)
    expect(error).toBe("error unmarshaling JSON: while decoding JSON: invalid character '[' exceeded max depth")
    expect(parseYamlDocument(text, { file: 'a.yaml' }).diagnostics).toMatchObject([{ code: 'yaml-too-deep' }])
  })

  test('too deep under a key that is no string is refused in the same way', () => {
    expect(readYamlFile(`1:\n${'- '.repeat(9990)}${'['.repeat(9990)}${']'.repeat(9990)}\n`).error).toContain(
      'exceeded max depth',
    )
  })

  test('that is too deep is an error with its place', () => {
    expect(parseYamlDocument('['.repeat(20_000), { file: 'a.yaml' }).diagnostics).toMatchObject([
      { code: 'yaml-too-deep', severity: 'error', place: { file: 'a.yaml', line: 1, column: 10_001 } },
    ])
  })

  test('by indentation is refused where it is too deep', () => {
    const lines = Array.from({ length: 10_050 }, (_, depth) => `${' '.repeat(depth)}a:`)
    expect(readYamlFile(lines.join('\n')).error).toContain('exceeded max depth of 10000')
  })
})

describe('aliases', () => {
  test('that grow without bound are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(readYamlFile(lines.join('\n')).error).toBe(`${CONVERTING}document contains excessive aliasing`)
    expect(parseYamlDocument(lines.join('\n'), { file: 'a' }).diagnostics).toMatchObject([
      { code: 'yaml-excessive-aliasing', severity: 'error' },
    ])
  })

  test('that merge a long chain of mappings are read', () => {
    const lines = ['a0: &a0 {k: 0}']
    for (let i = 1; i < 400; i++) lines.push(`a${i}: &a${i}\n  <<: *a${i - 1}\n  k${i}: ${i}`)
    const document = parseYamlDocument(lines.join('\n'), { file: 'a' })
    expect(document.diagnostics).toMatchObject([{ code: 'yaml-excessive-aliasing' }])
    expect(document.places.of(['a399', 'k0'])).toBeUndefined()
    expect(document.places.of(['a20', 'k1'])?.line).toBe(4)
  })

  test('of a value that they are in are refused', () => {
    expect(readYamlFile('a: &x {b: [*x]}\n').error).toBe(`${CONVERTING}anchor 'x' value contains itself`)
  })
})

describe('huge parts', () => {
  const tenMegabytes = 10_000_000

  test.each([
    ['a plain value', (text: string) => `a: ${text}\n`],
    ['a quoted value', (text: string) => `a: "${text}"\n`],
    ['a block', (text: string) => `a: |-\n  ${text}\n`],
  ])('%s of 10 MB is read', (_name, write) => {
    const text = 'x'.repeat(tenMegabytes)
    expect(readYamlFile(write(text)).documents).toEqual([{ a: text }])
  })

  test('a number of a million digits is a float out of range, so a string', () => {
    const digits = '9'.repeat(1_000_000)
    expect(readYamlFile(`a: ${digits}\n`).documents).toEqual([{ a: digits }])
    expect(readYamlFile(`a: 0${'7'.repeat(1_000_000)}\n`).documents).toHaveLength(1)
  })

  test('a text of many lines and words is read in linear time', () => {
    const words = 'word '.repeat(2_000_000).trim()
    expect(readYamlFile(`a: ${words}\n`).documents).toEqual([{ a: words }])
    const lines = `a:\n${'  line\n'.repeat(300_000)}`
    expect(JSON.stringify(readYamlFile(lines).documents).length).toBeGreaterThan(1_000_000)
  })

  test('a hundred thousand equal keys give a bounded list of warnings', () => {
    const { diagnostics, value } = parseYamlDocument('k: 1\n'.repeat(100_000), { file: 'a' })
    expect(value).toEqual({ k: 1 })
    expect(diagnostics.length).toBe(100)
  })
})
