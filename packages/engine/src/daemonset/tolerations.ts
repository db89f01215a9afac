import type { PodSpec, Toleration } from '../api/core.ts'

/** Key, effect and whether only pods on the host's network get it; all with operator Exists, in the controller's order. */
const ADDED: readonly { readonly key: string; readonly effect: string; readonly hostNetwork?: true }[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule', hostNetwork: true },
]

/**
 * The tolerations of a DaemonSet's pod: those of the template, with the controller's own put in the place of equal ones or
 * behind (`AddOrUpdateDaemonPodTolerations`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2). An equal one
 * loses its tolerationSeconds.
 */
export function daemonTolerations(spec: Pick<PodSpec, 'tolerations' | 'hostNetwork'>): readonly Toleration[] {
  let tolerations: readonly Toleration[] = spec.tolerations ?? []
  for (const { key, effect, hostNetwork } of ADDED) {
    if (hostNetwork && spec.hostNetwork !== true) continue
    tolerations = addOrUpdate(tolerations, { key, operator: 'Exists', effect })
  }
  return tolerations
}

function addOrUpdate(tolerations: readonly Toleration[], added: Toleration): readonly Toleration[] {
  const same = (other: Toleration): boolean =>
    (other.key ?? '') === added.key &&
    (other.effect ?? '') === added.effect &&
    (other.operator ?? '') === added.operator &&
    (other.value ?? '') === ''
  return tolerations.some(same) ? tolerations.map(other => (same(other) ? added : other)) : [...tolerations, added]
}
