import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonical } from '../src/canonical.ts'
import { Refusal } from '../src/refusal.ts'
import { repositoryRoot } from '../src/repository.ts'
import { canonicalOutcome, normaliseFailure, normaliseMessage } from '../src/rollouts/canonical-outcome.ts'
import { checkStory } from '../src/rollouts/check-story.ts'
import { compareFields, differingFields, fieldsOf } from '../src/rollouts/fields.ts'
import type { CanonicalOutcome, RecordedOutcome } from '../src/rollouts/outcome.ts'
import { findStories, readStory } from '../src/rollouts/story.ts'

const ROLLOUTS = join(repositoryRoot(), 'testdata/rollouts')
const { folders, latencies } = findStories(ROLLOUTS)

describe('the canonical form', () => {
  test.each(folders.map(folder => [basename(folder), folder]))('of %s is the recorded one', (_, folder) => {
    const { outcome } = readStory(folder)
    expect(canonical(canonicalOutcome(outcome))).toBe(canonical(outcome.canonical))
    const differing = differingFields([outcome.canonical, ...outcome.runs])
    expect(differing.filter(field => !outcome.random.includes(field))).toEqual([])
  })

  test('leaves numbers that stand alone and the order of reasons out of messages', () => {
    expect(
      normaliseMessage(
        "0/8 nodes are available: 7 node(s) didn't match, 1 Insufficient cpu. preemption: 0/8 nodes are available: 3 b, 2 a.",
      ),
    ).toBe(
      "#/# nodes are available: # Insufficient cpu, # node(s) didn't match. preemption: #/# nodes are available: # a, # b.",
    )
    expect(normaliseMessage('used 1.5 of m5 and 50% of x2')).toBe('used 1.5 of m5 and 50% of x2.')
  })

  test('leaves the random end of a name out of a refusal', () => {
    expect(normaliseFailure('(combined from similar events): pods "log-x7k2p" is forbidden', 'log')).toBe(
      'pods "log-*" is forbidden',
    )
    expect(normaliseFailure('pods "log-" is forbidden', 'log')).toBe('pods "log-*" is forbidden')
  })
})

describe('the rule of comparison', () => {
  const form = (victims: Record<string, number>): CanonicalOutcome => ({
    daemonSets: { 'a/b': {} },
    status: { 'a/b': { desired: 1 } },
    messages: {},
    failedCreate: {},
    victims,
    victimsPerNode: [],
    victimsOnNewNodes: {},
    newNodeClaims: {},
    newNodeClaimPods: [],
    nodesRemoved: {},
    nodesAfter: {},
    pendingPods: {},
  })
  const one = form({ 'Deployment/web@0': 1 })
  const two = form({ 'Deployment/web@0': 2 })
  const recorded = (more: Partial<RecordedOutcome>) =>
    ({ canonical: one, runs: [two], random: [], ...more }) as RecordedOutcome
  const victims = (outcome: RecordedOutcome, forms: readonly CanonicalOutcome[]) =>
    compareFields(outcome, forms).find(({ field }) => field === 'victims')

  test('wants a field that is not random in every run', () => {
    expect(victims(recorded({}), [one, one])?.kind).toBe('passed')
    expect(victims(recorded({}), [one, two])).toMatchObject({ kind: 'failed', hits: 1, runs: 2 })
  })

  test('wants a recorded value of a random field in 2 % of the runs', () => {
    const random = recorded({ random: ['victims'] })
    const other = form({})
    expect(victims(random, [two, ...Array.from({ length: 49 }, () => other)])?.kind).toBe('passed')
    expect(victims(random, [two, ...Array.from({ length: 50 }, () => other)])?.kind).toBe('failed')
    expect(victims(recorded({ random: ['victims'], open: ['victims'] }), [other])?.kind).toBe('open')
  })

  test('has one field for each DaemonSet where a DaemonSet has its own', () => {
    expect([...fieldsOf(one).keys()].slice(0, 5)).toEqual([
      'daemonSets a/b',
      'status a/b',
      'messages a/b',
      'failedCreate a/b',
      'victims',
    ])
    expect(fieldsOf(one).get('messages a/b')).toBe('null')
  })
})

describe('a story', () => {
  const folderOf = (name: string) => join(ROLLOUTS, name)

  test.each(['workloads-above', 'quota-stops', 'rollout-stalls'])('such as %s is forecast in all its fields', name => {
    const { unsound, fields, deferred } = checkStory(readStory(folderOf(name)), latencies, 20)
    expect(unsound).toEqual([])
    expect(deferred).toEqual([])
    expect(fields.filter(({ kind }) => kind !== 'passed')).toEqual([])
    expect(fields.length).toBeGreaterThan(20)
  })

  test('with new nodes is forecast in what the old nodes decide, and says what is left', () => {
    const { fields, deferred } = checkStory(readStory(folderOf('seed-remedy')), latencies, 20)
    expect(fields.map(({ kind }) => kind)).toEqual(fields.map(() => 'passed'))
    expect(fields.map(({ field }) => field.split(' ')[0])).toEqual([
      ...Array.from({ length: 5 }, () => 'failedCreate'),
      'victims',
      'victimsPerNode',
    ])
    expect(deferred).toContain('newNodeClaims')
    expect(deferred).toContain('pendingPods')
  })

  test('that contradicts itself, or tells of something else, fails', () => {
    const story = readStory(folderOf('daemon-evicts-daemons'))
    const { outcome } = story
    const changed = { ...outcome, canonical: { ...outcome.canonical, victims: { 'DaemonSet/fluent-bit@0': 4 } } }
    const { unsound, fields } = checkStory({ ...story, outcome: changed }, latencies, 4)
    expect(unsound).toEqual([
      'its canonical form is not that of its outcome',
      'its runs differ in victims, which it does not call random',
    ])
    expect(fields.filter(({ kind }) => kind === 'failed')).toMatchObject([
      { field: 'victims', hits: 0, others: [['{"DaemonSet/fluent-bit@0":5}', 4]] },
    ])
  })
})

describe('finding stories', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stories-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('takes one story as well as a folder of them', () => {
    expect(findStories(join(ROLLOUTS, 'quota-stops')).folders.map(path => basename(path))).toEqual(['quota-stops'])
    expect(folders.length).toBeGreaterThan(40)
  })

  test('refuses a folder without any, one without latencies, and a file that is broken', () => {
    expect(() => findStories(folder)).toThrow(Refusal)
    mkdirSync(join(folder, 'broken'))
    writeFileSync(join(folder, 'broken', 'outcome.json'), '{')
    expect(() => findStories(folder)).toThrow('no latencies.json')
    writeFileSync(join(folder, 'latencies.json'), '{"podSchedule": {"ms": 1, "spreadMs": [1, 1], "kind": "delay"}}')
    expect(() => findStories(folder)).toThrow(/latencies\.json lacks daemonSetToFirstPod, /)
    expect(() => readStory(join(folder, 'broken'))).toThrow(/cluster-before\.json: ENOENT/)
  })
})
