import { describe, expect, it } from 'vitest'
import { matchesSelector, parseSelector } from '../src/selector-text.ts'

function matches(text: string, labels: Readonly<Record<string, string>>): boolean | string {
  const parsed = parseSelector(text)
  return 'problem' in parsed ? parsed.problem : matchesSelector(parsed.selector, labels)
}

describe('a selector on the command line', () => {
  it('says what kubectl says', () => {
    const labels = { app: 'agent', 'app.kubernetes.io/part-of': 'datadog', tier: '' }
    const cases: readonly (readonly [string, boolean])[] = [
      ['app=agent', true],
      ['app==agent', true],
      ['app!=agent', false],
      ['team!=x', true],
      ['app in (a, agent),tier', true],
      ['app notin (a,b)', true],
      ['team notin (a)', true],
      ['!team', true],
      ['!app', false],
      ['tier=', true],
      ['app.kubernetes.io/part-of=datadog', true],
      ['', true],
      ['constructor', false],
    ]
    for (const [text, expected] of cases) expect([text, matches(text, labels)]).toEqual([text, expected])
  })
  it('names the requirement that it cannot read', () => {
    expect(matches('app=a,tier in a', {})).toMatch(/^"tier in a" is no requirement/)
    expect(matches('=x', {})).toMatch(/^"=x" is no requirement/)
  })
})
