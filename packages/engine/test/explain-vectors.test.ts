import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { repositoryRoot } from '@everynode/testkit'
import { describe, expect, it } from 'vitest'
import { explainPods } from '../src/explain/explain-pods.ts'
import type { ClusterDump, Pod, PodExplanation, PodGroup, PodRemedy, SnapshotObjects } from '../src/index.ts'

interface Case {
  readonly id: string
  readonly input: Partial<SnapshotObjects> & { readonly pod: Pod }
  readonly expect: {
    readonly selectedNode?: string
    readonly ties?: boolean
    readonly message?: string
    readonly nodes: readonly {
      readonly node: string
      readonly code: string
      readonly reasons?: readonly string[]
      readonly score?: number
      readonly absent?: boolean
    }[]
    readonly preemption?: {
      readonly nominatedNode?: string
      readonly victims?: readonly string[]
      readonly ties?: boolean
      readonly keepsNomination?: boolean
    }
  }
}

const LISTS = [
  'nodes',
  'pods',
  'daemonSets',
  'deployments',
  'replicaSets',
  'statefulSets',
  'jobs',
  'podDisruptionBudgets',
  'namespaces',
  'services',
  'replicationControllers',
  'persistentVolumeClaims',
  'persistentVolumes',
  'storageClasses',
  'csiNodes',
  'csiDrivers',
  'csiStorageCapacities',
  'volumeAttachments',
]
const CLASSES = [
  { metadata: { name: 'low' }, value: 5 },
  { metadata: { name: 'high' }, value: 1000 },
  { metadata: { name: 'shy' }, value: 2000, preemptionPolicy: 'Never' },
]

const cases = gunzipSync(
  readFileSync(join(repositoryRoot(), 'testdata/vectors/kubernetes/scheduleOne-workload.jsonl.gz')),
)
  .toString()
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case)

function dumpOf({ pod, ...objects }: Case['input'], asked: Pod = pod): ClusterDump {
  const lists = Object.fromEntries(LISTS.map(list => [list, (objects as Record<string, unknown>)[list] ?? []]))
  return { ...lists, pods: [...(objects.pods ?? []), asked], priorityClasses: CLASSES }
}

function explained(input: Case['input'], asked: Pod = input.pod): PodExplanation {
  const { namespace = 'default', name = '' } = asked.metadata
  return explainPods(dumpOf(input, asked), { kind: 'Pod', namespace, name })
}

/** The one group that a single pod makes. */
function groupOf({ groups }: PodExplanation): PodGroup {
  const [group, ...others] = groups
  if (group === undefined || others.length > 0) throw new Error('a pod makes one group')
  return group
}

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The pod as the remedy says it should be. */
function remedied(pod: Pod, { kind, tolerations, priorityClassName, priority }: PodRemedy): Pod | undefined {
  if (kind === 'toleration')
    return { ...pod, spec: { ...pod.spec, tolerations: [...(pod.spec.tolerations ?? []), ...(tolerations ?? [])] } }
  if ((kind === 'class' || kind === 'create class') && priorityClassName !== undefined && priority !== undefined)
    return { ...pod, spec: { ...pod.spec, priorityClassName, priority, preemptionPolicy: 'PreemptLowerPriority' } }
  return undefined
}

/** Compares what is comparable: an empty text where both agree, undefined where there is nothing to compare. */
function compareAll(compare: (one: Case, explanation: PodExplanation) => string | undefined) {
  const answers = cases.map((one, index) => ({ id: one.id, text: compare(one, explanations[index]!) }))
  return {
    compared: answers.filter(({ text }) => text !== undefined).length,
    differences: answers.flatMap(({ id, text }) => (text === undefined || text === '' ? [] : [`${id}: ${text}`])),
  }
}

const explanations = cases.map(({ input }) => explained(input))

describe('the explanation of a pod against the recorded answers of the real scheduler', () => {
  it('names the node that the scheduler takes, with its score', () => {
    const { compared, differences } = compareAll(({ expect: answer }, explanation) => {
      if (answer.selectedNode === undefined || answer.ties === true) return undefined
      const { outcome } = groupOf(explanation)
      if (outcome.kind !== 'lands') return outcome.kind
      const own = answer.nodes.find(({ node }) => node === answer.selectedNode)
      const theirs = [answer.selectedNode, own?.score]
      return same([outcome.choice.node, outcome.choice.score], theirs) ? '' : JSON.stringify(outcome.choice)
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })
  it('names the node and the victims of preemption', () => {
    const { compared, differences } = compareAll(({ expect: { preemption } }, explanation) => {
      if (preemption?.nominatedNode === undefined || preemption.ties === true) return undefined
      const { outcome } = groupOf(explanation)
      if (outcome.kind !== 'preempts') return outcome.kind
      const ours = [outcome.node, outcome.victims.map(({ namespace, name }) => `${namespace}/${name}`)]
      return same(ours, [preemption.nominatedNode, preemption.victims]) ? '' : JSON.stringify(ours)
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(20)
  })
  it('says blocked where the scheduler finds neither a node nor victims', () => {
    const { compared, differences } = compareAll(({ expect: answer }, explanation) => {
      if (answer.selectedNode !== undefined || answer.preemption?.nominatedNode !== undefined) return undefined
      const { kind } = groupOf(explanation).outcome
      return kind === 'blocked' || kind === 'waits' ? '' : kind
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(50)
  })
  it('puts every node into one group, with the reasons that the scheduler has for it', () => {
    const { compared, differences } = compareAll(({ expect: answer }, explanation) => {
      const { nodes } = groupOf(explanation)
      if (nodes.length === 0) return undefined
      const known = new Map(nodes.flatMap(group => group.nodes.map(node => [node, group] as const)))
      const names = answer.nodes.map(({ node }) => node)
      const counted = nodes.reduce((sum, group) => sum + group.nodes.length, 0)
      if (known.size !== counted || !same(sorted([...known.keys()]), sorted(names))) return 'other nodes'
      const wrong = answer.nodes.filter(({ node, code, reasons = [], absent }) => {
        const group = known.get(node)!
        if (absent === true || code === 'NotEvaluated') return false
        return !same(sorted(group.reasons), sorted(reasons)) || (group.kind === 'fits') !== (code === 'Success')
      })
      return wrong.map(({ node }) => node).join()
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(300)
  })
  it('tells a remedy only if the changed pod then finds a node, by evictions only where it says so', () => {
    const { compared, differences } = compareAll(({ input }, { remedy }) => {
      const after = remedy === undefined ? undefined : remedied(input.pod, remedy)
      if (remedy === undefined || after === undefined) return undefined
      const { outcome } = groupOf(explained(input, after))
      return outcome.kind === (remedy.evictions.length > 0 ? 'preempts' : 'lands') ? '' : outcome.kind
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(10)
  })
})
