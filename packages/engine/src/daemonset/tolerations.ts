import type { PodSpec, Toleration } from '../api/core.ts'

type DaemonTemplate = Pick<PodSpec, 'tolerations' | 'hostNetwork'>

interface Added extends Toleration {
  readonly key: string
  readonly operator: string
  readonly effect: string
}

const added = (name: string, effect: string): Added => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect,
})

/** In the controller's order. */
const ADDED: readonly Added[] = [
  added('not-ready', 'NoExecute'),
  added('unreachable', 'NoExecute'),
  added('disk-pressure', 'NoSchedule'),
  added('memory-pressure', 'NoSchedule'),
  added('pid-pressure', 'NoSchedule'),
  added('unschedulable', 'NoSchedule'),
]
/** Only for pods on the host's network. */
const ADDED_ON_HOST_NETWORK = added('network-unavailable', 'NoSchedule')

/**
 * The tolerations of a DaemonSet's pod: those of the template, with the controller's own put in the place of equal ones or
 * behind (`AddOrUpdateDaemonPodTolerations`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2). An equal one
 * loses its tolerationSeconds. One list for all pods of a template, so that they are known again by their parts.
 */
export const daemonTolerations: (spec: DaemonTemplate) => readonly Toleration[] = onceEach(spec => {
  let tolerations: readonly Toleration[] = spec.tolerations ?? []
  for (const toleration of ADDED) tolerations = addOrUpdate(tolerations, toleration)
  return spec.hostNetwork === true ? addOrUpdate(tolerations, ADDED_ON_HOST_NETWORK) : tolerations
})

function onceEach(make: (spec: DaemonTemplate) => readonly Toleration[]): typeof make {
  const made = new WeakMap<DaemonTemplate, readonly Toleration[]>()
  return spec => {
    const known = made.get(spec)
    if (known) return known
    const tolerations = make(spec)
    made.set(spec, tolerations)
    return tolerations
  }
}

function addOrUpdate(tolerations: readonly Toleration[], toleration: Added): readonly Toleration[] {
  const same = (other: Toleration): boolean =>
    (other.key ?? '') === toleration.key &&
    (other.effect ?? '') === toleration.effect &&
    (other.operator ?? '') === toleration.operator &&
    (other.value ?? '') === ''
  return tolerations.some(same)
    ? tolerations.map(other => (same(other) ? toleration : other))
    : [...tolerations, toleration]
}
