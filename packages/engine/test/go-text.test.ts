import { describe, expect, test } from 'vitest'
import { goJson, goQuote, parseInt64, utf8Length } from '../src/go-text.ts'

describe('texts in Go', () => {
  test('are quoted with escapes for what cannot be printed', () => {
    expect(goQuote('a"b\\c\n\u0001é\u00a0\u{1f600}\u{e0001}')).toBe('"a\\"b\\\\c\\n\\x01é\\u00a0\u{1f600}\\U000e0001"')
    expect(goQuote('\ud800')).toBe('"\ufffd"')
  })

  test('are safe in HTML when they are JSON', () => {
    expect(goJson(['<a>', '&\u2028'])).toBe('["\\u003ca\\u003e","\\u0026\\u2028"]')
    expect(goJson(null)).toBe('null')
  })

  test('are as long as their bytes', () => {
    for (const text of ['', 'abc', 'é', '…', '\u{1f600}x', '\ud800', '\udc00a']) {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    }
  })

  test('are integers of 64 bits with sign and leading zeros', () => {
    expect(parseInt64('+016')).toBe(16)
    expect(parseInt64('-9223372036854775808')).toBe(-(2n ** 63n))
    expect(parseInt64('9223372036854775808')).toBeUndefined()
    expect(parseInt64('00000000000000000000000000001')).toBe(1n)
    for (const text of ['', '-', '1_0', ' 1', '1.0', '0x1']) expect(parseInt64(text)).toBeUndefined()
  })
})
