import type { Container, ContainerPort, Pod } from '../api/core.ts'

/** A host port as the scheduler keys it; an empty IP is `0.0.0.0`, an empty protocol `TCP`. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
  readonly source: ContainerPort
}

const ANY = '0.0.0.0'

/** Host ports of containers and sidecars (`GetHostPorts`, kubernetes pkg/scheduler/util/utils.go, v1.36.2). */
export function hostPorts(pod: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined
  for (const container of pod.spec.containers ?? []) ports = collect(container, ports)
  for (const container of pod.spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') ports = collect(container, ports)
  }
  return ports ?? NO_PORTS
}

const NO_PORTS: readonly HostPort[] = []

function collect(container: Container, into: HostPort[] | undefined): HostPort[] | undefined {
  let ports = into
  for (const source of container.ports ?? []) {
    if (source.hostPort === undefined || source.hostPort <= 0) continue
    ports ??= []
    ports.push({ ip: source.hostIP || ANY, protocol: source.protocol || 'TCP', port: source.hostPort, source })
  }
  return ports
}

/**
 * Ports in use on one node. It is a set, not a count: when one of two pods with the same port goes, the port is free
 * (`HostPortInfo`, k8s.io/kube-scheduler framework/types.go, v1.36.2).
 */
export type UsedPorts = ReadonlySet<string>

export const portKey = (port: HostPort): string => `${port.ip} ${port.protocol} ${port.port}`

/** Is the port taken? Two ports clash if protocol and number are equal and an IP is `0.0.0.0` or both are the same. */
export function portConflict(used: UsedPorts, wanted: HostPort): boolean {
  if (wanted.ip !== ANY) return used.has(portKey(wanted)) || used.has(portKey({ ...wanted, ip: ANY }))
  const tail = ` ${wanted.protocol} ${wanted.port}`
  for (const key of used) if (key.endsWith(tail)) return true
  return false
}
