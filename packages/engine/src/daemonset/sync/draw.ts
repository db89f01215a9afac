import { byText } from '../../admission/json.ts'
import type { Choose, Drawn } from './types.ts'

/** `BurstReplicas`: at most so many creates, and so many deletes, in one sync (kubernetes `pkg/controller/daemon/daemon_controller.go`, v1.36.2). */
const BURST_REPLICAS = 250

/** Nothing at all. */
export const NOTHING_DRAWN: Drawn = { forced: [], chooseN: 0, from: [], taken: [] }

/** All of the names. */
export function all(names: readonly string[]): Drawn {
  return names.length === 0 ? NOTHING_DRAWN : { forced: names.toSorted(byText), chooseN: 0, from: [], taken: names }
}

/** `n` of the names: all or none if that leaves no choice. */
export function some(n: number, names: readonly string[], choose: Choose): Drawn {
  if (n >= names.length) return all(names)
  if (n <= 0) return NOTHING_DRAWN
  const chosen = new Set(choose(n, names))
  return { forced: [], chooseN: n, from: names.toSorted(byText), taken: names.filter(name => chosen.has(name)) }
}

/** One after the other. */
export function joined(parts: readonly Drawn[]): Drawn {
  const drawn = parts.filter(({ taken }) => taken.length > 0)
  if (drawn.length < 2) return drawn[0] ?? NOTHING_DRAWN
  return {
    forced: drawn.flatMap(({ forced }) => forced).sort(byText),
    chooseN: drawn.reduce((sum, { chooseN }) => sum + chooseN, 0),
    from: drawn.flatMap(({ from }) => from).sort(byText),
    taken: drawn.flatMap(({ taken }) => taken),
  }
}

/**
 * The parts one after the other, cut at the burst limit. The order within a part is random in upstream, so any names of the part that
 * is cut may be left over; a cut keeps a node's pods together there, which is not told here.
 */
export function cutToBurst(parts: readonly Drawn[], choose: Choose): Drawn {
  let room = BURST_REPLICAS
  const kept: Drawn[] = []
  for (const part of parts) {
    const size = part.taken.length
    kept.push(size <= room ? part : cut(part, room, choose))
    room = Math.max(0, room - size)
  }
  return joined(kept)
}

function cut({ forced, from, taken }: Drawn, room: number, choose: Choose): Drawn {
  const { taken: left } = some(room, taken, choose)
  return left.length === 0
    ? NOTHING_DRAWN
    : { forced: [], chooseN: room, from: [...forced, ...from].sort(byText), taken: left }
}
