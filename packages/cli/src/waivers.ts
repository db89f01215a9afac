import type { Coverage, DaemonSetCoverage, IntentStatement, VerdictGroup } from '@everynode/engine'
import type { Waiver } from './settings.ts'

/** Waivers as statements of intent, for the taints and pools that they name; the engine tells which are out of date. */
export function statementsOf(waivers: readonly Waiver[], clusterName: string | undefined): readonly IntentStatement[] {
  return waivers
    .filter(waiver => waiver.rule === undefined && appliesToCluster(waiver, clusterName))
    .map(({ taint, pool, daemonSet, reason, expires }) => ({
      says: 'meant' as const,
      reason,
      ...(taint === undefined ? {} : { taint }),
      ...(pool === undefined ? {} : { pool }),
      ...(daemonSet === undefined ? {} : { daemonSets: [daemonSet] }),
      ...(expires === undefined ? {} : { expires: `${expires}T23:59:59Z` }),
    }))
}

/** The waiver under which a group does not count as a finding: none that names a taint, which the engine judges. */
export function waiverOf(
  waivers: readonly Waiver[],
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  group: VerdictGroup,
): Waiver | undefined {
  const today = coverage.cluster.takenAt?.slice(0, 10)
  return waivers.find(
    waiver =>
      waiver.rule === undefined &&
      waiver.taint === undefined &&
      appliesToCluster(waiver, coverage.cluster.name) &&
      (waiver.daemonSet !== undefined || waiver.pool !== undefined) &&
      (waiver.daemonSet === undefined || matchesGlob(waiver.daemonSet, `${daemonSet.namespace}/${daemonSet.name}`)) &&
      (waiver.pool === undefined || (group.pool !== undefined && matchesGlob(waiver.pool, group.pool))) &&
      (waiver.expires === undefined || today === undefined || today <= waiver.expires),
  )
}

function appliesToCluster(waiver: Waiver, name: string | undefined): boolean {
  return waiver.cluster === undefined || matchesGlob(waiver.cluster, name ?? '')
}

/** `*` stands for any text. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...parts] = pattern.split('*')
  const last = parts.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let from = first.length
  for (const part of parts) {
    const found = text.indexOf(part, from)
    if (found < 0 || found + part.length > text.length - last.length) return false
    from = found + part.length
  }
  return true
}
