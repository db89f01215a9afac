import type { RuntimeClass } from '../../api/apps.ts'
import { duplicate, required } from '../field-errors.ts'
import { dnsLabelErrors, labelsErrors, named, subdomainErrors } from '../names.ts'
import { metadataErrors } from './metadata.ts'
import { containerResourceErrors, resourcesErrors } from './resources.ts'
import { tolerationErrors } from './tolerations.ts'

/** Field errors of a RuntimeClass on creation (`ValidateRuntimeClass`, kubernetes `pkg/apis/node/validation/validation.go`, v1.36.2). */
export function runtimeClassErrors({ metadata, handler = '', overhead, scheduling }: RuntimeClass): readonly string[] {
  const errors: string[] = [
    ...metadataErrors(metadata, { namespaced: false, nameErrors: subdomainErrors, anyFinalizer: true }),
  ]
  if (handler === '') errors.push(required('handler'))
  else errors.push(...named('handler', handler, dnsLabelErrors(handler)))
  if (overhead !== undefined) {
    errors.push(...resourcesErrors({ limits: overhead.podFixed ?? {} }, 'overhead', containerResourceErrors, []))
  }
  const { nodeSelector, tolerations = [] } = scheduling ?? {}
  errors.push(...labelsErrors(nodeSelector, 'scheduling.nodeSelector'))
  errors.push(...tolerationErrors(tolerations, 'scheduling.tolerations'))
  const seen = new Set<string>()
  tolerations.forEach((toleration, index) => {
    const { key = '', operator = '', value = '', effect = '' } = toleration
    const identity = JSON.stringify([key, operator, value, effect])
    if (seen.has(identity)) {
      const shown = {
        Key: key,
        Operator: operator,
        Value: value,
        Effect: effect,
        TolerationSeconds: toleration.tolerationSeconds ?? null,
      }
      errors.push(duplicate(`scheduling.tolerations[${index}]`, shown))
    }
    seen.add(identity)
  })
  return errors
}
