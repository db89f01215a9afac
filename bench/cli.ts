// npm run bench -- cli [PAIRS]: what starting the command costs beside a bare `node -e 0`, in pairs so that a busy machine slows both.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '@everynode/testkit'
import { open, wholeNumber } from '../tools/door.ts'
import { times } from './parts/measure.ts'

const bin = join(repositoryRoot(), 'packages/cli/bin/everynode.mjs')
const COMMANDS = [
  { what: '--version', args: ['--version'], limit: 1.2 },
  { what: 'why --demo -o json', args: ['why', '--demo', '-o', 'json'], limit: 4 },
] as const

await open(async ([pairs = '21']) => {
  const count = wholeNumber('pairs', pairs, 3, 1000)
  let within = 0
  for (const { what, args, limit } of COMMANDS) {
    const ratios: number[] = []
    for (let pair = -1; pair < count; pair++) {
      const bare = wallTime(['-e', '0'])
      const ours = wallTime([bin, ...args])
      // The first pair warms the caches.
      if (pair >= 0) ratios.push(ours / bare)
    }
    ratios.sort((a, b) => a - b)
    const median = ratios[Math.trunc(count / 2)] ?? Number.NaN
    if (median <= limit) within++
    console.log(
      `${what}: ${median.toFixed(2)} × node -e 0 (median of ${count} pairs, ${times(ratios[0] ?? 0)}–${times(ratios.at(-1) ?? 0)}; limit ${limit} ×)`,
    )
  }
  console.log(`cli: ${within} of ${COMMANDS.length} commands within their limits`)
  return within === COMMANDS.length ? 0 : 1
})

function wallTime(args: readonly string[]): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const spent = performance.now() - start
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
  return spent
}
