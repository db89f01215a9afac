import { version } from '../package.json'
import type { Io } from './io.ts'

/** Runs one command line and returns its exit code. Nothing but `io` and the files that the user named is touched. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    io.stdout.write(`${version}\n`)
    return 0
  }
  const { run } = await import('./program.ts')
  return await run(argv, io)
}
