// Go's unstable sort. Where elements are equal their order after it depends on every step, so that each step is the same here
// (Go 1.26 src/sort/zsortfunc.go: pattern-defeating quicksort, insertion sort up to 12 elements, heap sort as a last resort).

const MAX_INSERTION = 12
const SHORTEST_NINTHER = 50
const SHORTEST_SHIFTING = 50
const MAX_STEPS = 5
const MAX_SWAPS = 12

/** Sorts in place as Go's `sort.Slice` and `sort.Sort` do; `less` may call elements equal. Costs O(n log n) calls of `less`. */
export function goSort<T>(data: T[], less: (a: T, b: T) => boolean): void {
  new GoSorter(data, less).quick(0, data.length, bitLength(data.length))
}

const bitLength = (n: number): number => 32 - Math.clz32(n)

class GoSorter<T> {
  private swaps = 0
  private readonly data: T[]
  private readonly lessThan: (a: T, b: T) => boolean

  constructor(data: T[], lessThan: (a: T, b: T) => boolean) {
    this.data = data
    this.lessThan = lessThan
  }

  private less(i: number, j: number): boolean {
    return this.lessThan(this.data[i] as T, this.data[j] as T)
  }

  private swap(i: number, j: number): void {
    const kept = this.data[i] as T
    this.data[i] = this.data[j] as T
    this.data[j] = kept
  }

  quick(from: number, to: number, badPivots: number): void {
    let a = from
    let b = to
    let limit = badPivots
    let wasBalanced = true
    let wasPartitioned = true
    for (;;) {
      const length = b - a
      if (length <= MAX_INSERTION) {
        this.insertion(a, b)
        return
      }
      if (limit === 0) {
        this.heap(a, b)
        return
      }
      if (!wasBalanced) {
        this.breakPatterns(a, b)
        limit--
      }
      let pivot = this.choosePivot(a, b)
      let increasing = this.swaps === 0
      if (this.swaps === MAX_SWAPS) {
        this.reverse(a, b)
        pivot = b - 1 - (pivot - a)
        increasing = true
      }
      if (wasBalanced && wasPartitioned && increasing && this.partialInsertion(a, b)) return
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.partitionEqual(a, b, pivot)
        continue
      }
      const { middle, already } = this.partition(a, b, pivot)
      wasPartitioned = already
      const left = middle - a
      const right = b - middle
      const threshold = Math.trunc(length / 8)
      if (left < right) {
        wasBalanced = left >= threshold
        this.quick(a, middle, limit)
        a = middle + 1
      } else {
        wasBalanced = right >= threshold
        this.quick(middle + 1, b, limit)
        b = middle
      }
    }
  }

  private insertion(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1)
  }

  private siftDown(low: number, high: number, first: number): void {
    let root = low
    for (;;) {
      let child = 2 * root + 1
      if (child >= high) return
      if (child + 1 < high && this.less(first + child, first + child + 1)) child++
      if (!this.less(first + root, first + child)) return
      this.swap(first + root, first + child)
      root = child
    }
  }

  private heap(a: number, b: number): void {
    const length = b - a
    for (let i = Math.trunc((length - 1) / 2); i >= 0; i--) this.siftDown(i, length, a)
    for (let i = length - 1; i >= 0; i--) {
      this.swap(a, a + i)
      this.siftDown(0, i, a)
    }
  }

  private partition(a: number, b: number, pivot: number): { middle: number; already: boolean } {
    this.swap(a, pivot)
    let i = a + 1
    let j = b - 1
    while (i <= j && this.less(i, a)) i++
    while (i <= j && !this.less(j, a)) j--
    if (i > j) {
      this.swap(j, a)
      return { middle: j, already: true }
    }
    this.swap(i++, j--)
    for (;;) {
      while (i <= j && this.less(i, a)) i++
      while (i <= j && !this.less(j, a)) j--
      if (i > j) break
      this.swap(i++, j--)
    }
    this.swap(j, a)
    return { middle: j, already: false }
  }

  private partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot)
    let i = a + 1
    let j = b - 1
    for (;;) {
      while (i <= j && !this.less(a, i)) i++
      while (i <= j && this.less(a, j)) j--
      if (i > j) return i
      this.swap(i++, j--)
    }
  }

  private partialInsertion(a: number, b: number): boolean {
    let i = a + 1
    for (let step = 0; step < MAX_STEPS; step++) {
      while (i < b && !this.less(i, i - 1)) i++
      if (i === b) return true
      if (b - a < SHORTEST_SHIFTING) return false
      this.swap(i, i - 1)
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1)
      if (b - i >= 2) for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1)
    }
    return false
  }

  private breakPatterns(a: number, b: number): void {
    const length = b - a
    if (length < 8) return
    let random = BigInt(length)
    const modulus = 2 ** bitLength(length)
    const start = a + Math.trunc(length / 4) * 2 - 1
    for (let index = start; index <= start + 2; index++) {
      random = xorshift(random)
      let other = Number(random & BigInt(modulus - 1))
      if (other >= length) other -= length
      this.swap(index, a + other)
    }
  }

  private choosePivot(a: number, b: number): number {
    this.swaps = 0
    const length = b - a
    const quarter = Math.trunc(length / 4)
    let i = a + quarter
    let j = a + quarter * 2
    let k = a + quarter * 3
    if (length >= 8) {
      if (length >= SHORTEST_NINTHER) {
        i = this.median(i - 1, i, i + 1)
        j = this.median(j - 1, j, j + 1)
        k = this.median(k - 1, k, k + 1)
      }
      j = this.median(i, j, k)
    }
    return j
  }

  private median(first: number, second: number, third: number): number {
    let a = first
    let b = second
    let c = third
    if (this.less(b, a)) {
      this.swaps++
      ;[a, b] = [b, a]
    }
    if (this.less(c, b)) {
      this.swaps++
      ;[b, c] = [c, b]
    }
    if (this.less(b, a)) this.swaps++
    else return b
    return a
  }

  private reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.swap(i, j)
  }
}

function xorshift(state: bigint): bigint {
  let next = state
  next ^= BigInt.asUintN(64, next << 13n)
  next ^= next >> 7n
  return next ^ BigInt.asUintN(64, next << 17n)
}
