const OPEN = /^<!-- output: (.+?) -->$/
const CLOSE = '<!-- /output -->'

/** A page with the outputs of its commands as they are now. */
export interface Shown {
  readonly text: string
  readonly outputs: number
  /** What the page showed otherwise; lines count from 1. */
  readonly stale: readonly { readonly line: number; readonly command: string }[]
}

/**
 * Replaces what stands between `<!-- output: COMMAND -->` and `<!-- /output -->` by the command and what `outputOf` answers,
 * in a fence. Throws where the end is missing.
 */
export function withOutputs(text: string, outputOf: (command: string) => string): Shown {
  const lines = text.split('\n')
  const out: string[] = []
  const stale: { line: number; command: string }[] = []
  let outputs = 0
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    out.push(line)
    const command = OPEN.exec(line)?.[1]
    if (command === undefined) continue
    const end = lines.indexOf(CLOSE, index)
    if (end < 0) throw new Error(`line ${index + 1}: "${line}" has no "${CLOSE}"`)
    const output = outputOf(command)
      .split('\n')
      .map(one => one.trimEnd())
      .join('\n')
      .trimEnd()
    const block = ['```', `$ ${command}`, ...output.split('\n'), '```']
    if (lines.slice(index + 1, end).join('\n') !== block.join('\n')) stale.push({ line: index + 1, command })
    out.push(...block, CLOSE)
    outputs++
    index = end
  }
  return { text: out.join('\n'), outputs, stale }
}
