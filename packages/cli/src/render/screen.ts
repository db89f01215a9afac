import { type Line, layout } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** Lines of the smallest usual terminal, less one for the prompt. */
export const SCREEN_LINES = 23

/** The first of the candidates, fullest first, that fits a screen; the last one if none does. */
export function fitting(terminal: Terminal, candidates: Iterable<readonly Line[]>): readonly string[] {
  let out: readonly string[] = []
  for (const lines of candidates) {
    out = layout(terminal, lines)
    if (out.length <= SCREEN_LINES) return out
  }
  return out
}
