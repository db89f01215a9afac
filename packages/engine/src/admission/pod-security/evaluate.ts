import type { ObjectMeta } from '../../api/meta.ts'
import type { FullPodSpec } from '../pod-model.ts'
import { BASELINE } from './baseline.ts'
import type { SecurityCheck, Violation } from './check.ts'
import { type EnforcedPolicy, policyText } from './levels.ts'
import { RESTRICTED } from './restricted.ts'

/**
 * How a pod violates the policy of its namespace, in the server's words, or undefined if it does not. `newest` is the minor version of
 * the cluster: policies of later versions are not known to it (pod-security-admission `policy/registry.go`, v0.36.2).
 */
export function securityViolation(
  metadata: ObjectMeta,
  spec: FullPodSpec,
  policy: EnforcedPolicy,
  newest: number,
): string | undefined {
  if (policy.level === 'privileged') return undefined
  const minor = Math.min(policy.minor ?? newest, newest)
  const violations = checksOf(policy.level, minor).flatMap(check => {
    const version = check.versions.findLast(({ since }) => since <= minor)
    return version?.check(metadata, spec) ?? []
  })
  if (violations.length === 0) return undefined
  return `violates PodSecurity "${policyText(policy)}": ${violations.map(violationText).join(', ')}`
}

function checksOf(level: 'baseline' | 'restricted', minor: number): readonly SecurityCheck[] {
  if (level === 'baseline') return BASELINE
  const active = RESTRICTED.filter(({ versions }) => versions.some(({ since }) => since <= minor))
  const overridden = new Set(active.flatMap(({ overrides = [] }) => overrides))
  return [...BASELINE.filter(({ id }) => !overridden.has(id)), ...active]
}

function violationText({ reason, detail }: Violation): string {
  return detail === '' ? reason : `${reason} (${detail})`
}
