import { compareQuantity, formatQuantity } from '../../quantity.ts'
import { forbidden, invalid } from '../field-errors.ts'
import { type FullPodSpec, resourcesOf } from '../pod-model.ts'
import { containerTotal } from '../pod-resources.ts'
import { quantities } from '../quantities.ts'
import { isHugePages } from '../resource-names.ts'
import { podResourceErrors, resourcesErrors } from './resources.ts'

/** Field errors of the pod's own resources and of what its containers ask for beside them (`validatePodResources`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function podLevelErrors(spec: FullPodSpec, parent: string): readonly string[] {
  const { resources } = spec
  if (resources === undefined) return []
  const path = `${parent}.resources`
  if (spec.os?.name === 'windows') return [forbidden(path, 'may not be set for a windows pod')]
  const errors: string[] = []
  if (resources.claims !== undefined) {
    errors.push(forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level'))
  }
  const claims = (spec.resourceClaims ?? []).map(({ name }) => name).filter(name => name !== '')
  errors.push(...resourcesErrors(resources, path, podResourceErrors, claims))

  const requests = quantities(resources.requests)
  for (const [name, sum] of containerTotal(spec, 'requests')) {
    const own = requests.get(name)
    if (own === undefined || compareQuantity(sum, own) <= 0) continue
    const rule = `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`
    errors.push(invalid(`${path}.requests[${name}]`, formatQuantity(own), rule))
  }
  const limits = quantities(resources.limits)
  for (const [name, sum] of containerTotal(spec, 'limits')) {
    const own = limits.get(name)
    if (!isHugePages(name) || own === undefined || compareQuantity(sum, own) <= 0) continue
    const rule = `must be greater than or equal to aggregate container limits of ${formatQuantity(sum)}`
    errors.push(invalid(`${path}.limits[${name}]`, formatQuantity(own), rule))
  }
  spec.containers?.forEach((container, index) => {
    for (const [name, limit] of quantities(resourcesOf(container, 'limits'))) {
      const own = limits.get(name)
      if (own === undefined || compareQuantity(limit, own) <= 0) continue
      const rule = `must be less than or equal to pod limits of ${formatQuantity(own)}`
      errors.push(invalid(`${path}.containers[${index}][${name}].limits`, formatQuantity(limit), rule))
    }
  })
  return errors
}
