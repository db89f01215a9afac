import { Refusal } from '../packages/testkit/src/refusal.ts'

/** Runs a door: its exit code is what `main` answers, and 2 with one line where a question or the world outside is unusable. */
export async function open(main: (argv: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Refusal) && !isMisuse(error)) throw error
    console.error(`error: ${error.message}`)
    process.exitCode = 2
  }
}

/** A file that is not there, or an option that parseArgs does not know. */
function isMisuse(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return error.code === 'ENOENT' || error.code.startsWith('ERR_PARSE_ARGS')
}

/** A whole number from `least` to `most` out of an option. Throws a Refusal that names the option. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Refusal(`--${option} ${text} is not a whole number from ${least} to ${most}`)
  return value
}
