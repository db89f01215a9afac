import { HashSlots } from './hash-slots.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * One copy of each equal object or list whose parts are strings, numbers, booleans and copies of this table: hash-consing
 * from the leaves up, so that two candidates are equal when their members are identical.
 */
export class ObjectTable {
  private readonly slots = new HashSlots()
  private readonly values: object[] = []

  intern<T extends object>(value: T, hash: number): T {
    let slot = this.slots.first(hash)
    for (;;) {
      const entry = this.slots.entryAt(slot)
      if (entry < 0) break
      if (this.slots.hasHash(entry, hash)) {
        const candidate = this.values[entry]!
        if (sameMembers(candidate, value)) return candidate as T
      }
      slot = this.slots.next(slot)
    }
    this.slots.add(hash)
    this.values.push(value)
    return value
  }
}

function sameMembers(a: object, b: object): boolean {
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
    return true
  }
  if (Array.isArray(b)) return false
  let count = 0
  for (const key in a) {
    const value = (b as Members)[key]
    if (value === undefined || value !== (a as Members)[key]) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}
