import { labelKeyErrors } from '../labels/syntax.ts'

const HUGE_PAGES = 'hugepages-'
const ATTACHABLE_VOLUMES = 'attachable-volumes-'
const REQUESTS = 'requests.'
const NATIVE = 'kubernetes.io/'

/** Whether a resource has a domain of its own, such as `nvidia.com/gpu` (`IsExtendedResourceName`, kubernetes `pkg/apis/core/v1/helper/helpers.go`, v1.36.2). */
export function isExtendedResourceName(name: string): boolean {
  if (!name.includes('/') || name.includes(NATIVE) || name.startsWith(REQUESTS)) return false
  return labelKeyErrors(REQUESTS + name, 'a valid label key').length === 0
}

/**
 * Whether the scheduler counts a resource besides cpu, memory, ephemeral-storage and pods; it ignores all others
 * (`IsScalarResourceName`, kubernetes `pkg/scheduler/util/utils.go`, v1.36.2).
 */
export function isScalarResourceName(name: string): boolean {
  return (
    isExtendedResourceName(name) ||
    name.startsWith(HUGE_PAGES) ||
    name.includes(NATIVE) ||
    name.startsWith(ATTACHABLE_VOLUMES)
  )
}

/** Whether a resource may be asked for at pod level (`IsSupportedPodLevelResource`, component-helpers `resource/helpers.go`, v0.36.2). */
export function isPodLevelResourceName(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith(HUGE_PAGES)
}
