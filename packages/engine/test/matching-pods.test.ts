import { type ArbitraryCluster, arbitraryCluster, arbitraryRichCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClusterSnapshot, type NodeIndex, type Pod, type PodIndex, scheduleOne } from '../src/index.ts'

const CLUSTERS = [
  { kind: 'bare', clusters: arbitraryCluster },
  { kind: 'rich', clusters: arbitraryRichCluster },
] as const
const KEYS = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'nobody/has-it']
const CONDITIONS: readonly ((pod: Pod) => boolean)[] = [
  () => true,
  ({ metadata }) => Object.keys(metadata.labels ?? {}).length > 0,
  ({ metadata }) => metadata.deletionTimestamp !== undefined,
  ({ metadata }) => metadata.namespace === 'default' || metadata.labels?.['app'] === 'web',
  ({ spec }) => spec.affinity?.podAntiAffinity !== undefined,
]

interface Step {
  readonly kind: 'add' | 'remove' | 'fork' | 'revert' | 'commit'
  readonly pick: number
}
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('add', 'add', 'remove', 'remove', 'fork', 'revert', 'commit') as fc.Arbitrary<Step['kind']>,
    pick: fc.nat(1000),
  }),
  { maxLength: 25 },
)

/** Adds copies of the cluster's pods and takes pods away; forks that are left open stay so. */
function walk(snapshot: ClusterSnapshot, { pods, pod }: ArbitraryCluster, list: readonly Step[]): void {
  const all = [pod, ...pods]
  list.forEach(({ kind, pick }, step) => {
    const node = (pick % snapshot.nodeCount) as NodeIndex
    const here = snapshot.podsOn(node)
    if (kind === 'add') {
      const { metadata, spec } = all[pick % all.length]!
      const nodeName = snapshot.nodeName(node)
      snapshot.addPod(
        { metadata: { ...metadata, name: `made-${step}`, uid: `made-${step}` }, spec: { ...spec, nodeName } },
        node,
      )
    } else if (kind === 'remove') {
      if (here.length > 0) snapshot.removePod(here[pick % here.length] as PodIndex)
    } else snapshot[kind]()
  })
}

/** The pod without requests and wishes about nodes, so that it fits unless other pods keep it away. */
function small({ metadata, spec }: Pod): Pod {
  const { nodeSelector: _, affinity: { nodeAffinity: __, ...affinity } = {}, ...rest } = spec
  return { metadata, spec: { ...rest, affinity, containers: [{ name: 'main' }] } }
}

const nodesOf = (snapshot: ClusterSnapshot): NodeIndex[] => snapshot.nodes.map((_, index) => index as NodeIndex)
const podsOn = (snapshot: ClusterSnapshot, node: NodeIndex): Pod[] =>
  snapshot.podsOn(node).map(index => snapshot.pod(index))

describe('counts of pods that match', () => {
  test.each(CLUSTERS)('follow every change of the snapshot: $kind clusters', ({ clusters }) => {
    let counted = 0
    fc.assert(
      fc.property(clusters(), steps, steps, (cluster, before, after) => {
        const snapshot = new ClusterSnapshot(cluster)
        walk(snapshot, cluster, before)
        const columns = CONDITIONS.map((matches, index) => snapshot.matching.column(`condition ${index}`, matches))
        for (const column of columns) for (const key of KEYS.slice(1)) column.domainsOf(key)
        walk(snapshot, cluster, after)
        CONDITIONS.forEach((matches, index) => {
          const column = columns[index]!
          const byNode = nodesOf(snapshot).map(node => podsOn(snapshot, node).filter(matches).length)
          expect([...column.byNode]).toEqual(byNode)
          counted += column.total
          expect(column.total).toBe(byNode.reduce((sum, count) => sum + count, 0))
          for (const key of KEYS) {
            const { values, counts } = column.domainsOf(key)
            const { interner } = snapshot.labels.column(key)
            const byValue = Array.from({ length: interner.size }, (_, value) =>
              nodesOf(snapshot).reduce((sum, node) => sum + (values[node] === value ? byNode[node]! : 0), 0),
            )
            expect([...counts]).toEqual(byValue)
          }
        })
      }),
      { numRuns: 300 },
    )
    expect(counted).toBeGreaterThan(1000)
  })

  test.each(CLUSTERS)('lead to the decision of a snapshot that is built anew: $kind clusters', ({ clusters }) => {
    let chosen = 0
    fc.assert(
      fc.property(clusters(), steps, (cluster, list) => {
        const snapshot = new ClusterSnapshot(cluster)
        const questions = [cluster.pod, small(cluster.pod)]
        for (const pod of questions) scheduleOne(pod, snapshot)
        walk(snapshot, cluster, list)
        const nominated = [...snapshot.nominated.values()].flat()
        const bound = nodesOf(snapshot).flatMap(node => podsOn(snapshot, node))
        const anew = new ClusterSnapshot({ ...cluster, pods: [...bound, ...nominated] })
        const told = (of: ClusterSnapshot) =>
          questions.map(pod => {
            const { selectedNode, message, scores, filtered } = scheduleOne(pod, of)
            if (scores.size > 1) chosen++
            return { selectedNode, message, scores: [...scores], filtered: [...filtered] }
          })
        expect(told(snapshot)).toEqual(told(anew))
      }),
      { numRuns: 300 },
    )
    expect(chosen).toBeGreaterThan(20)
  })
})
