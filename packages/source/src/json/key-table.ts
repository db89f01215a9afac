function slotOf(length: number, first: number, last: number, mask: number): number {
  return (Math.imul(length, 0x9e37) ^ Math.imul(first, 0x85eb) ^ Math.imul(last, 0xc2b3)) & mask
}

/** Finds a name's number by its ASCII bytes; most names that are not in the table cost one look at an empty slot. */
export class KeyTable {
  private readonly names: readonly Uint8Array[]
  private readonly numbers: ReadonlyMap<string, number>
  /** 0 is free, else the name's number plus 1. */
  private readonly slots: Uint8Array

  constructor(names: readonly string[]) {
    this.names = names.map(name => new TextEncoder().encode(name))
    this.numbers = new Map(names.map((name, number) => [name, number]))
    let size = 8
    while (size < names.length * 4) size *= 2
    this.slots = new Uint8Array(size)
    for (const [number, name] of this.names.entries()) {
      let slot = slotOf(name.length, name[0] ?? 0, name[name.length - 1] ?? 0, size - 1)
      while (this.slots[slot] !== 0) slot = (slot + 1) & (size - 1)
      this.slots[slot] = number + 1
    }
  }

  /** -1 if the name is not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length === 0) return -1
    const mask = this.slots.length - 1
    for (let slot = slotOf(length, bytes[start]!, bytes[end - 1]!, mask); ; slot = (slot + 1) & mask) {
      const number = this.slots[slot]! - 1
      if (number < 0) return -1
      const name = this.names[number]!
      if (name.length !== length) continue
      let at = 0
      while (at < length && bytes[start + at] === name[at]) at++
      if (at === length) return number
    }
  }

  findText(name: string): number {
    return this.numbers.get(name) ?? -1
  }
}
