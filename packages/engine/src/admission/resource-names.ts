import { qualifiedNameErrors } from './names.ts'

// What kind of resource a name stands for (kubernetes `pkg/apis/core/helper/helpers.go`, v1.36.2).

const REQUESTS_PREFIX = 'requests.'
const HUGE_PAGES_PREFIX = 'hugepages-'
const NATIVE_NAMESPACE = 'kubernetes.io/'

const COMPUTE_QUOTA: readonly string[] = [
  'cpu',
  'memory',
  'limits.cpu',
  'limits.memory',
  'requests.cpu',
  'requests.memory',
]
const COUNTED: readonly string[] = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const QUOTA: ReadonlySet<string> = new Set([
  ...COMPUTE_QUOTA,
  ...COUNTED,
  'ephemeral-storage',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
])
const INTEGERS: ReadonlySet<string> = new Set(COUNTED)
const POD_COMPUTE: ReadonlySet<string> = new Set(COMPUTE_QUOTA)

/** `hugepages-…`, of any page size. */
export function isHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES_PREFIX)
}

/** The page size that a huge page resource names, as text. */
export function hugePageSize(name: string): string {
  return name.slice(HUGE_PAGES_PREFIX.length)
}

/** Without a domain, or in Kubernetes' own. */
export function isNative(name: string): boolean {
  return !name.includes('/') || name.includes(NATIVE_NAMESPACE)
}

/** Of a foreign domain, and a name that a quota can track. */
export function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith(REQUESTS_PREFIX)) return false
  return qualifiedNameErrors(REQUESTS_PREFIX + name).length === 0
}

/** Requests may be below limits. */
export function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name)
}

/** Counted in whole units. */
export function isInteger(name: string): boolean {
  return INTEGERS.has(name) || isExtended(name)
}

/** A resource that a container may ask for under a name without a domain. */
export function isStandardOfContainers(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || isHugePages(name)
}

/** A name without a domain that means something somewhere. */
export function isStandard(name: string): boolean {
  return isStandardOfQuotas(name) || name === 'storage'
}

/** A name without a domain that a quota may limit. */
export function isStandardOfQuotas(name: string): boolean {
  return QUOTA.has(name) || isHugePages(name) || name.startsWith(`${REQUESTS_PREFIX}${HUGE_PAGES_PREFIX}`)
}

/** Resource quota scopes by what they may be applied to. */
export function scopeFits(scope: string, resource: string): boolean {
  switch (scope) {
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return resource === 'pods' || POD_COMPUTE.has(resource)
    case 'BestEffort':
      return resource === 'pods'
    case 'VolumeAttributesClass':
      return resource === 'persistentvolumeclaims' || resource === 'requests.storage'
    default:
      return true
  }
}
