import { readdirSync, readFileSync } from 'node:fs'
import { type JsonValue, readYamlFile } from '@everynode/source'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_POOL,
  LOG_AGENT,
  LOG_AGENT_REMEDY,
  LOG_AGENT_STANDARD,
  QOVERY_HIGH_PRIORITY,
  QOVERY_STANDARD_PRIORITY,
  STABLE_POOL,
} from '../src/index.ts'

const FOLDER = new URL('../../../examples/qovery/', import.meta.url)

function textOf(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8')
}

function documentsOf(file: string): readonly JsonValue[] {
  const { documents, error, strict } = readYamlFile(textOf(file))
  expect(error, file).toBeUndefined()
  expect(strict, file).toBeUndefined()
  return documents
}

function podSpecOf(document: JsonValue | undefined): Record<string, unknown> {
  return (document as { spec: { template: { spec: Record<string, unknown> } } }).spec.template.spec
}

describe('the files of examples/qovery', () => {
  it('are the objects that the demo plays', () => {
    expect(documentsOf('qovery-standard-priority.yaml')).toEqual([QOVERY_STANDARD_PRIORITY])
    expect(documentsOf('qovery-high-priority.yaml')).toEqual([QOVERY_HIGH_PRIORITY])
    expect(documentsOf('nodepools.yaml')).toEqual([DEFAULT_POOL, STABLE_POOL])
    expect(documentsOf('log-agent.yaml')).toEqual([LOG_AGENT])
    expect(documentsOf('log-agent-class.yaml')).toEqual([LOG_AGENT_STANDARD])
    expect(documentsOf('log-agent-remedy.yaml')).toEqual([LOG_AGENT_REMEDY])
  })

  it('reach every pool without a class as they do with the remedy, but for the class', () => {
    const [everywhere] = documentsOf('log-agent-everywhere.yaml')
    const { priorityClassName, ...unclassed } = LOG_AGENT_REMEDY.spec.template.spec
    expect(priorityClassName).toBe('qovery-high-priority')
    expect(podSpecOf(everywhere)).toEqual(unclassed)
  })

  it('leave Fargate out in every OR-ed term where they tolerate more', () => {
    for (const file of ['log-agent-everywhere.yaml', 'log-agent-remedy.yaml']) {
      const { affinity, tolerations } = podSpecOf(documentsOf(file)[0])
      expect(tolerations).toHaveLength(1)
      const required = (affinity as typeof LOG_AGENT_REMEDY.spec.template.spec.affinity)?.nodeAffinity
      const terms = required?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
      expect(terms).toHaveLength(2)
      for (const term of terms) {
        const exclusion = { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] }
        expect(term.matchExpressions).toContainEqual(exclusion)
      }
    }
  })

  it('say in Helm values what the remedy says in the manifest', () => {
    const [values] = documentsOf('values-datadog.yaml') as readonly { agents: Record<string, unknown> }[]
    const { priorityClassName, tolerations } = LOG_AGENT_REMEDY.spec.template.spec
    expect(values?.agents).toMatchObject({ priorityClassName, tolerations })
  })

  it('begin with a comment that says what they are, and are all listed in the README', () => {
    const readme = textOf('README.md')
    const files = readdirSync(FOLDER).filter(file => file.endsWith('.yaml'))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      expect(textOf(file), file).toMatch(/^# \S/)
      expect(readme).toContain(`(${file})`)
    }
  })

  it('mark what the guide does not state', () => {
    expect(textOf('qovery-standard-priority.yaml')).toMatch(/Value 1000: Qovery's documented default, not in the guide/)
    expect(textOf('qovery-high-priority.yaml')).toMatch(/value 1000000: Qovery's documented default, not in the guide/)
    expect(textOf('nodepools.yaml')).toMatch(/effect NoSchedule.*: Qovery's documented default, not in the guide/)
  })
})
