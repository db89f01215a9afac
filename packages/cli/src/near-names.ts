/** Edits between two names: insert, delete, replace, swap of neighbours (optimal string alignment). Cost is the product of the lengths. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** At most `limit` names that somebody may have meant by `wanted`, nearest first: few edits away, or one holds the other. */
export function nearNames(wanted: string, names: Iterable<string>, limit = 3): readonly string[] {
  const target = wanted.toLowerCase()
  const allowed = target.length < 5 ? 1 : Math.max(2, Math.floor(target.length / 3))
  const near: { readonly name: string; readonly distance: number }[] = []
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase()
    const holds = target.length >= 3 && (candidate.includes(target) || target.includes(candidate))
    if (!holds && Math.abs(candidate.length - target.length) > allowed) continue
    const distance = editDistance(target, candidate)
    if (holds) near.push({ name, distance: Math.min(distance, allowed) })
    else if (distance <= allowed) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, limit).map(({ name }) => name)
}
