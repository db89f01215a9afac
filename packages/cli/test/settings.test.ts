import { describe, expect, it } from 'vitest'
import { parseSettings } from '../src/settings.ts'
import { withStatements } from '../src/settings-edit.ts'
import { matchesGlob } from '../src/waivers.ts'

const GOOD = `# who may be missing where
intent:
  - says: meant            # asked the ML team
    taint: nvidia.com/gpu
    pool: gpu
    daemonSets: [logging/agent]
    reason: "GPU nodes run training"
waivers:
  - daemonSet: agents/trace
    cluster: "prod-*"
    reason: moves in spring
    expires: 2027-03-01
`
const NEW = {
  says: 'gap',
  taint: 'dedicated:NoSchedule',
  daemonSets: ['a/b', 'a/c'],
  reason: 'yes: "all" of them # really',
} as const

function problemsOf(text: string): readonly string[] {
  return parseSettings(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

describe('a settings file', () => {
  it('holds intent and waivers', () => {
    const { settings, problems } = parseSettings(GOOD)
    expect(problems).toEqual([])
    expect(settings.intent).toEqual([
      {
        says: 'meant',
        taint: 'nvidia.com/gpu',
        pool: 'gpu',
        daemonSets: ['logging/agent'],
        reason: 'GPU nodes run training',
      },
    ])
    expect(settings.waivers).toEqual([
      { daemonSet: 'agents/trace', cluster: 'prod-*', reason: 'moves in spring', expires: '2027-03-01' },
    ])
  })
  it('may be empty', () => {
    for (const text of ['', '# nothing yet\n', 'intent:\n', '{}', '---\n'])
      expect(parseSettings(text)).toEqual({ settings: { intent: [], waivers: [] }, problems: [] })
  })
  it('refuses unknown keys with their place, so that a misspelt waiver passes for none', () => {
    expect(problemsOf('intents: []\n')).toEqual(['1:1 unknown key "intents" in the file'])
    expect(problemsOf('waivers:\n  - daemonset: a/b\n    reason: x\n')).toEqual([
      '2:5 unknown key "daemonset" in a waiver',
    ])
    expect(problemsOf('waivers:\n  - __proto__: a/b\n    reason: x\n')).toEqual([
      '2:5 unknown key "__proto__" in a waiver',
    ])
  })
  it('wants a reason, a known answer and a real day', () => {
    expect(problemsOf('waivers:\n  - daemonSet: a/b\n')).toEqual(['2:5 a waiver has no reason'])
    expect(problemsOf('intent:\n  - {says: perhaps, reason: x}\n')).toEqual(['2:12 says is "perhaps"'])
    expect(problemsOf('waivers:\n  - {reason: x, expires: 2027-02-30}\n')).toEqual(['2:26 expires is "2027-02-30"'])
    expect(problemsOf('waivers:\n  - {reason: " "}\n')).toEqual(['2:14 reason must be text and not empty'])
  })
  it('tells where the YAML breaks', () => {
    expect(problemsOf('intent: [\n')[0]).toMatch(/^2:1 /)
    expect(problemsOf('intent: 1\n')).toEqual(['1:9 intent must be a list'])
    expect(problemsOf('- 1\n')).toEqual(['1:1 the file must be a map'])
    expect(problemsOf('intent: []\nintent: []\n')).toEqual(['2:1 Map keys must be unique'])
  })
})

describe('adding statements', () => {
  it('keeps every other byte of the file', () => {
    const text = withStatements(GOOD, [NEW])
    expect(text.startsWith(GOOD.slice(0, GOOD.indexOf('waivers:')))).toBe(true)
    expect(text.endsWith(GOOD.slice(GOOD.indexOf('waivers:')))).toBe(true)
    expect(parseSettings(text)).toEqual({
      problems: [],
      settings: { ...parseSettings(GOOD).settings, intent: [...parseSettings(GOOD).settings.intent, NEW] },
    })
  })
  it('works on a file of any shape', () => {
    for (const text of [
      '',
      '# only a comment',
      'waivers: []\n',
      '{waivers: []}\n',
      'intent: []\n',
      'intent:\n',
      'intent:\n- says: gap\n  reason: x',
      'intent: [{says: gap, reason: x}]\n',
      'intent:\n  - says: gap\n    reason: |\n      long\n      text\n\n# end\n',
    ]) {
      const before = parseSettings(text).settings
      const { settings, problems } = parseSettings(withStatements(text, [NEW]))
      expect({ text, problems, settings }).toEqual({
        text,
        problems: [],
        settings: { ...before, intent: [...before.intent, NEW] },
      })
    }
  })
})

describe('a glob', () => {
  it('takes * for any text', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['prod-*', 'prod-eu', true],
      ['prod-*', 'dev', false],
      ['*', '', true],
      ['a*b*c', 'a-b-b-c', true],
      ['a*b*c', 'a-c', false],
      ['ab*ba', 'aba', false],
      ['agents/x', 'agents/x', true],
      ['agents/x', 'agents/xy', false],
    ]
    for (const [pattern, text, matches] of cases)
      expect([pattern, text, matchesGlob(pattern, text)]).toEqual([pattern, text, matches])
  })
})
