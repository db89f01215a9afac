import { readYamlFile } from '@everynode/source'
import { describe, expect, test } from 'vitest'

/** Each answer was given by the oracle, the real code. */
const TYPE_ERRORS = 'error converting YAML to JSON: '

function errorOf(text: string): string | undefined {
  return readYamlFile(text).error
}

describe('scalars of YAML 1.1', () => {
  test.each([
    ['yes', true],
    ['0777', 511],
    ['0b-1', -1],
    ['1_000', 1000],
    ['.1_0', 0.1],
    ['1e400', '1e400'],
    ['1:30', '1:30'],
    ['2001-12-14', '2001-12-14'],
    ['9223372036854775807', 9223372036854775807n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', 18446744073709552000],
    ['-0.0', -0],
    ['!!binary /w==', '\ufffd'],
    ['!!float 1', 1],
    ['"\\U0001F600\\x41"', '😀A'],
    ['a\u2028 b', 'a\u2028b'],
  ])('%s', (text, value) => {
    expect(readYamlFile(`a: ${text}\n`)).toEqual({ documents: [{ a: value }] })
  })
})

test('keys that are floats are printed as float32', () => {
  const keys = [
    '1e38',
    '0.0001',
    '3107.65625',
    '16777217.0',
    '1e10',
    '-0.0',
    '1.2345678e-29',
    '1e300',
    '.5',
    '123456.0',
  ]
  const { documents } = readYamlFile(keys.map(key => `- {${key}: 1}\n`).join(''))
  expect(documents[0]).toEqual(
    ['1e+38', '0.0001', '3107.6562', '1.6777216e+07', '1e+10', '-0', '1.2345678e-29', '.inf', '0.5', '123456'].map(
      key => ({
        [key]: 1,
      }),
    ),
  )
})

describe('errors have the text of kubectl', () => {
  test.each([
    ['a: "\\q"\n', 'yaml: found unknown escape character'],
    ['a: 1\nb: "\\q"\n', 'yaml: line 2: found unknown escape character'],
    ['a: 1\n b: 2\nc: 3\n', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a: 1\nb: [1\nc: 2\n', "yaml: line 2: did not find expected ',' or ']'"],
    ['a: {[]: x}\n', "yaml: did not find expected ',' or '}'"],
    ['a: !!int x\n', 'yaml: cannot decode !!str `x` as a !!int'],
    ['[a, 1.5]: b\n', 'yaml: invalid map key: []interface {}{"a", 1.5}'],
    [
      '? {b: ~, a: 1e6}\n: x\n',
      'yaml: invalid map key: map[interface {}]interface {}{"a":1e+06, "b":interface {}(nil)}',
    ],
    ['9223372036854775808: 1\n', 'unsupported map key of type: uint64, key: 0x8000000000000000, value: 1'],
    ['~: [x]\n', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{"x"}'],
    ['a: -.inf\n', 'json: unsupported value: -Inf'],
    ['a: \x07\n', 'yaml: control characters are not allowed'],
  ])('%j', (text, error) => {
    expect(errorOf(text)).toBe(TYPE_ERRORS + error)
  })

  test('a character that the reader refuses is refused when it is read, which is in steps of 512 bytes', () => {
    const text = (padding: number) => `a: }${' '.repeat(padding)}\x01\n`
    expect(errorOf(text(100))).toBe(`${TYPE_ERRORS}yaml: control characters are not allowed`)
    expect(errorOf(text(600))).toBe(`${TYPE_ERRORS}yaml: did not find expected node content`)
  })
})

describe('a file that starts with a brace', () => {
  test('is a stream of JSON values', () => {
    expect(readYamlFile('{"a":1}null{"b":9007199254740993}5')).toMatchObject({
      documents: [{ a: 1 }, { b: 9007199254740993n }, 5],
    })
  })

  test('is YAML if JSON fails at the first or second value', () => {
    expect(readYamlFile('{a: 1}\n')).toMatchObject({ documents: [{ a: 1 }] })
    expect(readYamlFile('{"a":1}\n---\nb: 2\n')).toMatchObject({ documents: [{ a: 1 }, { b: 2 }] })
  })

  test('has the error of JSON if neither reads it, and after two values no other', () => {
    expect(errorOf('{"a": é}')).toBeUndefined()
    expect(errorOf('{"a": [}')).toBe("json: offset 8: invalid character '}' looking for beginning of value")
    expect(errorOf('{"a":"é" x: [}')).toBe("json: offset 11: invalid character 'x' after object key:value pair")
    expect(errorOf('{"a":1}{"b":2}\n---\nc: 3\n')).toBe("invalid character '-' in numeric literal")
    expect(errorOf('{"a":1}\n--')).toBe("json: offset 10: invalid character '-' in numeric literal")
    expect(errorOf('{"a": "')).toBe('unexpected EOF')
  })

  test('is looked at for 4096 bytes and no further', () => {
    expect(readYamlFile(`${' '.repeat(4095)}{"a":1}{"a":2}`).documents).toHaveLength(2)
    expect(readYamlFile(`${' '.repeat(4096)}{"a":1}{"a":2}`).documents).toHaveLength(1)
  })
})

describe('documents', () => {
  test('end at a line that starts with ---, and empty ones do not count', () => {
    expect(readYamlFile('\ufeff---\na: 1\n--- # next\n---\nnull\n---\nb: |\n  ---\n').documents).toEqual([
      { a: 1 },
      { b: '---\n' },
    ])
    expect(readYamlFile('a: 1\n--- {b: 2}\n')).toEqual({
      documents: [],
      error: 'invalid Yaml document separator: {b: 2}',
      strict: 'invalid Yaml document separator: {b: 2}',
    })
  })

  test('lose a last line that fills the buffer of bufio and has no end', () => {
    const line = `b: ${'x'.repeat(4093)}`
    expect(readYamlFile(`a: 1\n${line}`).documents).toEqual([{ a: 1 }])
    expect(readYamlFile(`a: 1\n${line}\n`).documents).toEqual([{ a: 1, b: 'x'.repeat(4093) }])
  })

  test('count a return before the line feed to the line, and take all others for breaks', () => {
    expect(readYamlFile('a: 1\r\r\nb: |\r\n  x\r\r\n  y\r\n').documents).toEqual([{ a: 1, b: 'x\ny\n' }])
  })
})

describe('equal keys', () => {
  test('the last one wins, and strict decoding names each', () => {
    expect(readYamlFile('a: 1\nb: {c: 1, c: 2}\na: 3\n')).toEqual({
      documents: [{ a: 3, b: { c: 2 } }],
      strict: `${TYPE_ERRORS}yaml: unmarshal errors:\n  line 2: key "c" already set in map\n  line 3: key "a" already set in map`,
    })
  })

  test('that are equal only as text are a matter of chance, of which the first by its text is taken', () => {
    expect(readYamlFile('1: 2\n"1": 12\n')).toEqual({ documents: [{ '1': 12 }], random: true })
    expect(readYamlFile('1: {a: 1}\n1.0: {a: 1}\n')).toEqual({ documents: [{ '1': { a: 1 } }] })
    expect(readYamlFile('1: .nan\n"1": 3\n')).toMatchObject({
      documents: [],
      error: `${TYPE_ERRORS}json: unsupported value: NaN`,
      random: true,
    })
  })

  test('may have names that objects of JavaScript know', () => {
    const { documents } = readYamlFile('__proto__: {a: 1}\nconstructor: 2\ntoString: 3\n')
    expect(JSON.stringify(documents)).toBe('[{"__proto__":{"a":1},"constructor":2,"toString":3}]')
  })
})
