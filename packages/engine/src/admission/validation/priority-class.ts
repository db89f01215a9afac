import type { PriorityClass } from '../../api/apps.ts'
import { forbidden, invalid, notSupported, required } from '../field-errors.ts'
import { subdomainErrors } from '../names.ts'
import { SYSTEM_PRIORITIES } from '../plugins/priority.ts'
import { metadataErrors } from './metadata.ts'

const MAX_USER_VALUE = 1_000_000_000
const POLICIES: readonly string[] = ['PreemptLowerPriority', 'Never']

/** Field errors of a PriorityClass on creation (`ValidatePriorityClass`, kubernetes `pkg/apis/scheduling/validation/validation.go`, v1.36.2). */
export function priorityClassErrors(priorityClass: PriorityClass): readonly string[] {
  const { metadata, value = 0, preemptionPolicy } = priorityClass
  const { name = '' } = metadata
  const errors: string[] = [...metadataErrors(metadata, { namespaced: false, nameErrors: subdomainErrors })]
  if (name.startsWith('system-')) {
    const reason = systemViolation(priorityClass)
    if (reason !== undefined) {
      const rule = "priority class names with 'system-' prefix are reserved for system use only. error:"
      errors.push(forbidden('metadata.name', `${rule} ${reason}`))
    }
  } else if (value > MAX_USER_VALUE) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${MAX_USER_VALUE}`))
  }
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'))
  else if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy)) {
    errors.push(notSupported('preemptionPolicy', preemptionPolicy, POLICIES))
  }
  return errors
}

function systemViolation({ metadata: { name = '' }, value = 0, globalDefault }: PriorityClass): string | undefined {
  const known = SYSTEM_PRIORITIES.get(name)
  if (known === undefined) return `${name} is not a known system priority class`
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

/** Field errors of a change to a PriorityClass: its value and its policy stay what they were (`ValidatePriorityClassUpdate`, same file). */
export function priorityClassUpdateErrors(changed: PriorityClass, stored: PriorityClass): readonly string[] {
  const errors: string[] = []
  if ((changed.value ?? 0) !== (stored.value ?? 0)) errors.push(forbidden('value', 'may not be changed in an update.'))
  if (changed.preemptionPolicy !== stored.preemptionPolicy) {
    errors.push(invalid('preemptionPolicy', changed.preemptionPolicy ?? null, 'field is immutable'))
  }
  return errors
}
