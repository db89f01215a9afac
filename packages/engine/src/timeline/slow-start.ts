/** The batches in which controllers create pods: 1, 2, 4, … until all are sent (`slowStartBatch`, kubernetes pkg/controller/controller_utils.go, v1.36.2). */
export function slowStartBatches<T>(all: readonly T[]): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = []
  for (let start = 0, size = 1; start < all.length; start += size, size *= 2) {
    batches.push(all.slice(start, start + size))
  }
  return batches
}
