import type { PodTemplateSpec } from '../../api/apps.ts'
import type { ObjectMeta } from '../../api/meta.ts'
import type { FullPod, FullPodSpec } from '../pod-model.ts'
import { defaultContainer, withHostPorts } from './container.ts'
import { podLevelResources, roundedList, roundedResources, withRequestsFromLimits } from './resources.ts'
import { defaultVolume } from './volume.ts'

const INIT_ANNOTATIONS: readonly string[] = [
  'pod.beta.kubernetes.io/init-containers',
  'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses',
  'pod.alpha.kubernetes.io/init-container-statuses',
]

/**
 * A Pod with the API's defaults, which a pod gets on each way in: when it is created, after each policy that changed it, and whenever
 * it is read from storage (`SetObjectDefaults_Pod`, kubernetes `pkg/apis/core/v1`, v1.36.2).
 */
export function defaultPod(pod: FullPod): FullPod {
  const containers = pod.spec.containers?.map(withRequestsFromLimits)
  const initContainers = pod.spec.initContainers?.map(withRequestsFromLimits)
  const given: FullPodSpec = {
    ...pod.spec,
    ...(containers === undefined ? {} : { containers }),
    ...(initContainers === undefined ? {} : { initContainers }),
  }
  const resources = podLevelResources(given)
  const ports: FullPodSpec = pod.spec.hostNetwork
    ? {
        ...(containers === undefined ? {} : { containers: containers.map(withHostPorts) }),
        ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withHostPorts) }),
      }
    : {}
  const { terminationGracePeriodSeconds: seconds = 0 } = pod.spec
  return {
    ...pod,
    metadata: withoutOldAnnotations(pod.metadata),
    spec: defaultPodSpec({
      enableServiceLinks: true,
      ...given,
      ...ports,
      ...(resources === undefined ? {} : { resources }),
      // Of pods alone; templates keep what they say (`conversion.go`).
      ...(seconds < 0 ? { terminationGracePeriodSeconds: 1 } : {}),
    }),
  }
}

/** Init containers were annotations once, which are dropped (`conversion.go`). */
function withoutOldAnnotations<T extends ObjectMeta>(metadata: T): T {
  const { annotations } = metadata
  if (annotations === undefined || !INIT_ANNOTATIONS.some(key => annotations[key] !== undefined)) return metadata
  const kept = Object.entries(annotations).filter(([key]) => !INIT_ANNOTATIONS.includes(key))
  return { ...metadata, annotations: Object.fromEntries(kept) }
}

/** What pods and templates have in common; a template's limits stay limits. */
function defaultPodSpec(spec: FullPodSpec): FullPodSpec {
  const { containers, initContainers, ephemeralContainers, volumes, overhead, resources } = spec
  const account = spec.serviceAccountName ?? spec.serviceAccount
  return {
    ...spec,
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    restartPolicy: spec.restartPolicy ?? 'Always',
    securityContext: spec.securityContext ?? {},
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    schedulerName: spec.schedulerName ?? 'default-scheduler',
    // The old name of the field is kept equal to the new one.
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    ...(volumes === undefined ? {} : { volumes: volumes.map(defaultVolume) }),
    ...(containers === undefined ? {} : { containers: containers.map(defaultContainer) }),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(defaultContainer) }),
    ...(ephemeralContainers === undefined ? {} : { ephemeralContainers: ephemeralContainers.map(defaultContainer) }),
    ...(overhead === undefined ? {} : { overhead: roundedList(overhead) }),
    ...(resources === undefined ? {} : { resources: roundedResources(resources) }),
  }
}

/** A pod template with its defaults. */
export function defaultTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const { overhead, ...spec } = template.spec
  // An empty overhead means something on a pod that is created, and is lost in storage.
  const isEmpty = overhead === undefined || Object.keys(overhead).length === 0
  return { ...template, spec: defaultPodSpec(isEmpty ? spec : template.spec) }
}
