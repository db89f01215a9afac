import type { Toleration } from '../../api/core.ts'
import { labelValueErrors } from '../../labels/syntax.ts'
import { invalid, notSupported } from '../field-errors.ts'
import { named, qualifiedNameErrors } from '../names.ts'

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Field errors of tolerations; `Lt` and `Gt` are behind a gate that is off (`ValidateTolerations`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function tolerationErrors(tolerations: readonly Toleration[] | undefined, path: string): readonly string[] {
  const errors: string[] = []
  tolerations?.forEach((toleration, index) => {
    const at = `${path}[${index}]`
    const { key = '', operator = '', value = '', effect = '' } = toleration
    if (key !== '') errors.push(...named(`${at}.key`, key, qualifiedNameErrors(key)))
    else if (operator !== 'Exists') {
      errors.push(
        invalid(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    errors.push(...operatorErrors(operator, value, `${at}.operator`))
    if (effect !== '' && !EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS))
  })
  return errors
}

function operatorErrors(operator: string, value: string, path: string): readonly string[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const complaints = labelValueErrors(value)
      return complaints.length === 0 ? [] : [invalid(path, value, complaints.join(';'))]
    }
    case 'Exists':
      return value === '' ? [] : [invalid(path, value, "value must be empty when `operator` is 'Exists'")]
    case 'Lt':
    case 'Gt':
      return [notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])]
  }
}
