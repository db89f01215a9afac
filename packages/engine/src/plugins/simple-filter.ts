import { FITS, type FilterCode, type PreparedFilter } from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'

const NO_TEXTS: readonly string[] = []
const NO_REASONS: readonly Reason[] = []

/** A prepared filter with one reason, the same for every node that it rejects. */
export function oneReason(reason: Reason, filter: (node: number) => FilterCode): PreparedFilter {
  const texts = [reason.text]
  const reasons = [reason]
  return {
    plugin: reason.plugin,
    filter,
    texts: node => (filter(node) === FITS ? NO_TEXTS : texts),
    explain: node => (filter(node) === FITS ? NO_REASONS : reasons),
  }
}
