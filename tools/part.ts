import { spawn } from 'node:child_process'

/** No part of a test run takes as long unless it hangs. */
const LIMIT_MINUTES = 30

export interface PartResult {
  readonly code: number | string
  /** What it wrote on stdout, without empty lines. */
  readonly lines: readonly string[]
  readonly last: string
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs node with `args` in a process of its own and shows its output as it comes, unless `quiet`. */
export async function runPart(
  args: readonly string[],
  { quiet = false, limitMinutes = LIMIT_MINUTES } = {},
): Promise<PartResult> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
    timeout: limitMinutes * 60_000,
  })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (!quiet) process.stdout.write(piece)
  })
  const code = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exit, signal) => resolve(exit ?? signal ?? 'nothing'))
  })
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return { code, lines, last: lines.at(-1) ?? '' }
}

/** The counts of a door's last line. A door that ended badly without saying what counts as one failure. */
export function countsOf({ code, last }: PartResult): Counts {
  const match = /(\d+) passed, (\d+) failed/.exec(last)
  const [passed, failed] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
  return { passed, failed: code === 0 && match !== null ? failed : Math.max(failed, 1), skipped: 0 }
}
