import type { TopologySpreadConstraint } from '../../api/core.ts'
import { duplicate, invalid, notSupported, required } from '../field-errors.ts'
import { labelKeysErrors } from './affinity.ts'
import { labelSelectorErrors } from './selectors.ts'

const POLICIES: readonly string[] = ['Honor', 'Ignore']
const ACTIONS: readonly string[] = ['DoNotSchedule', 'ScheduleAnyway']

/** Field errors of topology spread constraints (`validateTopologySpreadConstraints`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function topologySpreadErrors(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: string,
): readonly string[] {
  const errors: string[] = []
  constraints?.forEach((constraint, index) => {
    const at = `${path}[${index}]`
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, nodeAffinityPolicy, nodeTaintsPolicy } = constraint
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
    if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!ACTIONS.includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS))
    }
    const repeated = constraints
      .slice(index + 1)
      .some(other => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)
    if (repeated) {
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`))
    }
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'))
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        const rule = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
        errors.push(invalid(`${at}.minDomains`, minDomains, rule))
      }
    }
    errors.push(...policyErrors(nodeAffinityPolicy, `${at}.nodeAffinityPolicy`))
    errors.push(...policyErrors(nodeTaintsPolicy, `${at}.nodeTaintsPolicy`))
    errors.push(...labelKeysErrors(constraint.matchLabelKeys ?? [], [], constraint.labelSelector, at))
    errors.push(...labelSelectorErrors(constraint.labelSelector, `${at}.labelSelector`))
  })
  return errors
}

function policyErrors(policy: string | undefined, path: string): readonly string[] {
  return policy === undefined || POLICIES.includes(policy) ? [] : [notSupported(path, policy, POLICIES)]
}
