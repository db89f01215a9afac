import type { Cause, Coverage, Verdict } from '@everynode/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daemonSetPage } from '../src/render/daemon-set.ts'
import { markdown } from '../src/render/markdown.ts'
import { mergedGroups } from '../src/render/merged.ts'
import { troubledDaemonSets, troubledNodes } from '../src/render/names.ts'
import { nodePage } from '../src/render/node.ts'
import { overview } from '../src/render/overview.ts'
import { duration, sinceText, thousands } from '../src/render/words.ts'
import { codeOf, type FailOn } from '../src/verdict-code.ts'
import { COMPLETE, coverage, daemonSet, EVERY_VERDICT, FULL, group, nodeNames } from './sample.ts'

const TERMINAL = { width: 80, color: false, unicode: true }
const ESCAPES = '\u001b[2J\u0007\u202e'

function crowd(causes: number, groups: number): Coverage {
  const list: readonly Cause[] = Array.from({ length: causes }, (_, index) => ({
    kind: 'full',
    text: `${index + 2} nodes of a-pool-with-quite-a-long-name-${index} are full`,
    nodes: index + 2,
    daemonSets: Array.from({ length: 30 }, (_, number) => ({
      namespace: 'agents',
      name: `a-daemonset-with-a-long-name-${number}`,
      nodes: 30 - number,
    })),
    since: '2026-11-22T02:41:00Z',
    waitingHelps: false,
    severity: 'missing',
  }))
  const verdicts = Array.from({ length: groups }, (_, index) =>
    group(EVERY_VERDICT[index % EVERY_VERDICT.length] ?? FULL, nodeNames(1000, `n${index}-`), {
      since: '2026-11-22T16:39:00Z',
      waitingWhy: 'no pod leaves by itself, and Karpenter does not replace a full node for a daemon pod',
    }),
  )
  const unknown = Array.from({ length: 12 }, (_, index) => ({
    list: `kind${index}`,
    effect: 'something cannot be said about it at some length, so that the line wraps',
  }))
  const questions = Array.from({ length: 12 }, (_, index) => ({
    taint: `team.example.com/dedicated-${index}:NoSchedule`,
    pool: `pool-${index}`,
    nodes: 4,
    daemonSets: ['a/b'],
  }))
  return coverage([{ ...COMPLETE.daemonSets[0]!, groups: verdicts }], list, { unknown, questions })
}

describe('a screen', () => {
  it('holds any overview: 24 lines of 80 columns with the prompt', () => {
    for (const causes of [0, 1, 5, 20, 300]) {
      const lines = overview(TERMINAL, crowd(causes, 20), false)
      expect(lines.length).toBeLessThanOrEqual(23)
      expect(lines.at(-1)).toContain('6,412 of 6,412 placements')
    }
  })
  it('holds any DaemonSet, with its worst group first and the self-check last', () => {
    for (const groups of [0, 1, 3, 14, 400]) {
      const document = crowd(1, groups)
      const lines = daemonSetPage(TERMINAL, document, document.daemonSets[0]!, false)
      expect(lines.length).toBeLessThanOrEqual(23)
      expect(lines.at(-1)).toContain('6,412 of 6,412 placements')
      if (groups >= 14) expect(lines.join('\n')).toMatch(/and \d+ more groups of nodes: -o wide/)
    }
  })
  it('never cuts a name', () => {
    const name = 'x'.repeat(253)
    const document = coverage([daemonSet([group(FULL, [name])], { name })], [])
    for (const width of [40, 80, 120]) {
      expect(daemonSetPage({ ...TERMINAL, width }, document, document.daemonSets[0]!, false).join('\n')).toContain(name)
      expect(
        nodePage(
          { ...TERMINAL, width },
          document,
          document.daemonSets[0]!,
          name,
          document.daemonSets[0]!.groups[0]!,
        ).join('\n'),
      ).toContain(name)
    }
  })
  it('shows each node with wide', () => {
    const document = coverage([daemonSet([group(FULL, nodeNames(1000))])])
    const text = daemonSetPage(TERMINAL, document, document.daemonSets[0]!, true).join('\n')
    for (const node of nodeNames(1000)) expect(text).toContain(node)
    expect(overview(TERMINAL, document, true).join('\n')).toContain(nodeNames(1000)[999])
  })
  it('is never wider than the terminal but for a single word, or a command to copy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 120 }), fc.constantFrom(0, 1, 3, 14), (width, groups) => {
        const document = crowd(2, groups)
        const terminal = { ...TERMINAL, width }
        const lines = [
          ...overview(terminal, document, false),
          ...daemonSetPage(terminal, document, document.daemonSets[0]!, false),
        ]
        return lines.every(line => line.length <= width || !line.trim().includes(' ') || line.startsWith('next    '))
      }),
      { numRuns: 50 },
    )
  })
  it('is not written on by what a cluster holds', () => {
    const evil: Verdict = { kind: 'refused', by: ESCAPES, message: ESCAPES }
    const document = coverage(
      [
        daemonSet([group(evil, [`n${ESCAPES}`], { pool: ESCAPES, message: ESCAPES, waitingWhy: ESCAPES })], {
          name: ESCAPES,
          statusLies: ESCAPES,
          noRemedy: ESCAPES,
        }),
      ],
      [
        {
          kind: 'refused',
          text: ESCAPES,
          nodes: 1,
          daemonSets: [{ namespace: ESCAPES, name: ESCAPES, nodes: 1 }],
          waitingHelps: false,
          severity: 'missing',
        },
      ],
    )
    const only = document.daemonSets[0]!
    const texts = [
      overview(TERMINAL, document, false),
      overview(TERMINAL, document, true),
      daemonSetPage(TERMINAL, document, only, true),
      nodePage(TERMINAL, document, only, 'n', only.groups[0]!),
      [markdown(document)],
    ]
    for (const lines of texts)
      expect([...lines.join('')].filter(character => character !== '\n' && /\p{Cc}|\p{Cf}/u.test(character))).toEqual(
        [],
      )
  })
})

describe('groups that read the same', () => {
  const taint: Verdict = { kind: 'refused', by: 'ResourceQuota', message: 'exceeded quota' }
  it('are told once, with all their pools and types', () => {
    const groups = [
      group(taint, ['b'], { instanceType: 'm5.xlarge', since: '2026-11-22T16:39:00Z' }),
      group(FULL, ['x']),
      group(taint, ['a', 'c'], { pool: 'stable', since: '2026-11-22T16:30:00Z' }),
    ]
    const [first, second, ...others] = mergedGroups(groups)
    expect(others).toEqual([])
    expect(second).toEqual(groups[1])
    expect(first).toEqual({
      ...groups[0],
      pool: 'default, stable',
      instanceType: 'm5.large, m5.xlarge',
      nodes: ['a', 'b', 'c'],
      since: '2026-11-22T16:30:00Z',
    })
  })
  it('stay apart where anything else differs', () => {
    const groups = [
      group(FULL, ['a']),
      group(FULL, ['b'], { waitingHelps: true }),
      group(FULL, ['c'], { uncounted: true }),
    ]
    expect(mergedGroups(groups)).toEqual(groups)
  })
})

describe('names', () => {
  it('are what the command takes again', () => {
    expect(troubledDaemonSets(COMPLETE)).toEqual(['agents/datadog-agent', 'agents/falco'])
    expect(
      troubledNodes(coverage([daemonSet([group(FULL, ['b', 'a']), group({ kind: 'landed', ready: true }, ['c'])])])),
    ).toEqual(['node/a', 'node/b'])
  })
})

describe('a comment', () => {
  it('says the verdict first, carries its marker and fits GitHub', () => {
    const many = coverage(
      Array.from({ length: 400 }, (_, index) => daemonSet([group(FULL, nodeNames(50))], { name: `agent-${index}` })),
    )
    const text = markdown(many)
    expect(text.length).toBeLessThanOrEqual(60_000)
    expect(text.split('\n').slice(0, 2).join('\n')).toBe(
      '<!-- everynode:why -->\n**400 DaemonSets of 400 are not on every node that should have them: agent-0, agent-1, agent-2, agent-3, agent-4, 395 more.**',
    )
    expect(text).toMatch(/\d+ more DaemonSets: everynode why/)
  })
  it('cannot be broken by a name', () => {
    const text = markdown(coverage([daemonSet([group(FULL, ['n'])], { name: '</details>|`@team`' })]))
    expect(text.match(/<\/details>/g)).toHaveLength(1)
    expect(text).not.toContain('@team')
  })
})

describe('the exit code', () => {
  const code = (verdict: Verdict, failOn: readonly FailOn[] = [], partial = false): number =>
    codeOf(coverage([daemonSet([group(verdict, ['n'])])]), { failOn: new Set(failOn), waivers: [], partial })
  const waits: Verdict = { kind: 'fits' }
  const unknown: Verdict = { kind: 'unknown', needs: ['pods'], detail: '' }
  const landed: Verdict = { kind: 'landed', ready: true }
  it('is 1 before 3 before 0', () => {
    expect([
      code(landed),
      code(FULL),
      code(unknown),
      code(waits),
      code(landed, [], true),
      code(FULL, [], true),
    ]).toEqual([0, 1, 3, 0, 3, 1])
  })
  it('follows --fail-on', () => {
    expect([
      code(waits, ['waits']),
      code(unknown, ['unknown']),
      code(FULL, ['never']),
      code(unknown, ['never']),
      code(FULL, ['waits']),
    ]).toEqual([1, 1, 0, 0, 1])
    const asked = coverage([daemonSet([group(landed, ['n'])])], [], { questions: COMPLETE.questions })
    expect([
      codeOf(asked, { failOn: new Set(), waivers: [], partial: false }),
      codeOf(asked, { failOn: new Set(['untolerated']), waivers: [], partial: false }),
    ]).toEqual([0, 1])
  })
  it('does not count what is waived, until the waiver ends', () => {
    const document = coverage([daemonSet([group(FULL, ['n'])])])
    const until = (expires: string): number =>
      codeOf(document, {
        failOn: new Set(),
        waivers: [{ daemonSet: 'agents/*', reason: 'moves', expires }],
        partial: false,
      })
    expect([until('2026-11-22'), until('2026-11-21')]).toEqual([0, 1])
  })
})

describe('words', () => {
  it('are short and exact', () => {
    expect([
      duration(59),
      duration(119),
      duration(120),
      duration(7199),
      duration(7200),
      duration(172_799),
      duration(172_800),
    ]).toEqual(['59 s', '119 s', '2 min', '119 min', '2 h', '47 h', '2 days'])
    expect([thousands(6412), thousands(1_000_000), thousands(999)]).toEqual(['6,412', '1,000,000', '999'])
  })
  it('tell since when, with the day where it is another one', () => {
    expect(sinceText('2026-11-22T02:41:00Z', '2026-11-22T17:05:00Z')).toBe('since 02:41 UTC, 14 h')
    expect(sinceText('2026-11-19T02:41:00Z', '2026-11-22T17:05:00Z')).toBe('since 2026-11-19 02:41 UTC, 3 days')
    expect(sinceText('2026-11-22T17:04:30Z', '2026-11-22T17:05:00Z')).toBe('since 17:04 UTC')
    expect(sinceText('2026-11-22T17:04:30Z', undefined)).toBe('since 2026-11-22 17:04 UTC')
    expect([sinceText(undefined, undefined), sinceText('soon', undefined)]).toEqual([undefined, 'since soon'])
  })
})
