import { describe, expect, test } from 'vitest'
import {
  compileLabelSelector,
  formatLabelSelector,
  labelSelectorMatches,
  labelValueErrors,
  parseLabelSelector,
} from '../src/labels.ts'

function parsed(text: string): string {
  const selector = parseLabelSelector(text)
  return selector.kind === 'selector' ? formatLabelSelector(selector) : `error: ${selector.text}`
}

function selects(text: string, labels: Readonly<Record<string, string>>): boolean {
  const selector = parseLabelSelector(text)
  return selector.kind === 'selector' && selector.matches(labels)
}

describe('the text form of a label selector', () => {
  test('is printed with sorted keys and values', () => {
    expect(parsed('b in (y,x), a=1 ,!d')).toBe('a=1,b in (x,y),!d')
    expect(parsed('x in (foo,,baz),y,z notin ()')).toBe('x in (,baz,foo),y,z notin ()')
    expect(parsed('a==1,b!=2,c>3,d<4')).toBe('a==1,b!=2,c>3,d<4')
    expect(parsed('x=')).toBe('x=')
    expect(parsed('')).toBe('')
  })

  test('takes in and notin for values where a value stands', () => {
    expect(parsed('in in (in,notin)')).toBe('in in (in,notin)')
    expect(parsed('notin=in')).toBe('notin=in')
  })

  test('is refused in the words of kubectl', () => {
    expect(parsed('a,')).toBe("error: found '', expected: identifier after ','")
    expect(parsed(',a')).toBe("error: found ',', expected: !, identifier, or 'end of string'")
    expect(parsed('!')).toBe("error: unable to parse requirement: found '', expected: identifier")
    expect(parsed('a b')).toBe("error: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")
    expect(parsed('a in b')).toBe("error: unable to parse requirement: found 'b' expected: '('")
    expect(parsed('a in (b')).toBe("error: unable to parse requirement: found '', expected: ',' or ')'")
    expect(parsed('a=b=c')).toBe("error: found '=', expected: ',' or 'end of string'")
    expect(parsed('!a=b')).toBe("error: found '=', expected: ',' or 'end of string'")
    expect(parsed('a>x')).toContain(
      "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    )
    expect(parsed('-a=b')).toContain(
      'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of',
    )
  })

  test('selects as the API server does', () => {
    expect(selects('a', { a: '' })).toBe(true)
    expect(selects('!a', { a: '' })).toBe(false)
    expect(selects('a!=1', {})).toBe(true)
    expect(selects('a notin (1)', { a: '2' })).toBe(true)
    expect(selects('a>015', { a: '16' })).toBe(true)
    expect(selects('a<9223372036854775807', { a: '9223372036854775806' })).toBe(true)
    expect(selects('a<3', { a: 'x' })).toBe(false)
  })
})

describe('a label selector of the API', () => {
  test('selects nothing if it is absent and everything if it is empty', () => {
    expect(labelSelectorMatches(undefined, { a: '1' })).toBe(false)
    expect(labelSelectorMatches({}, undefined)).toBe(true)
  })

  test('does not take what objects inherit for labels', () => {
    expect(labelSelectorMatches({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false)
  })

  test('names the version in its words about a bad key', () => {
    const text = (version: '1.34' | '1.36'): string => {
      const selector = compileLabelSelector({ matchLabels: { 'a/b/c': '' } }, version)
      return selector.kind === 'error' ? selector.text : ''
    }
    expect(text('1.34')).toContain('a qualified name must consist of')
    expect(text('1.36')).toContain('a valid label key must consist of')
  })

  test('reports an operator that is none', () => {
    expect(compileLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] })).toEqual({
      kind: 'error',
      text: '"Gt" is not a valid label selector operator',
    })
  })

  test('answers for values of any size', () => {
    const value = 'x'.repeat(10_000_000)
    expect(labelValueErrors(value)).toEqual(['must be no more than 63 bytes'])
    expect(labelSelectorMatches({ matchLabels: { a: 'x' } }, { a: value })).toBe(false)
  })
})
