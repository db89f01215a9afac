import type { Diagnostic } from '../diagnostic.ts'

/** Of one code in one file; the rest is only counted. */
const MAX_ALIKE = 50

/** Collects diagnostics; where many of one code in one file come, it keeps the first and says how many there were. */
export class DiagnosticSink {
  private readonly kept: Diagnostic[] = []
  private readonly counts = new Map<string, { readonly first: Diagnostic; count: number }>()

  add(diagnostic: Diagnostic): void {
    const key = `${diagnostic.code} ${diagnostic.place?.file ?? ''}`
    const seen = this.counts.get(key)
    if (seen === undefined) this.counts.set(key, { first: diagnostic, count: 1 })
    else if (++seen.count > MAX_ALIKE) return
    this.kept.push(diagnostic)
  }

  diagnostics(): readonly Diagnostic[] {
    const more: Diagnostic[] = []
    for (const { first, count } of this.counts.values()) {
      if (count <= MAX_ALIKE) continue
      const file = first.place === undefined ? '' : `${first.place.file}: `
      more.push({
        code: first.code,
        severity: first.severity,
        message: `${file}${count - MAX_ALIKE} more of ${count} diagnostics [${first.code}] are not listed`,
      })
    }
    return [...this.kept, ...more]
  }
}
