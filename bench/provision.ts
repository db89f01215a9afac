// npm run bench -- provision [PODS…]: pods per second that find a place beside Karpenter's own scheduling benchmark, diverse pods and 400
// instance types, in one run. Both are timed from the pods in hand to the NodeClaims, by the clock on the wall: Karpenter works with
// five threads, everynode with one. Zones are drawn by lot where they are equal, so that NodeClaims and pods are compared by their number.
import { spawnSync } from 'node:child_process'
import { podsToPlace, solve } from '@everynode/engine'
import { findKarpenterOracle, provisioningWorld, Refusal } from '@everynode/testkit'
import { open, wholeNumber } from '../tools/door.ts'
import { grouped, times } from './parts/measure.ts'

const FLOOR = 10
const GOAL = 50
const SIZES: readonly string[] = ['100', '1000', '5000', '10000', '20000']
/** The best of so many rounds counts; in the first the code is not compiled yet. */
const ROUNDS = 5
const MOST_BYTES = 2 ** 30

await open(async sizes => {
  const oracle = await findKarpenterOracle('1.14', line => console.error(line))
  let least = Number.POSITIVE_INFINITY
  let differences = 0
  for (const size of (sizes.length > 0 ? sizes : SIZES).map(text => wholeNumber('pods', text, 5, 100_000))) {
    const theirs = benchmarkOf(oracle, size)
    const ours = measureRounds(JSON.parse(run(oracle, ['bench', '-dump', `${size}`])), size)
    const same = ours.claims === theirs.claims && ours.unplaced === theirs.unplaced
    if (!same) differences++
    least = Math.min(least, ours.perSecond / theirs.perSecond)
    console.log(
      `${grouped(size)} pods: Karpenter ${grouped(theirs.perSecond)} pods/s, everynode ${grouped(ours.perSecond)}: ` +
        `${times(ours.perSecond / theirs.perSecond)} ×; NodeClaims ${theirs.claims} and ${ours.claims}, ` +
        `pods without a place ${theirs.unplaced} and ${ours.unplaced}`,
    )
  }
  console.log(
    `provision: ${times(least)} × Karpenter at the least, ${differences} differences (floor ${FLOOR} ×, goal ${GOAL} ×)`,
  )
  return least >= FLOOR && differences === 0 ? 0 : 1
})

interface Benchmark {
  readonly perSecond: number
  readonly claims: number
  readonly unplaced: number
}

function benchmarkOf(oracle: string, size: number): Benchmark {
  const line = run(oracle, ['bench', '-pods', `${size}`])
  const found = /: (\d+) nodes, (\d+) unscheduled, ([\d.]+) s,/.exec(line)
  if (found === null) throw new Refusal(`the oracle's benchmark says: ${line}`)
  const [, claims, unplaced, seconds] = found
  return { perSecond: size / Number(seconds), claims: Number(claims), unplaced: Number(unplaced) }
}

function measureRounds({ input }: { readonly input: unknown }, size: number): Benchmark {
  let best: Benchmark = { perSecond: 0, claims: 0, unplaced: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    // A world remembers what it worked out; each round begins with a fresh one.
    const world = provisioningWorld(input, { version: '1.36', karpenterVersion: '1.14' })
    const { pending: pods } = podsToPlace(world)
    const start = performance.now()
    const { newNodeClaims, errors } = solve(world, { pods, reservations: 'fallback' })
    const perSecond = (1000 * size) / (performance.now() - start)
    if (perSecond > best.perSecond) best = { perSecond, claims: newNodeClaims.length, unplaced: errors.size }
  }
  return best
}

function run(program: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: MOST_BYTES })
  if (status !== 0) throw new Refusal(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
