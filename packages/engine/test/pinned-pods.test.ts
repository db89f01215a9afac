import { arbitraryCluster, arbitraryRichCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PinnedPod } from '../src/framework/pinned-pod.ts'
import {
  ClusterSnapshot,
  type Cycle,
  DisruptionBudgets,
  type NodeIndex,
  type Pod,
  type PodSpec,
  preparePod,
  scheduleOne,
} from '../src/index.ts'

/** Named once the pod is read by its template; named twice it means the same and is read like any other. */
function pinned(pod: Pod, spec: PodSpec, nodeName: string, times: 1 | 2): Pod {
  const field = { key: 'metadata.name', operator: 'In', values: [nodeName] }
  const term = { matchFields: times === 1 ? [field] : [field, field] }
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
  return { ...pod, spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } } }
}

const told = ({ prepared, selectedNode, ties, filtered, absent, message, preemption, ...rest }: Cycle) => ({
  names: [...(prepared.nodeNames ?? [])],
  plugins: prepared.nodePlugins,
  notModelled: prepared.notModelled,
  filters: prepared.filters.map(({ plugin }) => plugin),
  ...{ selectedNode, ties, filtered: [...filtered], absent, message, preemption },
  ...{ best: rest.best, postFilterMessage: rest.postFilterMessage, nextStart: rest.nextStart },
})

describe('a pod that is pinned to one node', () => {
  test.each([
    { kind: 'bare', clusters: arbitraryCluster, shared: 500 },
    { kind: 'rich', clusters: arbitraryRichCluster, shared: 50 },
  ])(
    'fares as if its template had never been read, on a snapshot that changes: $kind clusters',
    ({ clusters, shared }) => {
      let templates = 0
      fc.assert(
        fc.property(clusters(), fc.nat(5), (cluster, start) => {
          const { pod } = cluster
          const { topologySpreadConstraints: _, affinity: __, ...plain } = pod.spec
          const snapshot = new ClusterSnapshot(cluster)
          const budgets = new DisruptionBudgets(cluster.podDisruptionBudgets)
          const names = [...cluster.nodes.map(({ metadata }) => metadata.name ?? ''), 'elsewhere']
          for (const spec of [pod.spec, plain, { ...plain, tolerations: [{ operator: 'Exists' }] }]) {
            for (const name of names) {
              const quick = pinned(pod, spec, name, 1)
              if (preparePod(quick, snapshot) instanceof PinnedPod) templates++
              expect(told(scheduleOne(quick, snapshot, budgets, start))).toEqual(
                told(scheduleOne(pinned(pod, spec, name, 2), snapshot, budgets, start)),
              )
            }
            snapshot.addPod({ ...pod, spec }, (start % snapshot.nodeCount) as NodeIndex)
          }
        }),
        { numRuns: 300 },
      )
      expect(templates).toBeGreaterThan(shared)
    },
  )
})
