// One part of a run in a process of its own: shows its output as it comes and keeps the last line.
import { spawn } from 'node:child_process'
import { ROOT } from './bundle.mjs'

/** No part takes as long unless it hangs. */
const LIMIT_MS = 30 * 60 * 1000

/** Runs node with `args`; answers its exit code, the lines it wrote on stdout, and the last of them that is not empty. */
export async function runPart(args, { quiet = false } = {}) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
    timeout: LIMIT_MS,
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', piece => {
    text += piece
    if (!quiet) process.stdout.write(piece)
  })
  const code = await new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (exit, signal) => resolve(exit ?? signal)),
  )
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return { code, lines, last: lines.at(-1) ?? '' }
}

/** The counts of a door's last line. A door that failed without saying what counts as one failure. */
export function countsOf({ code, last }) {
  const match = /(\d+) passed, (\d+) failed/.exec(last)
  const [passed, failed] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
  return { passed, failed: code === 0 && match !== null ? failed : Math.max(failed, 1), skipped: 0 }
}
