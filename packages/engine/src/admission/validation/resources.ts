import type { ResourceRequirements } from '../../api/core.ts'
import {
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityMilliValue,
  quantitySign,
  quantityValue,
} from '../../quantity.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, required } from '../field-errors.ts'
import { byText } from '../json.ts'
import { dnsLabelErrors, named, qualifiedNameErrors } from '../names.ts'
import { isPodLevel } from '../pod-resources.ts'
import { quantities } from '../quantities.ts'
import {
  hugePageSize,
  isExtended,
  isHugePages,
  isInteger,
  isNative,
  isStandard,
  isStandardOfContainers,
  mayOvercommit,
} from '../resource-names.ts'

/** Field errors of a resource name at a place. */
type NameRule = (name: string, path: string) => readonly string[]

/**
 * Field errors of requests and limits. Upstream walks both in random order, here in that of the names
 * (`validateResourceRequirements`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2).
 */
export function resourcesErrors(
  resources: ResourceRequirements | undefined,
  path: string,
  nameRule: NameRule,
  podClaims: readonly string[],
): readonly string[] {
  const errors: string[] = []
  const limits = quantities(resources?.limits)
  const requests = quantities(resources?.requests)
  for (const [name, amount] of limits) {
    const at = `${path}.limits[${name}]`
    errors.push(...nameRule(name, at), ...amountErrors(name, amount, at), ...pageErrors(name, amount, at))
  }
  for (const [name, amount] of requests) {
    const at = `${path}.requests[${name}]`
    errors.push(...nameRule(name, at), ...amountErrors(name, amount, at))
    errors.push(...limitErrors(name, amount, limits.get(name), path))
    errors.push(...pageErrors(name, amount, at))
  }
  const names = [...limits.keys(), ...requests.keys()]
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'))
  }
  return [...errors, ...claimErrors(resources?.claims ?? [], `${path}.claims`, podClaims)]
}

/** A quantity must not be negative, and that of a counted resource must be whole (`ValidateResourceQuantityValue`, same file). */
export function amountErrors(name: string, amount: Quantity, path: string): readonly string[] {
  const errors: string[] = []
  const text = formatQuantity(amount)
  if (quantitySign(amount) < 0) errors.push(invalid(path, text, 'must be greater than or equal to 0'))
  if (isInteger(name) && quantityMilliValue(amount) % 1000n !== 0n) {
    errors.push(invalid(path, text, 'must be an integer'))
  }
  return errors
}

function limitErrors(name: string, request: Quantity, limit: Quantity | undefined, path: string): readonly string[] {
  if (limit === undefined) {
    if (mayOvercommit(name)) return []
    return [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')]
  }
  const order = compareQuantity(request, limit)
  const rule = order !== 0 && !mayOvercommit(name) ? 'equal to' : order > 0 ? 'less than or equal to' : undefined
  if (rule === undefined) return []
  return [
    invalid(`${path}.requests`, formatQuantity(request), `must be ${rule} ${name} limit of ${formatQuantity(limit)}`),
  ]
}

function pageErrors(name: string, amount: Quantity, path: string): readonly string[] {
  if (!isHugePages(name) || isWholePages(name, amount)) return []
  const text = formatQuantity(amount)
  return [invalid(path, text, `${text} is not positive integer multiple of ${name}`)]
}

function isWholePages(name: string, amount: Quantity): boolean {
  const size = parseQuantity(hugePageSize(name))
  if (size.kind === 'error' || quantitySign(size) <= 0 || quantityMilliValue(size) % 1000n !== 0n) return false
  const bytes = quantityValue(size)
  return bytes !== 0n && quantityValue(amount) % bytes === 0n
}

/** Qualified, and known if it has no domain (`validateResourceName`, same file). */
export function resourceNameErrors(name: string, path: string): readonly string[] {
  const errors = named(path, name, qualifiedNameErrors(name))
  if (errors.length > 0 || name.includes('/') || isStandard(name)) return errors
  return [invalid(path, name, 'must be a standard resource type or fully qualified')]
}

/** What a container may ask for (`validateContainerResourceName`, same file). */
export function containerResourceErrors(name: string, path: string): readonly string[] {
  const errors = resourceNameErrors(name, path)
  if (!name.includes('/')) {
    return isStandardOfContainers(name)
      ? errors
      : [...errors, invalid(path, name, 'must be a standard resource for containers')]
  }
  if (isNative(name) || isExtended(name)) return errors
  return [...errors, invalid(path, name, "doesn't follow extended resource name standard")]
}

/** What a pod may set for its containers together (`validatePodResourceName`, same file). */
export function podResourceErrors(name: string, path: string): readonly string[] {
  const errors = resourceNameErrors(name, path)
  if (errors.length > 0 || isPodLevel(name)) return errors
  return [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])]
}

function claimErrors(
  claims: NonNullable<ResourceRequirements['claims']>,
  path: string,
  podClaims: readonly string[],
): readonly string[] {
  const errors: string[] = []
  const names = new Set<string>()
  claims.forEach(({ name, request = '' }, index) => {
    const at = `${path}[${index}]`
    if (name === '') {
      errors.push(required(at))
      return
    }
    if (names.has(name)) errors.push(duplicate(at, name))
    else {
      if (request !== '') errors.push(...named(`${at}.request`, request, dnsLabelErrors(request)))
      const key = request === '' ? name : `${name}/${request}`
      if (names.has(key)) errors.push(duplicate(at, key))
      else if (request === '') {
        for (const other of names) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name))
      }
      names.add(key)
    }
    if (podClaims.includes(name)) return
    const known = podClaims.length === 0 ? ' which is empty' : `: ${podClaims.toSorted(byText).join(', ')}`
    errors.push(notFound(at, name, `must be one of the names in pod.spec.resourceClaims${known}`))
  })
  return errors
}
