// npm run bench -- filter [SECONDS]: verdicts (pod × node) of the whole filter chain beside the real framework, on the same clusters.
import {
  ClusterSnapshot,
  explainWithNominated,
  FITS,
  filterWithNominated,
  preparePod,
  statusCode,
  sweepNodes,
} from '@everynode/engine'
import { open, wholeNumber } from '../tools/door.ts'
import { admittedPod } from './parts/daemon-template-pods.ts'
import { grouped, measure, times } from './parts/measure.ts'
import { type OracleWorld, oracleWorld, type WorldSize } from './parts/oracle-world.ts'
import { sharedSweep } from './parts/shared-sweep.ts'

const FLOOR = 10
const GOAL = 20

const CLUSTERS: readonly { readonly what: string; readonly size: WorldSize }[] = [
  { what: '1,000 nodes', size: { nodes: 1000, podsPerNode: 20, daemonSets: 30, seed: 1 } },
  {
    what: '1,000 nodes, no two equal',
    size: { nodes: 1000, podsPerNode: 20, daemonSets: 30, seed: 2, distinct: true },
  },
  { what: '20,000 nodes', size: { nodes: 20_000, podsPerNode: 10, daemonSets: 30, seed: 3 } },
]

await open(async ([length = '5']) => {
  const seconds = wholeNumber('seconds', length, 1, 600)
  const ratios: number[] = []
  let differences = 0
  for (const { what, size } of CLUSTERS) {
    const world = await oracleWorld(size, seconds)
    const snapshot = new ClusterSnapshot(world)
    const pods = world.daemonSets.map(daemonSet => admittedPod(world, daemonSet, undefined))
    differences += compare(world, snapshot)
    const codes = new Uint8Array(snapshot.nodeCount)
    let sum = 0
    const sweep = measure(seconds, () => {
      for (const pod of pods) {
        sweepNodes(preparePod(pod, snapshot), snapshot, codes)
        sum += codes[0] ?? 0
      }
      return pods.length * snapshot.nodeCount
    })
    const oneByOne = measure(seconds, () => {
      for (const pod of pods) {
        const prepared = preparePod(pod, snapshot)
        for (let node = 0; node < snapshot.nodeCount; node++) sum += filterWithNominated(prepared, snapshot, node)
      }
      return pods.length * snapshot.nodeCount
    })
    const shared = measure(seconds, () => {
      for (const pod of pods) sum += sharedSweep(preparePod(pod, snapshot), snapshot, codes)
      return pods.length * snapshot.nodeCount
    })
    const theirs = world.rates['filter'] ?? Number.NaN
    ratios.push(sweep.perCpuSecond / theirs)
    console.log(
      `${what}: kube-scheduler ${grouped(theirs)} verdicts per CPU second, everynode ${grouped(sweep.perCpuSecond)}: ${times(sweep.perCpuSecond / theirs)} ×`,
    )
    console.log(
      `  node by node ${times(oneByOne.perCpuSecond / theirs)} ×; with verdicts shared between equal nodes ${times(shared.perCpuSecond / theirs)} × (checksum ${sum % 1000})`,
    )
  }
  const worst = Math.min(...ratios)
  console.log(
    `filter: ${times(worst)} × kube-scheduler at the least, ${differences} differences (floor ${FLOOR} ×, goal ${GOAL} ×)`,
  )
  return worst >= FLOOR && differences === 0 ? 0 : 1
})

/** Counts verdicts by code, plugin and reasons, DaemonSet by DaemonSet, and prints where the real framework's differ. */
function compare(world: OracleWorld, snapshot: ClusterSnapshot): number {
  let differences = 0
  const codes = new Uint8Array(snapshot.nodeCount)
  for (const daemonSet of world.daemonSets) {
    const counts = new Map<string, number>()
    const prepared = preparePod(admittedPod(world, daemonSet, undefined), snapshot)
    sweepNodes(prepared, snapshot, codes)
    for (let node = 0; node < snapshot.nodeCount; node++) {
      const code = filterWithNominated(prepared, snapshot, node)
      if (code !== codes[node]) throw new Error(`sweep and filter differ on ${snapshot.nodeName(node)}`)
      const reasons = code === FITS ? [] : explainWithNominated(prepared, snapshot, node)
      const texts = reasons.map(({ text }) => text).sort((a, b) => (a < b ? -1 : 1))
      const kind = code === FITS ? 'Success' : `${statusCode(code)} ${reasons[0]?.plugin}: ${texts.join(', ')}`
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    const name = `${daemonSet.metadata.namespace}/${daemonSet.metadata.name}`
    const expected = world.expect.byDaemonSet[name]?.filter ?? {}
    for (const kind of new Set([...counts.keys(), ...Object.keys(expected)])) {
      if (counts.get(kind) === expected[kind]) continue
      differences++
      console.log(
        `difference: ${name}: ${kind}: kube-scheduler ${expected[kind] ?? 0}, everynode ${counts.get(kind) ?? 0}`,
      )
    }
  }
  return differences
}
