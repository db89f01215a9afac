import type { Random } from './random.ts'

const DEEP = new TextEncoder().encode('['.repeat(20_000))
const MARKS = new TextEncoder().encode('{}[]",:\\\n\t -#&*!|>%@`0\u0000\u00ff')

/** Changes one to three stretches of bytes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes
  for (let times = 1 + random.below(3); times > 0; times--) result = mutateOnce(result, random)
  return result
}

function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const length = random.below(random.pick([2, 20, 400]))
  if (random.below(200) === 0) return join(bytes.subarray(0, at), DEEP, bytes.subarray(at))
  switch (random.below(6)) {
    case 0: {
      const copy = bytes.slice()
      if (at < copy.length) copy[at] = random.below(256)
      return copy
    }
    case 1:
      return join(bytes.subarray(0, at), bytes.subarray(at + length))
    case 2:
      return join(bytes.subarray(0, at), Uint8Array.of(random.pick([...MARKS])), bytes.subarray(at))
    case 3:
      return join(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at))
    case 4: {
      const from = random.below(bytes.length + 1)
      return join(bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at))
    }
    default:
      return random.below(4) === 0 ? bytes.subarray(0, at) : join(bytes.subarray(0, at), bytes.subarray(at + 1))
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}
