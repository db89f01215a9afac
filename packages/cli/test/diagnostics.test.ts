import { describe, expect, it } from 'vitest'
import { diagnosticsText, failure } from '../src/diagnostics.ts'

const TERMINAL = { width: 80, color: false, unicode: true }

describe('a diagnostic', () => {
  it('shows place, line, caret and note', () => {
    const text = diagnosticsText(TERMINAL, [
      {
        code: 'invalid-quantity',
        severity: 'error',
        message: 'invalid quantity "1.5GiB"',
        place: { file: 'pods.yaml', line: 14, column: 21, endColumn: 27 },
        excerpt: '            memory: 1.5GiB',
        note: 'A quantity ends in m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi or Ei. Did you mean "1.5Gi"?',
      },
    ])
    expect(text).toBe(
      [
        'error: pods.yaml:14:21: invalid quantity "1.5GiB" [invalid-quantity]',
        '   |',
        '14 |             memory: 1.5GiB',
        '   |                     ^^^^^^',
        '   = A quantity ends in m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi or Ei. Did you',
        '     mean "1.5Gi"?',
        '',
      ].join('\n'),
    )
  })
  it('puts the caret under the place where characters are wide, escaped, or the line is cut', () => {
    const columnsOf = (excerpt: string, column: number, excerptColumn?: number): readonly (string | undefined)[] => {
      const cut = excerptColumn === undefined ? {} : { excerptColumn }
      const place = { file: 'f', line: 1, column }
      return diagnosticsText(TERMINAL, [{ code: 'c', severity: 'warning', message: 'm', place, excerpt, ...cut }])
        .split('\n')
        .slice(2, 4)
    }
    expect(columnsOf('ab東X', 4)).toEqual(['1 | ab東X', '  |     ^'])
    expect(columnsOf('\tX', 2)).toEqual(['1 | \\tX', '  |   ^'])
    expect(columnsOf('aXb', 1001, 1000)).toEqual(['1 | aXb', '  |  ^'])
    const [source = '', caret = ''] = columnsOf(`${'a'.repeat(500)}X${'b'.repeat(500)}`, 501)
    expect([source.length, source[caret.indexOf('^')]]).toEqual([80, 'X'])
  })
  it('is counted, not repeated, when there are many of a kind', () => {
    const text = diagnosticsText(
      TERMINAL,
      Array.from({ length: 400 }, () => failure('same', 'again')),
    )
    expect(text.split('\n').filter(line => line !== '')).toEqual([
      ...Array.from({ length: 5 }, () => 'error: again [same]'),
      'and 395 more of [same]',
    ])
  })
  it('cannot be used to write on the terminal', () => {
    expect(
      diagnosticsText(TERMINAL, [
        { ...failure('c', 'bad\u001b[2J'), place: { file: 'f\u0007', line: 1, column: 1 }, excerpt: '\u001b]0;x' },
      ]),
    ).toBe('error: f\\u0007:1:1: bad\\u001b[2J [c]\n  |\n1 | \\u001b]0;x\n  | ^^^^^^\n')
  })
})
