import { arbitraryCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pinnedMessage } from '../src/coverage/pinned-message.ts'
import { placeOn } from '../src/coverage/placement.ts'
import {
  ClusterSnapshot,
  DisruptionBudgets,
  KUBERNETES_VERSIONS,
  parseSchedulingMessage,
  preparePod,
  scheduleOne,
} from '../src/index.ts'
import { story, storyNames } from './coverage-builders.ts'

const OTHERS = "4 node(s) didn't satisfy plugin(s) [NodeAffinity]"
const tail = (text: string) => `no new claims to deallocate, preemption: ${text}`

function parsed(text: string) {
  const message = parseSchedulingMessage(text)
  if (message.kind !== 'failed scheduling') throw new Error(message.kind)
  return message
}

describe('a message of 1.35 and later', () => {
  test('full node, nobody to evict', () => {
    const message = parsed(
      `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${tail('0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.')}`,
    )
    expect(message).toMatchObject({ nodes: 5, pinned: true, truncated: false, versions: ['1.34', '1.35', '1.36'] })
    expect(message.reasons.map(({ count, text, plugin }) => [count, text, plugin])).toEqual([
      [1, 'Insufficient cpu', 'NodeResourcesFit'],
      [4, "node(s) didn't satisfy plugin(s) [NodeAffinity]", 'NodeAffinity'],
    ])
    expect(message.preemption).toMatchObject({
      kind: 'no node helps',
      reasons: [{ count: 1, known: true }, { count: 4 }],
    })
    expect(message.explanation.join('\n')).toMatch(/equal priority is not enough/)
  })

  test('request above the node', () => {
    const message = parsed(
      `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${tail('0/5 nodes are available: 5 Preemption is not helpful for scheduling.')}`,
    )
    expect(message.explanation.join('\n')).toMatch(/above what the node can allocate at all/)
  })

  test('still short without everybody below', () => {
    const message = parsed(
      `0/5 nodes are available: 1 Insufficient cpu, 1 Too many pods, ${OTHERS}. ${tail('0/5 nodes are available: 1 Insufficient cpu, 4 Preemption is not helpful for scheduling.')}`,
    )
    expect(message.explanation.join('\n')).toMatch(/even without all pods of lower priority: Insufficient cpu/)
  })

  test('cut off within a reason of preemption: it is read by its beginning, and never taken for a filter', () => {
    const explained = (end: string): string =>
      parsed(
        `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${tail(`0/5 nodes are available: ${end}...`)}`,
      ).explanation.join('\n')
    expect(explained('1 No preemption vi')).toMatch(/no pod there has a lower priority than this one/)
    expect(explained('1 Insufficient cpu, 4 Preemption is n')).toMatch(/lower priority: Insufficient cpu\./)
  })

  test('a class that never preempts', () => {
    const message = parsed(
      `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${tail('not eligible due to preemptionPolicy=Never.')}`,
    )
    expect(message.preemption).toEqual({ kind: 'not eligible', why: 'preemptionPolicy=Never' })
  })

  test('victims still ending on the nominated node', () => {
    const message = parsed(
      `0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity NodeResourcesFit]. ${tail('not eligible due to a terminating pod on the nominated node.')}`,
    )
    expect(message.reasons[1]?.plugins).toEqual(['NodeAffinity', 'NodeResourcesFit'])
    expect(message.explanation.join('\n')).toMatch(/nominated to a node once: NodeResourcesFit rejected it/)
  })

  test('victims found ends after the histogram', () => {
    expect(parsed(`0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}.`).preemption).toEqual({
      kind: 'victims found',
    })
  })

  test('a claim that is missing stops before any node', () => {
    const message = parsed('0/5 nodes are available: persistentvolumeclaim "data" not found. not found')
    expect(message).toMatchObject({
      reasons: [],
      preemption: { kind: 'not tried' },
      preFilter: { text: 'persistentvolumeclaim "data" not found', known: true },
    })
  })

  test('a pod pinned to a node that is gone', () => {
    const message = parsed(
      `0/5 nodes are available: 5 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${tail('0/5 nodes are available: 5 Preemption is not helpful for scheduling.')}`,
    )
    expect(message.explanation.join('\n')).toMatch(/pinned to a node that is not there any more/)
  })

  test('a pod that may go anywhere', () => {
    const message = parsed(
      `0/8 nodes are available: 8 Insufficient cpu. ${tail('0/8 nodes are available: 8 No preemption victims found for incoming pod.')}`,
    )
    expect(message).toMatchObject({ pinned: false, nodes: 8 })
  })
})

test('1.34.1 names the taint; 1.37 names node and victims and has no sentence about claims', () => {
  const old = parsed(
    `0/5 nodes are available: 1 node(s) had untolerated taint {nodepool/stable: }, ${OTHERS}. ${tail('0/5 nodes are available: 5 Preemption is not helpful for scheduling.')}`,
  )
  expect(old.versions).toEqual(['1.34'])
  expect(old.reasons[0]).toMatchObject({
    known: true,
    plugin: 'TaintToleration',
    means: expect.stringContaining('nodepool/stable'),
  })
  const found = parsed(
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. preemption: found a potential placement for pod on node a, preempting 2 victims`,
  )
  expect(found).toMatchObject({ versions: ['1.37'], preemption: { kind: 'victims found', node: 'a', victims: 2 } })
  const bare = parsed(
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. preemption: not eligible due to preemptionPolicy=Never.`,
  )
  expect(bare.versions).toEqual(['1.37'])
})

test('a message that an event cut off says so, and its last entry is not mistaken for an unknown reason', () => {
  const long = `0/900 nodes are available: ${Array.from({ length: 40 }, (_, i) => `${i + 10} Insufficient example.com/device-${i}`).join(', ')}.`
  const cut = `${long.slice(0, 1020)} ...`
  const message = parsed(cut)
  expect(message).toMatchObject({ truncated: true, preemption: { kind: 'not told' } })
  expect(message.reasons.slice(0, -1).every(({ known }) => known)).toBe(true)
})

test('a text that ends without a word on preemption tells of victims only if a reason can go by evicting', () => {
  const taint = "1 node(s) had untolerated taint(s), 4 node(s) didn't match Pod's node affinity/selector"
  expect(parsed(`0/5 nodes are available: ${taint}.`).preemption).toEqual({ kind: 'not told' })
  expect(parsed(`0/5 nodes are available: ${taint}.`).explanation.join('\n')).toMatch(
    /the end of the message is missing/,
  )
  expect(parsed('0/5 nodes are available: 5 Insufficient cpu.').preemption).toEqual({ kind: 'victims found' })
})

test('what kubectl describe prints before it does not matter', () => {
  expect(
    parsed(
      '  Warning  FailedScheduling  2m (x5 over 10m)  default-scheduler  0/3 nodes are available: 3 Too many pods.',
    ).reasons,
  ).toMatchObject([{ count: 3, text: 'Too many pods' }])
})

test('text that no scheduler writes is said to be unknown', () => {
  expect(parseSchedulingMessage('hello').kind).toBe('not a scheduling message')
  expect(parseSchedulingMessage('2/3 nodes are available: 1 Insufficient cpu.').kind).toBe('not a scheduling message')
  expect(parseSchedulingMessage('no nodes available to schedule pods').kind).toBe('no nodes')
  expect(parsed('0/3 nodes are available: 3 node(s) felt unwell.').reasons).toMatchObject([
    { known: false, means: expect.stringContaining('no kube-scheduler') },
  ])
  expect(parsed('0/3 nodes are available: 3 Insufficient cpu. preemption: went home.').preemption).toMatchObject({
    kind: 'unknown',
    text: 'went home',
  })
})

test('every recorded condition is read without an unknown word', () => {
  let read = 0
  for (const name of storyNames()) {
    for (const { status } of story(name).pods ?? []) {
      const condition = status?.conditions?.find(
        ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
      )
      if (condition?.message === undefined) continue
      const message = parsed(condition.message)
      expect(
        message.reasons.every(({ known }) => known),
        condition.message,
      ).toBe(true)
      expect(['no node helps', 'not eligible', 'victims found']).toContain(message.preemption.kind)
      read++
    }
  }
  expect(read).toBeGreaterThan(90)
})

test('any text gets an answer', () => {
  const pieces = [
    '0/5 nodes are available:',
    '1 Insufficient cpu',
    ', ',
    '. ',
    'preemption: ',
    'no new claims to deallocate',
    ' ...',
    '{a: b}',
    '9',
    '\n',
  ]
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), parts => {
      expect(parseSchedulingMessage(parts.join('')).explanation).toBeInstanceOf(Array)
    }),
    { numRuns: 500 },
  )
})

test.each(KUBERNETES_VERSIONS)('%s: the text for a pinned pod is that of a whole scheduling cycle', version => {
  fc.assert(
    fc.property(arbitraryCluster(), ({ pod, ...objects }) => {
      const nominees = objects.pods.filter(({ spec }) => spec.nodeName === undefined)
      const snapshot = new ClusterSnapshot(
        { ...objects, pods: objects.pods.filter(one => !nominees.includes(one)) },
        version,
      )
      const budgets = new DisruptionBudgets(objects.podDisruptionBudgets)
      const name = 'node-0'
      const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
      const pinned = { ...pod, spec: { ...pod.spec, affinity: { ...pod.spec.affinity, nodeAffinity } } }
      const placement = placeOn(preparePod(pinned, snapshot), snapshot, budgets, snapshot.nodeIndex(name)!)
      const whole = scheduleOne(pinned, snapshot, budgets)
      if (placement.kind === 'fits') expect(whole.message).toBeUndefined()
      else expect(pinnedMessage(placement, name, snapshot.nodeCount, version)).toBe(whole.message)
    }),
    { numRuns: 150 },
  )
})
