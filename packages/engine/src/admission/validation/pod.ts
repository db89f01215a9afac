import type { PodTemplateSpec } from '../../api/apps.ts'
import type { ObjectMeta } from '../../api/meta.ts'
import { forbidden, invalid } from '../field-errors.ts'
import { labelsErrors, subdomainErrors } from '../names.ts'
import type { FullPod, FullPodSpec } from '../pod-model.ts'
import { affinityErrors } from './affinity.ts'
import { containersErrors, imagePaddingErrors } from './containers.ts'
import { annotationsErrors, metadataErrors } from './metadata.ts'
import { podLevelErrors } from './pod-level.ts'
import {
  classErrors,
  dnsErrors,
  fileVolumeErrors,
  gateErrors,
  hostAliasErrors,
  hostNetworkErrors,
  hostUsersErrors,
  nameErrors,
  osErrors,
  policyErrors,
  resourceClaimErrors,
} from './pod-settings.ts'
import { profileAnnotationErrors, profileMatchErrors } from './profile-annotations.ts'
import { hostProcessErrors, podSecurityContextErrors } from './security-context.ts'
import { tolerationErrors } from './tolerations.ts'
import { topologySpreadErrors } from './topology-spread.ts'
import { checkVolumes } from './volumes.ts'

const MIRROR = 'kubernetes.io/config.mirror'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const MAX_INT32 = 2_147_483_647

/** Field errors of a pod on creation, in upstream's order (`ValidatePodCreate`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function podErrors(pod: FullPod): readonly string[] {
  const { metadata, spec } = pod
  const errors: string[] = [
    ...metadataErrors(metadata, { namespaced: true, nameErrors: subdomainErrors }),
    ...podAnnotationErrors(metadata, spec, 'metadata.annotations'),
    ...podSpecErrors(spec, 'spec', metadata),
  ]
  for (const list of ['containers', 'initContainers'] as const) {
    spec[list]?.forEach((container, index) => {
      errors.push(...imagePaddingErrors(container, `spec.${list}[${index}]`))
    })
  }
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  }
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
  errors.push(...profileMatchErrors(metadata, spec, 'spec'))
  return errors
}

/** Field errors of a pod template (`ValidatePodTemplateSpec`, same file). */
export function podTemplateErrors(template: PodTemplateSpec, path: string): readonly string[] {
  const metadata = template.metadata ?? {}
  const spec: FullPodSpec = template.spec
  const errors: string[] = [
    ...labelsErrors(metadata.labels, `${path}.labels`),
    ...annotationsErrors(metadata.annotations, `${path}.annotations`),
    ...podAnnotationErrors(metadata, spec, `${path}.annotations`),
    ...podSpecErrors(spec, `${path}.spec`, undefined),
    ...profileMatchErrors(metadata, spec, `${path}.spec`),
  ]
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  }
  return errors
}

/** Field errors of a pod's spec; `metadata` is the pod's, and absent for a template (`ValidatePodSpec`, same file). */
function podSpecErrors(spec: FullPodSpec, path: string, metadata: ObjectMeta | undefined): readonly string[] {
  const isPod = metadata !== undefined
  const volumes = checkVolumes(spec.volumes, `${path}.volumes`, isPod ? { metadata, isPod } : { isPod })
  return [
    ...volumes.errors,
    ...resourceClaimErrors(spec, path, metadata?.annotations?.[MIRROR] !== undefined),
    ...containersErrors(spec, volumes.valid, path),
    ...podLevelErrors(spec, path),
    ...hostNetworkErrors(spec, path, isPod),
    ...policyErrors(spec, path),
    ...podSecurityContextErrors(spec, `${path}.securityContext`),
    ...affinityErrors(spec.affinity, `${path}.affinity`),
    ...dnsErrors(spec, path),
    ...gateErrors(spec, path),
    ...topologySpreadErrors(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...hostProcessErrors(spec, path),
    ...hostUsersErrors(spec, path),
    ...nameErrors(spec, path),
    ...tolerationErrors(spec.tolerations, `${path}.tolerations`),
    ...hostAliasErrors(spec, path),
    ...classErrors(spec, path),
    ...osErrors(spec, path),
    ...fileVolumeErrors(spec, path),
  ]
}

/** Field errors of annotations that mean something on pods (`ValidatePodSpecificAnnotations`, same file). */
function podAnnotationErrors({ annotations = {} }: ObjectMeta, spec: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  const mirror = annotations[MIRROR]
  if (mirror !== undefined && !spec.nodeName) {
    errors.push(invalid(`${path}[${MIRROR}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'))
  }
  const cost = annotations[DELETION_COST]
  if (cost !== undefined && !isDeletionCost(cost)) {
    errors.push(invalid(`${path}[${DELETION_COST}]`, cost, 'must be a 32bit integer'))
  }
  errors.push(...profileAnnotationErrors(annotations, spec, path))
  return errors
}

function isDeletionCost(text: string): boolean {
  if (!/^(0|[1-9][0-9]*|-[1-9][0-9]*)$/.test(text)) return false
  const cost = Number(text)
  return cost <= MAX_INT32 && cost >= -MAX_INT32 - 1
}
