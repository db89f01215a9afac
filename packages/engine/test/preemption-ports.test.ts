import { arbitraryCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ClusterSnapshot,
  DisruptionBudgets,
  type NodeIndex,
  type Pod,
  preparePod,
  selectVictims,
} from '../src/index.ts'
import { reprieveVictims } from '../src/preemption/victims.ts'

const PORTS = [
  { containerPort: 9000, hostPort: 9000 },
  { containerPort: 9000, hostPort: 9000, hostIP: '10.0.0.1' },
  { containerPort: 9001, hostPort: 9001 },
]

function withPorts(pod: Pod, pick: number): Pod {
  const [first, ...others] = pod.spec.containers ?? []
  if (first === undefined) return pod
  const { ports: _, ...plain } = first
  const chosen = PORTS.filter((_port, bit) => (pick >> bit) & 1)
  return { ...pod, spec: { ...pod.spec, containers: [{ ...plain, ports: chosen }, ...others] } }
}

test('victims for a host port are the same by counting and by taking pods away, ports that two pods hold included', () => {
  let taken = 0
  fc.assert(
    fc.property(arbitraryCluster(), fc.array(fc.nat(7), { minLength: 8 }), (cluster, picks) => {
      const pods = cluster.pods.map((pod, index) => withPorts(pod, picks[index % picks.length] ?? 0))
      const snapshot = new ClusterSnapshot({ ...cluster, pods })
      const prepared = preparePod(withPorts(cluster.pod, 1), snapshot)
      const budgets = new DisruptionBudgets(cluster.podDisruptionBudgets)
      for (const node of snapshot.order as readonly NodeIndex[]) {
        const ports = [...snapshot.portsOn(node)].sort((a, b) => (a < b ? -1 : 1))
        const quick = selectVictims(prepared, snapshot, budgets, node)
        expect(quick).toEqual(reprieveVictims(prepared, snapshot, budgets, node))
        expect([...snapshot.portsOn(node)].sort((a, b) => (a < b ? -1 : 1))).toEqual(ports)
        if (quick.kind === 'victims' && quick.victims.length > 0 && ports.length > 0) taken++
      }
    }),
    { numRuns: 500 },
  )
  expect(taken).toBeGreaterThan(15)
})
