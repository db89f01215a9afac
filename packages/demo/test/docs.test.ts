import { describe, expect, it } from 'vitest'
import { deadLinks } from '../../../tools/docs/links.ts'
import { withOutputs } from '../../../tools/docs/outputs.ts'

const PAGE = ['# Title', '<!-- output: npx everynode why -->', 'old', '<!-- /output -->', 'end'].join('\n')

describe('an output shown in a page', () => {
  it('is replaced by what the command prints now', () => {
    const { text, outputs } = withOutputs(PAGE, command => `answer of ${command}  \nsecond line\n\n`)
    expect(outputs).toBe(1)
    expect(text.split('\n')).toEqual([
      '# Title',
      '<!-- output: npx everynode why -->',
      '```',
      '$ npx everynode why',
      'answer of npx everynode why',
      'second line',
      '```',
      '<!-- /output -->',
      'end',
    ])
  })

  it('is stale exactly until it was written', () => {
    const first = withOutputs(PAGE, () => 'answer')
    expect(first.stale).toEqual([{ line: 2, command: 'npx everynode why' }])
    const second = withOutputs(first.text, () => 'answer')
    expect(second.stale).toEqual([])
    expect(second.text).toBe(first.text)
    expect(withOutputs(first.text, () => 'another').stale).toHaveLength(1)
  })

  it('must have an end', () => {
    expect(() => withOutputs('<!-- output: npm run demo -->\nold', () => '')).toThrow(/no "<!-- \/output -->"/)
  })
})

describe('links of a page', () => {
  it('are dead where no file or no heading is', () => {
    const text =
      '[a](README.md) [b](no-such-page.md) [c](README.md#everynode) [d](README.md#nothing) [e](https://example.com)'
    const { links, dead } = deadLinks('CONTRIBUTING.md', text, () => '# everynode')
    expect(links).toBe(4)
    expect(dead).toEqual([
      'CONTRIBUTING.md:1: no-such-page.md leads nowhere',
      'CONTRIBUTING.md:1: README.md#nothing: no heading has this anchor',
    ])
  })

  it('are not looked for in code', () => {
    expect(deadLinks('README.md', 'see `[x](nowhere.md)`\n```\n[y](nowhere.md)\n```', () => '').links).toBe(0)
  })
})
