// npm run bench -- schedule [SECONDS]: whole decisions for workload pods beside the real scheduler, in one run and one thread each.
// A decision is pre-filter, filter with its sampling of nodes, score, normalise, choose and assume; the next pod sees the one before.
// CPU seconds count all threads of either process, garbage collection included. On both sides the queue, binding and events are left
// out, pods are there as objects, and taking the assumed pods back after the last one is not timed.
import { open, wholeNumber } from '../tools/door.ts'
import { Decisions } from './parts/decisions.ts'
import { grouped, Stopwatch, times } from './parts/measure.ts'
import { type WorkloadWorld, workloadWorld } from './parts/oracle-world.ts'

const FLOOR = 5
const GOAL = 10

const CLUSTERS = [
  { what: '1,000 nodes', pending: 500, size: { nodes: 1000, podsPerNode: 20, seed: 1 } },
  { what: '5,000 nodes', pending: 250, size: { nodes: 5000, podsPerNode: 20, seed: 2 } },
] as const

await open(async ([length = '5']) => {
  const seconds = wholeNumber('seconds', length, 1, 600)
  const ratios: number[] = []
  let differences = 0
  for (const { what, pending, size } of CLUSTERS) {
    const world = await workloadWorld(size, pending, seconds)
    differences += compare(world)
    const ours = measureDecisions(world, seconds)
    const theirs = world.rates['schedule'] ?? Number.NaN
    ratios.push(ours / theirs)
    console.log(
      `${what}, ${pending} pods: kube-scheduler ${grouped(theirs)} decisions per CPU second, everynode ${grouped(ours)}: ${times(ours / theirs)} ×`,
    )
  }
  const worst = Math.min(...ratios)
  console.log(
    `schedule: ${times(worst)} × kube-scheduler at the least, ${differences} differences (floor ${FLOOR} ×, goal ${GOAL} ×)`,
  )
  return worst >= FLOOR && differences === 0 ? 0 : 1
})

/** Counts the pods that the real scheduler puts elsewhere, and prints them. No lot is drawn here: each has one node. */
function compare(world: WorkloadWorld): number {
  const decisions = new Decisions(world)
  let differences = 0
  world.pending.forEach((pod, index) => {
    const node = decisions.decide(pod)
    const expected = world.expect[index]
    if (node === expected?.node) return
    differences++
    console.log(`difference: ${expected?.pod}: kube-scheduler ${expected?.node}, everynode ${node ?? 'no node'}`)
  })
  return differences
}

function measureDecisions(world: WorkloadWorld, seconds: number): number {
  const decisions = new Decisions(world)
  const { snapshot } = decisions
  const round = (stopwatch: Stopwatch): void => {
    snapshot.fork()
    stopwatch.time(world.pending.length, () => {
      for (const pod of world.pending) decisions.decide(pod)
    })
    snapshot.revert()
  }
  const warmUp = new Stopwatch()
  while (warmUp.wallSeconds < seconds / 5) round(warmUp)
  const stopwatch = new Stopwatch()
  while (stopwatch.wallSeconds < seconds) round(stopwatch)
  return stopwatch.perCpuSecond
}
