const FIRST_ENTRIES = 1 << 8

/**
 * The index of an intern table: entries numbered from 0 in order of arrival, found by a 32-bit hash. Open addressing with
 * linear probing over flat arrays, at most half full: 12 bytes an entry.
 */
export class HashSlots {
  private count = 0
  /** 0 is free, else the entry's number plus 1. */
  private slots = new Int32Array(2 * FIRST_ENTRIES)
  /** By entry. */
  private hashes = new Int32Array(FIRST_ENTRIES)

  first(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1)
  }

  next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1)
  }

  /** The entry in the slot, -1 if it is free. */
  entryAt(slot: number): number {
    return this.slots[slot]! - 1
  }

  hasHash(entry: number, hash: number): boolean {
    return this.hashes[entry] === hash
  }

  add(hash: number): void {
    if (this.count === this.hashes.length) this.grow()
    this.hashes[this.count] = hash
    this.place(hash, this.count)
    this.count++
  }

  private place(hash: number, entry: number): void {
    let slot = this.first(hash)
    while (this.slots[slot] !== 0) slot = this.next(slot)
    this.slots[slot] = entry + 1
  }

  private grow(): void {
    const hashes = new Int32Array(this.hashes.length * 2)
    hashes.set(this.hashes)
    this.hashes = hashes
    this.slots = new Int32Array(this.slots.length * 2)
    for (let entry = 0; entry < this.count; entry++) this.place(hashes[entry]!, entry)
  }
}
