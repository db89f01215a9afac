/**
 * A priority queue whose members can be taken out by key; among equals it orders as Go's `container/heap` does
 * (kubernetes pkg/scheduler/backend/heap/heap.go, v1.36.2).
 */
export class KeyedHeap<T> {
  private readonly items: T[] = []
  private readonly positions = new Map<string, number>()
  private readonly keyOf: (item: T) => string
  private readonly before: (a: T, b: T) => boolean

  constructor(keyOf: (item: T) => string, before: (a: T, b: T) => boolean) {
    this.keyOf = keyOf
    this.before = before
  }

  get size(): number {
    return this.items.length
  }

  get(key: string): T | undefined {
    const position = this.positions.get(key)
    return position === undefined ? undefined : this.items[position]
  }

  /** The first, which stays. */
  peek(): T | undefined {
    return this.items[0]
  }

  push(item: T): void {
    this.items.push(item)
    this.positions.set(this.keyOf(item), this.items.length - 1)
    this.up(this.items.length - 1)
  }

  pop(): T | undefined {
    const first = this.items[0]
    return first === undefined ? undefined : this.remove(this.keyOf(first))
  }

  remove(key: string): T | undefined {
    const position = this.positions.get(key)
    if (position === undefined) return undefined
    const last = this.items.length - 1
    if (position !== last) {
      this.swap(position, last)
      if (!this.down(position, last)) this.up(position)
    }
    this.positions.delete(key)
    return this.items.pop()
  }

  private up(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.comesBefore(at, parent)) return
      this.swap(at, parent)
      at = parent
    }
  }

  private down(from: number, end: number): boolean {
    let at = from
    for (;;) {
      const left = 2 * at + 1
      if (left >= end) break
      const right = left + 1
      const child = right < end && this.comesBefore(right, left) ? right : left
      if (!this.comesBefore(child, at)) break
      this.swap(at, child)
      at = child
    }
    return at > from
  }

  private comesBefore(a: number, b: number): boolean {
    return this.before(this.items[a] as T, this.items[b] as T)
  }

  private swap(a: number, b: number): void {
    const first = this.items[a] as T
    const second = this.items[b] as T
    this.items[a] = second
    this.items[b] = first
    this.positions.set(this.keyOf(second), a)
    this.positions.set(this.keyOf(first), b)
  }
}
