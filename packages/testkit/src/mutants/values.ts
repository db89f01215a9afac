import type { Random } from './random.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

interface Slot {
  readonly holder: Json[] | { [key: string]: Json }
  readonly key: string | number
}

const QUANTITIES = [
  '-1',
  '0',
  '1e3',
  '1e400',
  '-9223372036854775808',
  '9223372036854775808',
  '1.5GiB',
  '0.0000000001',
  '1Ki ',
  'm',
  '',
]
const TEXTS = [
  '',
  'x',
  ' ',
  '\u0000',
  '\ud800',
  '🚀',
  '__proto__',
  'constructor',
  'In',
  'NotIn',
  'Exists',
  'Gt',
  'NoSchedule',
  'NoExecute',
  'PreferNoSchedule',
  'Equal',
  'Always',
  'Never',
  'OnDelete',
  '25%',
  '101%',
  '-1%',
  '2026-02-30T99:99:99Z',
  '9999-12-31T23:59:59Z',
  'metadata.name',
  'system-node-critical',
  'a/b/c',
]
const NUMBERS = [0, -1, 1, 0.5, 1e21, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 65_536]

/** Changes one to four places of a JSON value, which it may use up. */
export function mutateValue(root: Json, random: Random): Json {
  const holder: Json[] = [root]
  for (let times = 1 + random.below(4); times > 0; times--) mutateOnce(slotsOf(holder), random)
  return holder[0] ?? null
}

/** Every place but the root itself; deep values are entered without recursion. */
function slotsOf(holder: Json[]): readonly Slot[] {
  const slots: Slot[] = []
  const open: (Json[] | { [key: string]: Json })[] = [holder]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const key of Object.keys(at)) {
      const slot: Slot = Array.isArray(at) ? { holder: at, key: Number(key) } : { holder: at, key }
      const value = read(slot)
      if (at !== holder) slots.push(slot)
      if (typeof value === 'object' && value !== null) open.push(value)
    }
  }
  return slots
}

function read({ holder, key }: Slot): Json {
  return (holder as Record<string | number, Json>)[key] ?? null
}

function write({ holder, key }: Slot, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

function mutateOnce(slots: readonly Slot[], random: Random): void {
  if (slots.length === 0) return
  const slot = random.pick(slots)
  const value = read(slot)
  switch (random.below(9)) {
    case 0:
      remove(slot)
      return
    case 1:
      write(slot, null)
      return
    case 2:
      write(slot, random.pick<Json>(['text', 1, true, [], {}, [null], { a: 1 }]))
      return
    case 3: {
      // Another value of the dump, copied: often of a wrong type, sometimes of a wrong place.
      const other = read(random.pick(slots))
      if (size(other) < 2000) write(slot, structuredClone(other))
      return
    }
    case 4:
      if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 0, structuredClone(value))
      else write({ holder: slot.holder, key: random.pick(TEXTS) }, structuredClone(value))
      return
    case 5:
      write(slot, nested(random.pick([3, 50, 400]), random.below(2) === 0))
      return
    default:
      write(slot, changed(value, random))
  }
}

function remove({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function changed(value: Json, random: Random): Json {
  if (typeof value === 'number') return random.below(2) === 0 ? random.pick(NUMBERS) : value + random.below(5) - 2
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string') return random.pick<Json>([...NUMBERS, ...TEXTS])
  const choice = random.below(6)
  if (choice === 0) return random.pick(QUANTITIES)
  if (choice === 1) return random.pick(TEXTS)
  if (choice === 2) return value.repeat(random.below(50))
  const at = random.below(value.length + 1)
  if (choice === 3) return value.slice(0, at)
  if (choice === 4) return value.slice(0, at) + String.fromCharCode(random.below(0x300)) + value.slice(at)
  return /^\d/.test(value) ? String(Number.parseInt(value, 10) * random.pick([-1, 0, 1000, 1e9])) : value.toUpperCase()
}

function nested(levels: number, asList: boolean): Json {
  let value: Json = 1
  for (let level = 0; level < levels; level++) value = asList ? [value] : { a: value }
  return value
}

function size(value: Json): number {
  let count = 0
  const open: Json[] = [value]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    count++
    if (typeof at === 'object' && at !== null) open.push(...Object.values(at))
  }
  return count
}
