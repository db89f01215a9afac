import type { DaemonSet } from '../api/apps.ts'
import type { Affinity, Container, NodeSelector, Pod } from '../api/core.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'

/** As an API server writes a time; such texts sort as the times do. */
const UTC_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/**
 * The pod by which Karpenter sizes a DaemonSet: its newest real pod if there is one, else its template with limits as requests where
 * there are none. Required node affinity is the template's where it has any; the pin that the DaemonSet controller puts into real
 * pods matches a field, which Karpenter does not read (`getDaemonSetPods`, karpenter `pkg/controllers/provisioning/provisioner.go`,
 * and `PodForDaemonSet`, `pkg/utils/daemonset/daemonset.go`, v1.14.1).
 */
export function sizingPod(daemonSet: DaemonSet, newest: Pod | undefined, differences: KarpenterDifferences): Pod {
  const pod = newest ?? templatePod(daemonSet, differences)
  const required = daemonSet.spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined ? pod : withRequiredAffinity(pod, required)
}

/**
 * The newest of the pods that a DaemonSet controls, also one that is over or going; the first listed of several of one second
 * (`UpdateDaemonSet`, karpenter `pkg/controllers/state/cluster.go`, v1.14.1).
 */
export function newestDaemonPod(daemonSet: DaemonSet, pods: readonly Pod[]): Pod | undefined {
  const { namespace, uid } = daemonSet.metadata
  let newest: Pod | undefined
  for (const pod of pods) {
    const { metadata } = pod
    if (metadata.namespace !== namespace) continue
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
    if (owner === undefined || owner.uid !== uid) continue
    if (newest === undefined || isLater(metadata.creationTimestamp, newest.metadata.creationTimestamp)) newest = pod
  }
  return newest
}

/** Whether the first of two times in RFC 3339 is later. One that cannot be read is as none, before every other. */
function isLater(time = '', other = ''): boolean {
  if (UTC_SECONDS.test(time) && UTC_SECONDS.test(other)) return time > other
  const [at, than] = [Date.parse(time), Date.parse(other)]
  return Number.isNaN(than) ? !Number.isNaN(at) : at > than
}

/** Whether a pod uses dynamic resources (`HasDRARequirements`, karpenter `pkg/utils/pod/scheduling.go`, v1.14.1). */
export function usesResourceClaims(pod: Pod, { podLevelClaims }: KarpenterDifferences): boolean {
  const { containers = [], initContainers = [], resourceClaims = [] } = pod.spec
  if (podLevelClaims && resourceClaims.length > 0) return true
  return [...containers, ...initContainers].some(({ resources }) => (resources?.claims ?? []).length > 0)
}

/** The name by which Karpenter tells daemon pods apart: empty parts where there is none. */
export function podKeyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

function templatePod(daemonSet: DaemonSet, { namedDaemonPods }: KarpenterDifferences): Pod {
  const { name, namespace } = daemonSet.metadata
  const { spec } = daemonSet.spec.template
  return {
    metadata: namedDaemonPods
      ? { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) }
      : {},
    spec: {
      ...spec,
      ...(spec.containers && { containers: spec.containers.map(limitsAsRequests) }),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(limitsAsRequests) }),
    },
  }
}

function limitsAsRequests(container: Container): Container {
  const { limits, requests } = container.resources ?? {}
  return limits === undefined
    ? container
    : { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
}

function withRequiredAffinity(pod: Pod, required: NodeSelector): Pod {
  const affinity: Affinity = {
    ...pod.spec.affinity,
    nodeAffinity: { ...pod.spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
  }
  return { ...pod, spec: { ...pod.spec, affinity } }
}
