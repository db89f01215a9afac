import { arbitraryCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupVerdicts } from '../src/coverage/groups.ts'
import { changedDump, prove } from '../src/coverage/prove.ts'
import { buildWorld } from '../src/coverage/world.ts'
import { type ClusterDump, cover, type DaemonSet, type DaemonSetCoverage, type Remedy } from '../src/index.ts'
import { daemonSet, dumpOf, node, podOf, story, storyNames, webPod } from './coverage-builders.ts'

const agent = daemonSet('agent')
const STABLE = { key: 'nodepool/stable', effect: 'NoSchedule' }

/** Nodes on which the pod is or would be, as cover says. */
function reached({ groups }: DaemonSetCoverage): number {
  const there = groups.filter(
    ({ verdict, uncounted }) => uncounted === undefined && ['landed', 'fits', 'preempts'].includes(verdict.kind),
  )
  return there.reduce((sum, { nodes }) => sum + nodes.length, 0)
}

/** The dump as the remedy says, with the pods that wait for their node gone: the controller makes them anew. */
function applied(dump: ClusterDump, one: DaemonSet, remedy: Remedy): ClusterDump {
  const { tolerations, priorityClassName: name, priority: value, kind } = remedy
  const isNew = name !== undefined && !(dump.priorityClasses ?? []).some(({ metadata }) => metadata.name === name)
  const exclude = /^node affinity, in every term: (\S+) NotIn \[(\S+)\]$/.exec(remedy.change)
  const changed = changedDump(dump, one, {
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(name === undefined ? {} : { priorityClass: { name, value: value ?? 0, isNew } }),
    ...(kind === 'exclude' ? { exclude: [{ key: exclude?.[1] ?? '', value: exclude?.[2] ?? '' }] } : {}),
  })
  const isReplaced = (uid: string | undefined, nodeName: string | undefined) =>
    uid === one.metadata.uid && nodeName === undefined
  return {
    ...changed,
    pods: (dump.pods ?? []).filter(
      ({ metadata, spec }) => !isReplaced(metadata.ownerReferences?.[0]?.uid, spec.nodeName),
    ),
  }
}

describe('what a remedy promises, cover finds in the changed dump', () => {
  test.each(storyNames())('%s', name => {
    const dump = story(name)
    for (const one of cover(dump).daemonSets) {
      const { remedy } = one
      if (remedy === undefined || remedy.kind === 'raise quota' || remedy.kind === 'label namespace') continue
      const own = dump.daemonSets?.find(
        ({ metadata }) => metadata.name === one.name && metadata.namespace === one.namespace,
      )
      const after = cover(applied(dump, own!, remedy), {
        only: new Set([`${one.namespace}/${one.name}`]),
        remedies: false,
      }).daemonSets[0]
      expect(reached(after!), one.name).toBe(remedy.coveredAfter)
      expect(after?.should, one.name).toBe(remedy.of)
    }
  })
})

function remedyFor(dump: ClusterDump): Pick<DaemonSetCoverage, 'remedy' | 'noRemedy'> {
  const { remedy, noRemedy } = cover(dump).daemonSets[0]!
  return { ...(remedy && { remedy }), ...(noRemedy !== undefined && { noRemedy }) }
}

const full = [webPod('a', '1900m'), podOf(agent, 'a', 'pending')]

describe('the remedy', () => {
  test('is to wait where the pod comes by itself, with the evictions that this takes', () => {
    const pods = [webPod('a', '1900m'), podOf(agent, 'a', 'pending', { priority: 1000 })]
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [agent], pods })).remedy).toMatchObject({
      kind: 'wait',
      coveredBefore: 0,
      coveredAfter: 1,
      evictions: [{ owner: 'Deployment/web', pods: 1, daemon: false }],
      restarts: 0,
    })
  })

  test('prefers the least existing class that suffices, and never a system class or one that does not preempt', () => {
    const priorityClasses = [
      { metadata: { name: 'system-node-critical' }, value: 2_000_001_000, preemptionPolicy: 'PreemptLowerPriority' },
      { metadata: { name: 'high' }, value: 1_000_000, preemptionPolicy: 'PreemptLowerPriority' },
      { metadata: { name: 'patient' }, value: 900, preemptionPolicy: 'Never' },
      { metadata: { name: 'low' }, value: 100, preemptionPolicy: 'PreemptLowerPriority' },
    ]
    const pods = [webPod('a', '1900m', { priority: 500 }), podOf(agent, 'a', 'pending')]
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [agent], pods, priorityClasses })).remedy).toMatchObject({
      kind: 'class',
      change: 'priorityClassName: high (1000000)',
      priority: 1_000_000,
    })
  })

  test('makes a class above workloads that stand above the ladder', () => {
    const pods = [webPod('a', '1900m', { priority: 200_000_000 }), podOf(agent, 'a', 'pending')]
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [agent], pods })).remedy).toMatchObject({
      kind: 'create class',
      priority: 200_000_001,
    })
  })

  test('tolerates before it evicts, and does both where both are needed', () => {
    const others = ['one', 'two'].map(name => daemonSet(name, { tolerations: [{ operator: 'Exists' }] }))
    const dump = dumpOf({
      nodes: [node('a'), node('s', { pool: 'stable', taints: [STABLE] })],
      daemonSets: [agent, ...others],
      pods: full,
    })
    expect(remedyFor(dump).remedy).toMatchObject({
      kind: 'create class',
      change: expect.stringMatching(
        /^tolerations: \[\{key: nodepool\/stable.*\}\]; priorityClassName: everynode-daemons/,
      ),
      coveredAfter: 2,
      of: 2,
    })
  })

  test('never tolerates its way onto another operating system', () => {
    const others = ['one', 'two'].map(name => daemonSet(name, { tolerations: [{ operator: 'Exists' }] }))
    const windows = node('w', {
      pool: 'windows',
      labels: { 'kubernetes.io/os': 'windows' },
      taints: [{ key: 'os', value: 'windows', effect: 'NoSchedule' }],
    })
    const dump = dumpOf({
      nodes: [node('a'), windows],
      daemonSets: [agent, ...others],
      pods: [podOf(agent, 'a', 'ready')],
    })
    expect(remedyFor(dump)).toEqual({ noRemedy: expect.stringContaining('another operating system') })
  })

  test('mends a misspelt class rather than make one', () => {
    const misspelt = daemonSet('agent', { priorityClassName: 'hihg-priority' })
    const priorityClasses = [
      { metadata: { name: 'high-priority' }, value: 5000, preemptionPolicy: 'PreemptLowerPriority' },
    ]
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [misspelt], priorityClasses })).remedy).toMatchObject({
      kind: 'fix class name',
      priorityClassName: 'high-priority',
      coveredAfter: 1,
    })
  })

  test('counts what budgets do not allow over all nodes together', () => {
    const budget = {
      metadata: { name: 'web', namespace: 'apps' },
      spec: { selector: { matchLabels: { app: 'web' } } },
      status: { disruptionsAllowed: 1 },
    }
    const pods = ['a', 'b', 'c'].flatMap(name => [webPod(name, '1900m'), podOf(agent, name, 'pending')])
    const dump = dumpOf({
      nodes: ['a', 'b', 'c'].map(name => node(name)),
      daemonSets: [agent],
      pods,
      podDisruptionBudgets: [budget],
    })
    expect(remedyFor(dump).remedy).toMatchObject({ coveredAfter: 3, pdbViolations: 2 })
    const { podDisruptionBudgets: _, ...unknownBudgets } = dump
    expect(remedyFor(unknownBudgets).remedy).not.toHaveProperty('pdbViolations')
  })

  test('says that OnDelete keeps the old pods', () => {
    const onDelete = { ...agent, spec: { ...agent.spec, updateStrategy: { type: 'OnDelete' } } }
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [onDelete], pods: full })).remedy).toMatchObject({
      restarts: 0,
      caution: expect.stringContaining('OnDelete'),
    })
  })

  test('names the place through which a change must go', () => {
    const released = daemonSet('agent', {}, { 'meta.helm.sh/release-name': 'datadog' })
    expect(remedyFor(dumpOf({ nodes: [node('a')], daemonSets: [released], pods: full })).remedy?.where).toBe(
      'spec.template.spec.priorityClassName, by the values of release datadog',
    )
  })

  test('is to delete Pending pods that were made before their class was worth its number', () => {
    const classed = daemonSet('agent', { priorityClassName: 'daemons' })
    const priorityClasses = [{ metadata: { name: 'daemons' }, value: 5000, preemptionPolicy: 'PreemptLowerPriority' }]
    const pods = [webPod('a', '1900m'), podOf(classed, 'a', 'pending', { priority: 0 })]
    const dump = dumpOf({ nodes: [node('a')], daemonSets: [classed], pods, priorityClasses })
    expect(cover(dump).daemonSets[0]?.groups[0]?.verdict).toMatchObject({
      whyNoPreemption: expect.stringContaining('was made with 0, a new one gets 5000: delete the Pending pod'),
    })
    expect(remedyFor(dump).remedy).toMatchObject({
      change: expect.stringMatching(/^delete the Pending pods/),
      restarts: 0,
      coveredAfter: 1,
    })
  })

  test('is for all nodes, also where one is asked about', () => {
    const pods = ['a', 'b'].flatMap(name => [webPod(name, '1900m'), podOf(agent, name, 'pending')])
    const dump = dumpOf({ nodes: [node('a'), node('b')], daemonSets: [agent], pods })
    const [one] = cover(dump, { nodes: new Set(['a']) }).daemonSets
    expect(one).toMatchObject({ should: 1, remedy: { of: 2, coveredAfter: 2 } })
  })

  test('does not tolerate its way onto an architecture that the image was never seen on', () => {
    const others = ['one', 'two'].map(name => daemonSet(name, { tolerations: [{ operator: 'Exists' }] }))
    const arm = node('g', {
      pool: 'arm',
      labels: { 'kubernetes.io/arch': 'arm64' },
      taints: [{ key: 'arch', effect: 'NoSchedule' }],
    })
    const dump = dumpOf({ nodes: [node('a'), arm], daemonSets: [agent, ...others], pods: [podOf(agent, 'a', 'ready')] })
    expect(remedyFor(dump)).toEqual({ noRemedy: expect.stringContaining('architecture') })
  })

  test('is not asked for where nobody wants it', () => {
    const dump = dumpOf({ nodes: [node('a')], daemonSets: [agent], pods: full })
    expect(cover(dump, { remedies: false }).daemonSets[0]).not.toHaveProperty('remedy')
  })
})

test('a proof leaves every cell of the snapshot as it was, and cover is a function of the dump', () => {
  fc.assert(
    fc.property(arbitraryCluster(), ({ nodes, pods, podDisruptionBudgets }) => {
      const one = daemonSet('agent', {
        containers: [{ name: 'main', image: 'i', resources: { requests: { cpu: '300m' } } }],
      })
      const dump = dumpOf({ nodes, pods, podDisruptionBudgets, daemonSets: [one] })
      const world = buildWorld(dump, {})
      const model = world.models[0]!
      const before = groupVerdicts(world, model)
      prove(world, model, before, { priorityClass: { name: 'new', value: 1_000_000_000, isNew: true } })
      expect(groupVerdicts(world, model)).toEqual(before)
      expect(cover(dump)).toEqual(cover(dump))
    }),
    { numRuns: 50 },
  )
})

test('a remedy never covers less than before, and names its evictions', () => {
  fc.assert(
    fc.property(arbitraryCluster({ plain: true }), ({ nodes, pods, podDisruptionBudgets }) => {
      const dump = dumpOf({ nodes, pods, podDisruptionBudgets, daemonSets: [agent] })
      const { remedy, should, landed } = cover(dump).daemonSets[0]!
      if (remedy === undefined) return
      expect(remedy.coveredAfter).toBeGreaterThanOrEqual(remedy.coveredBefore)
      expect(remedy.coveredBefore).toBe(landed)
      expect(remedy.of).toBeGreaterThanOrEqual(remedy.coveredAfter)
      if (remedy.tolerations === undefined && remedy.kind !== 'exclude') expect(remedy.of).toBe(should)
      for (const { pods: evicted } of remedy.evictions) expect(evicted).toBeGreaterThan(0)
    }),
    { numRuns: 100 },
  )
})
