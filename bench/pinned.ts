// npm run bench -- pinned [SECONDS]: whole decisions for daemon pods, preemption and message included, beside the real scheduler.
import { ClusterSnapshot, DisruptionBudgets, scheduleOne, statusCode } from '@everynode/engine'
import { open, wholeNumber } from '../tools/door.ts'
import { pinnedPods } from './parts/daemon-template-pods.ts'
import { grouped, measure, times } from './parts/measure.ts'
import { type OracleWorld, oracleWorld } from './parts/oracle-world.ts'

const FLOOR = 10
const GOAL = 20
const BATCH = 1000
const SIZE = { nodes: 1000, podsPerNode: 20, daemonSets: 30, seed: 1 }

await open(async ([length = '5']) => {
  const seconds = wholeNumber('seconds', length, 1, 600)
  const world = await oracleWorld(SIZE, seconds)
  const snapshot = new ClusterSnapshot(world)
  const budgets = new DisruptionBudgets([])
  const pairs = pinnedPods(world, SIZE.seed)
  const differences = compare(world, snapshot, pairs)
  let at = 0
  let letters = 0
  const ours = measure(seconds, () => {
    for (let index = 0; index < BATCH; index++) {
      at = (at + 1) % pairs.length
      const cycle = scheduleOne(pairs[at]!.pod, snapshot, budgets)
      letters += cycle.message?.length ?? 1
    }
    return BATCH
  })
  const theirs = world.rates['pinned'] ?? Number.NaN
  const ratio = ours.perCpuSecond / theirs
  console.log(
    `${pairs.length} daemon pods, 1,000 nodes: kube-scheduler ${grouped(theirs)} decisions per CPU second, everynode ${grouped(ours.perCpuSecond)} (checksum ${letters % 1000})`,
  )
  console.log(`pinned: ${times(ratio)} × kube-scheduler, ${differences} differences (floor ${FLOOR} ×, goal ${GOAL} ×)`)
  return ratio >= FLOOR && differences === 0 ? 0 : 1
})

/** Counts decisions by kind, and victims, and prints where the real scheduler's differ. */
function compare(world: OracleWorld, snapshot: ClusterSnapshot, pairs: ReturnType<typeof pinnedPods>): number {
  const counts = new Map<string, number>()
  let victims = 0
  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1)
  for (const { pod, node } of pairs) {
    const cycle = scheduleOne(pod, snapshot)
    if (cycle.selectedNode !== undefined) count('Success')
    else if (cycle.preemption?.kind === 'nominated') {
      count('Preempts')
      victims += cycle.preemption.chosen.candidate.victims.length
    } else {
      const verdict = cycle.filtered.get(node)
      const texts = [...(verdict?.rejection?.texts ?? [])].sort((a, b) => (a < b ? -1 : 1))
      count(`${statusCode(verdict?.code ?? 0)} ${verdict?.rejection?.plugin}: ${texts.join(', ')}`)
    }
  }
  const total = world.expect.total
  const { NotDesired: _, ...expected } = total.pinned
  let differences = victims === total.victims ? 0 : 1
  if (differences) console.log(`difference: victims: kube-scheduler ${total.victims}, everynode ${victims}`)
  for (const kind of new Set([...counts.keys(), ...Object.keys(expected)])) {
    if (counts.get(kind) === expected[kind]) continue
    differences++
    console.log(`difference: ${kind}: kube-scheduler ${expected[kind] ?? 0}, everynode ${counts.get(kind) ?? 0}`)
  }
  return differences
}
