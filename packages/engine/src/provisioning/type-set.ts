/** A set of instance types of one NodePool: bit `i % 32` of word `i / 32` stands for type `i` in the provider's order. */
export type TypeSet = Uint32Array

export function noTypes(count: number): TypeSet {
  return new Uint32Array((count + 31) >>> 5)
}

export function allTypes(count: number): TypeSet {
  const set = noTypes(count).fill(0xffffffff)
  const rest = count & 31
  if (rest !== 0) set[set.length - 1] = 2 ** rest - 1
  return set
}

export function addType(set: TypeSet, index: number): void {
  set[index >>> 5]! |= 1 << (index & 31)
}

export function hasType(set: TypeSet, index: number): boolean {
  return ((set[index >>> 5]! >>> (index & 31)) & 1) === 1
}

export function isEmptySet(set: TypeSet): boolean {
  for (const word of set) if (word !== 0) return false
  return true
}

/** Calls `visit` with each type of the set, ascending. */
export function forEachType(set: TypeSet, visit: (index: number) => void): void {
  for (let at = 0; at < set.length; at++) {
    let word = set[at]!
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word)
      visit((at << 5) + bit)
      word &= word - 1
    }
  }
}

/** Leaves in `set` what is in `other` too. */
export function intersectTypes(set: TypeSet, other: TypeSet): void {
  for (let at = 0; at < set.length; at++) set[at]! &= other[at]!
}

/** Whether no type is in both. */
export function areDisjoint(set: TypeSet, other: TypeSet): boolean {
  for (let at = 0; at < set.length; at++) if ((set[at]! & other[at]!) !== 0) return false
  return true
}
