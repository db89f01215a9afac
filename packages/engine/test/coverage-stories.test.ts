import { describe, expect, test } from 'vitest'
import { cover } from '../src/index.ts'
import { outcomeOf, story, storyNames } from './coverage-builders.ts'

/** Kinds of verdict that a recorded state allows; a node without a pod is never landed, blocked or preempting. */
const ALLOWED = {
  landed: ['landed'],
  pending: ['blocked', 'preempts', 'waits'],
  none: ['skipped', 'refused', 'waits'],
} as const

describe.each(storyNames())('%s', name => {
  const dump = story(name)
  const coverage = cover(dump)

  test('says of every DaemonSet and node what happened there', () => {
    let compared = 0
    for (const recorded of outcomeOf(name).daemonSets) {
      const own = coverage.daemonSets.find(one => one.namespace === recorded.namespace && one.name === recorded.name)
      for (const { metadata } of dump.nodes ?? []) {
        const state = recorded.perNode[metadata.name ?? '']?.state ?? 'none'
        const verdict = own?.groups.find(({ nodes }) => nodes.includes(metadata.name ?? ''))?.verdict
        expect(ALLOWED[state], `${recorded.name} on ${metadata.name}`).toContain(verdict?.kind)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(0)
  })

  test('writes what its scheduler wrote, and finds every bound daemon in its place', () => {
    const { messages, placements, differences } = coverage.selfCheck
    expect(differences).toEqual([])
    expect(messages.agree).toBe(messages.of)
    expect(placements).toEqual({ agree: placements.of, of: placements.of })
    expect(placements.of).toBeGreaterThan(0)
  })

  test('groups partition the nodes and add up to should', () => {
    const names = (dump.nodes ?? []).map(({ metadata }) => metadata.name ?? '').sort()
    for (const { groups, should, landed } of coverage.daemonSets) {
      expect(groups.flatMap(({ nodes }) => nodes).sort()).toEqual(names)
      const counted = groups.filter(({ uncounted }) => uncounted === undefined)
      expect(counted.reduce((sum, { nodes }) => sum + nodes.length, 0)).toBe(should)
      const there = counted.filter(({ verdict }) => verdict.kind === 'landed')
      expect(there.reduce((sum, { nodes }) => sum + nodes.length, 0)).toBe(landed)
    }
  })
})

test('the recorded messages are compared, not passed over', () => {
  const sums = storyNames().map(name => cover(story(name), { remedies: false }).selfCheck.messages)
  expect(sums.reduce((sum, { of }) => sum + of, 0)).toBeGreaterThanOrEqual(90)
  expect(sums.reduce((sum, { stale }) => sum + stale, 0)).toBeLessThanOrEqual(9)
})

const remedies: readonly (readonly [story: string, daemonSet: string, kind: string, change: string])[] = [
  ['seed-problem', 'datadog-agent', 'create class', 'priorityClassName: everynode-daemons (100000000, a new class)'],
  [
    'stable-not-tolerated',
    'datadog-agent',
    'toleration',
    'tolerations: [{key: nodepool/stable, operator: Exists, effect: NoSchedule}]',
  ],
  [
    'exists-with-fargate',
    'datadog-agent',
    'exclude',
    'node affinity, in every term: eks.amazonaws.com/compute-type NotIn [fargate]',
  ],
  ['new-node-race', 'sec-agent', 'class', 'priorityClassName: qovery-standard-priority (1000)'],
  [
    'unknown-class',
    'datadog-agent',
    'create class',
    'make PriorityClass platform-agents (100000000), which the template names',
  ],
  ['quota-stops', 'agent', 'raise quota', 'ResourceQuota obs: requests.memory: 1280Mi'],
  ['podsecurity-refuses', 'agent', 'label namespace', 'label pod-security.kubernetes.io/enforce: privileged'],
]

test.each(remedies)('%s: the remedy for %s is %s', (name, daemonSet, kind, change) => {
  const found = cover(story(name)).daemonSets.find(one => one.name === daemonSet)
  expect(found?.remedy).toMatchObject({ kind, change, coveredBefore: found?.landed })
  expect(found?.remedy?.coveredAfter).toBe(found?.remedy?.of)
})

const hopeless: readonly (readonly [story: string, daemonSet: string, why: RegExp])[] = [
  ['daemon-evicts-daemons', 'fluent-bit', /take the place of 5 other daemon pods for good: datadog-agent 5/],
  ['hostport-clash', 'node-exporter', /take the place of 4 other daemon pods for good: exporter-2 4/],
  ['too-big-for-type', 'beast', /1930m cpu in all, 2 is asked/],
]

test.each(hopeless)('%s: no remedy for %s, and why', (name, daemonSet, why) => {
  const found = cover(story(name)).daemonSets.find(one => one.name === daemonSet)
  expect(found?.remedy).toBeUndefined()
  expect(found?.noRemedy).toMatch(why)
})
