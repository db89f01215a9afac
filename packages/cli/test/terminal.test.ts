import { describe, expect, it } from 'vitest'
import type { Io } from '../src/io.ts'
import { layout, line, painted, table, whole } from '../src/terminal/layout.ts'
import { terminalOf } from '../src/terminal/terminal.ts'
import { ascii, displayWidth, harmless, harmlessJson } from '../src/terminal/text.ts'

const PLAIN = { width: 20, color: false, unicode: true }

function ioWith(env: Readonly<Record<string, string>>, isTTY: boolean, columns = 0): Io {
  const stream = { write: () => undefined, isTTY, columns }
  return { stdout: stream, stderr: stream, stdin: async function* () {}, env, cwd: '/' }
}

function colorOf(env: Readonly<Record<string, string>>, isTTY: boolean, flag?: boolean): boolean {
  const io = ioWith(env, isTTY)
  return terminalOf(io, io.stdout, flag).color
}

describe('colour', () => {
  it('is on where somebody is looking, and only there', () => {
    expect(colorOf({}, true)).toBe(true)
    expect(colorOf({}, false)).toBe(false)
    expect(colorOf({ TERM: 'dumb' }, true)).toBe(false)
  })
  it('obeys NO_COLOR and FORCE_COLOR if they are not empty, NO_COLOR first, a flag before both', () => {
    expect(colorOf({ NO_COLOR: '1' }, true)).toBe(false)
    expect(colorOf({ NO_COLOR: '' }, true)).toBe(true)
    expect(colorOf({ FORCE_COLOR: '1' }, false)).toBe(true)
    expect(colorOf({ FORCE_COLOR: '0' }, true)).toBe(false)
    expect(colorOf({ FORCE_COLOR: '' }, false)).toBe(false)
    expect(colorOf({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false)
    expect(colorOf({ NO_COLOR: '1' }, false, true)).toBe(true)
    expect(colorOf({ FORCE_COLOR: '1' }, true, false)).toBe(false)
  })
})

describe('width and characters', () => {
  const width = (env: Readonly<Record<string, string>>, columns: number): number =>
    terminalOf(ioWith(env, true, columns), ioWith(env, true, columns).stdout).width
  it('takes COLUMNS, then the terminal, then 80, and never more than 120', () => {
    expect([
      width({ COLUMNS: '100' }, 60),
      width({}, 60),
      width({}, 0),
      width({}, 300),
      width({ COLUMNS: 'wide' }, 0),
      width({ COLUMNS: '-5' }, 90),
      width({ COLUMNS: '3' }, 0),
    ]).toEqual([100, 60, 80, 120, 80, 90, 40])
  })
  it('shows ASCII where the locale is not UTF-8', () => {
    const unicode = (env: Readonly<Record<string, string>>): boolean =>
      terminalOf(ioWith(env, true), ioWith(env, true).stdout).unicode
    expect([
      unicode({}),
      unicode({ LANG: 'C' }),
      unicode({ LANG: 'en_US.UTF-8' }),
      unicode({ LC_ALL: 'POSIX', LANG: 'C.UTF-8' }),
      unicode({ TERM: 'linux' }),
      unicode({ LANG: '', LC_CTYPE: 'de_DE.utf8' }),
    ]).toEqual([true, false, true, false, false, true])
  })
})

describe('text from a cluster', () => {
  it('cannot act on the terminal', () => {
    expect(harmless('a\u001b[31mb\u0007\r\n\u202ec\u200b\u009b2J\ud800')).toBe(
      'a\\u001b[31mb\\u0007\\r\\n\\u202ec\\u200b\\u009b2J\\ud800',
    )
    expect(harmless('café 東京 👍')).toBe('café 東京 👍')
  })
  it('stays the same value in JSON', () => {
    const value = { text: 'a\u009b2J\u202e\u{e0001}\n' }
    const json = harmlessJson(JSON.stringify(value, undefined, 2))
    expect(JSON.parse(json)).toEqual(value)
    expect(/[\u0080-\u009f\u202e]/.test(json)).toBe(false)
  })
  it('has a likeness in ASCII', () => {
    expect(ascii('✗ 8 nodes · 1 → 2 × é')).toBe('x 8 nodes - 1 -> 2 x \\u00e9')
  })
  it('is as wide as a terminal draws it', () => {
    expect([displayWidth('abc'), displayWidth('東京'), displayWidth('e\u0301'), displayWidth('👍')]).toEqual([
      3, 4, 1, 2,
    ])
  })
})

describe('a paragraph', () => {
  it('is wrapped at spaces, further lines indented', () => {
    expect(layout(PLAIN, [line('aaa bbb ccc ddd eee fff ggg', 4)])).toEqual(['aaa bbb ccc ddd eee', '    fff ggg'])
  })
  it('never cuts a word, however long', () => {
    expect(layout(PLAIN, [line('on node ip-10-0-0-1.eu-west-3.compute.internal it is', 2)])).toEqual([
      'on node',
      '  ip-10-0-0-1.eu-west-3.compute.internal',
      '  it is',
    ])
  })
  it('keeps a separating dot on the line it ends, and what has no space between together', () => {
    expect(layout(PLAIN, [line('aaaa bbbb cccc dd · eeee')])).toEqual(['aaaa bbbb cccc dd ·', 'eeee'])
    expect(layout(PLAIN, [line(['aaaa bbbb cccc dddd', painted('ee', 'red'), ',', ' f'])])).toEqual([
      'aaaa bbbb cccc',
      'ddddee, f',
    ])
  })
  it('is as wide with colour as without', () => {
    const lines = [line([painted('aaa bbb ccc', 'red'), ' ddd ', whole('eee fff', 'bold')])]
    const plain = layout(PLAIN, lines)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours are what is removed
    expect(layout({ ...PLAIN, color: true }, lines).map(text => text.replace(/\u001b\[\d+m/g, ''))).toEqual(plain)
    expect(layout({ ...PLAIN, color: true }, lines)[0]).toContain('\u001b[31maaa bbb ccc\u001b[0m')
  })
  it('lines up the cells of a table', () => {
    expect(
      layout(
        PLAIN,
        table(
          [
            ['a', 'bb'],
            ['ccc', 'd e f g h i j k l m'],
          ],
          2,
        ),
      ),
    ).toEqual(['  a    bb', '  ccc  d e f g h i j', '       k l m'])
  })
})
