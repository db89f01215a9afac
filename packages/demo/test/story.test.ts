import { type Coverage, cover, type DaemonSetCoverage } from '@everynode/engine'
import { describe, expect, it } from 'vitest'
import { afterForecast, DEMO_VARIANTS, type DemoVariant, demoCluster, LOG_AGENT_REMEDY } from '../src/index.ts'

const ONLY = new Set(['logging/log-agent'])

function agentOf(coverage: Coverage): DaemonSetCoverage {
  const [agent] = coverage.daemonSets
  if (agent === undefined) throw new Error('no answer for logging/log-agent')
  return agent
}

function forecast(variant: DemoVariant) {
  const dump = demoCluster(variant)
  const byNode = agentOf(cover(dump, { only: ONLY, grouping: 'node', remedies: false }))
  const after = afterForecast(dump, byNode)
  return { dump, after, coverage: cover(after) }
}

const landedOf = ({ landed, should }: DaemonSetCoverage) => [landed, should]

describe.each(DEMO_VARIANTS)('the engine on the demo cluster, variant %s', variant => {
  const coverage = cover(demoCluster(variant))

  it('agrees with every message and placement in the cluster', () => {
    const { differences, messages, placements } = coverage.selfCheck
    expect(differences).toEqual([])
    expect(messages).toEqual({ agree: messages.of, of: messages.of, stale: 0 })
    expect(messages.of).toBe(variant === 'problem' || variant === 'equal' ? 17 : 0)
    expect(placements.agree).toBe(placements.of)
    expect(placements.of).toBe(116)
  })

  it('knows every list', () => {
    expect(coverage.unknown).toEqual([])
  })

  it('finds the four platform daemons on every node that should have them', () => {
    const platform = coverage.daemonSets.filter(one => one.name !== 'log-agent')
    expect(platform).toHaveLength(4)
    for (const one of platform) expect(one.landed, one.name).toBe(one.should)
  })

  it('names who wrote every DaemonSet', () => {
    for (const { name, source } of coverage.daemonSets) expect(source.kind, name).not.toBe('unknown')
  })
})

describe('the story', () => {
  it('begins with 4 of 27 nodes, and nothing on them changes by itself', () => {
    const { dump, after, coverage } = forecast('problem')
    expect(after.pods).toEqual(dump.pods)
    expect(landedOf(agentOf(cover(demoCluster(), { only: ONLY })))).toEqual([4, 27])
    expect(coverage.daemonSets.find(one => one.name === 'log-agent')).toMatchObject({ landed: 4, should: 27 })
  })

  it('gains pool default by a class above the workloads, one pod a node', () => {
    const { dump, after, coverage } = forecast('class')
    expect(coverage.daemonSets.find(one => one.name === 'log-agent')).toMatchObject({ landed: 21, should: 27 })
    // 17 agents came, 17 workload pods went.
    expect(after.pods).toHaveLength(dump.pods?.length ?? 0)
  })

  it('gains nothing by a class that the workloads have as well', () => {
    const { dump, after } = forecast('equal')
    expect(after.pods).toEqual(dump.pods)
    const reasons = agentOf(cover(dump, { only: ONLY })).groups.flatMap(({ verdict }) =>
      verdict.kind === 'blocked' ? [verdict.whyNoPreemption] : [],
    )
    expect(reasons).toHaveLength(3)
    for (const reason of reasons) expect(reason).toContain('1000')
  })

  it('ends with 27 of 27, and takes nothing from another daemon', () => {
    const { coverage } = forecast('remedy')
    expect(coverage.selfCheck.differences).toEqual([])
    for (const one of coverage.daemonSets) expect(landedOf(one), one.name).toEqual([one.should, one.should])
    expect(coverage.daemonSets.find(one => one.name === 'log-agent')?.should).toBe(27)
  })

  it('ends with the class and toleration that the engine proves before', () => {
    const { remedy } = agentOf(cover(demoCluster('equal'), { only: ONLY }))
    const { priorityClassName, tolerations } = LOG_AGENT_REMEDY.spec.template.spec
    expect(remedy).toMatchObject({ priorityClassName, tolerations, coveredBefore: 4, coveredAfter: 27, of: 27 })
  })
})
