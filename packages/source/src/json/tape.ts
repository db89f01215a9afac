// What stands at a token's start. A key and its value are two tokens in a row.
export const STRING = 0
/** A string with an escape or a byte outside ASCII. */
export const CODED_STRING = 1
/** A number, `true`, `false` or `null`; its spelling is not checked yet. */
export const SCALAR = 2
export const OBJECT = 3
export const ARRAY = 4
/** An object or array under a key that nothing reads; its inside has no tokens. */
export const SKIPPED = 5

/**
 * One JSON value as tokens over its bytes, in document order. Two cells a token: `[2i]` the position of its first byte
 * (of a string: behind the quote); `[2i + 1]` is `x << 3 | type`, where x is the position behind its last byte, or, for an
 * object or array, the number of the token that follows its last descendant. Positions stay below 2^28.
 * A tape is lent for one call: the bytes and cells are used again afterwards.
 */
export interface Tape {
  readonly bytes: Uint8Array
  readonly cells: Int32Array
}

export function typeOf(tape: Tape, token: number): number {
  return tape.cells[2 * token + 1]! & 7
}

export function startOf(tape: Tape, token: number): number {
  return tape.cells[2 * token]!
}

/** Position behind the last byte of a string or scalar. */
export function endOf(tape: Tape, token: number): number {
  return tape.cells[2 * token + 1]! >>> 3
}

/** The token behind this one and all that it holds. */
export function nextOf(tape: Tape, token: number): number {
  const tail = tape.cells[2 * token + 1]!
  const type = tail & 7
  return type === OBJECT || type === ARRAY ? tail >>> 3 : token + 1
}

/** The value of a member of the object at `token` by its plain name; the last one if the name stands twice. */
export function memberOf(tape: Tape, token: number, name: string): number | undefined {
  if (typeOf(tape, token) !== OBJECT) return undefined
  return memberBetween(tape, token + 1, nextOf(tape, token), name)
}

/** As `memberOf`, for the members between two tokens. */
export function memberBetween(tape: Tape, from: number, to: number, name: string): number | undefined {
  let found: number | undefined
  for (let key = from; key < to; key = nextOf(tape, key + 1)) if (spells(tape, key, name)) found = key + 1
  return found
}

function spells(tape: Tape, key: number, name: string): boolean {
  const start = startOf(tape, key)
  if (endOf(tape, key) - start !== name.length) return false
  for (let i = 0; i < name.length; i++) if (tape.bytes[start + i] !== name.charCodeAt(i)) return false
  return true
}
