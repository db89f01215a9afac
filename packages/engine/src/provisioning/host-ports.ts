import type { Pod } from '../api/core.ts'

/** A host port that a pod takes, as Karpenter compares them (karpenter `pkg/scheduling/hostportusage.go`, v1.14.1). */
export interface HostPort {
  readonly ip: string
  readonly port: number
  readonly protocol: string
}

/** Host ports by the `namespace/name` of the pod that takes them. */
export interface PortHolder {
  readonly pod: string
  readonly ports: readonly HostPort[]
}

const ANY_IPV4 = '0.0.0.0'
const UNSPECIFIED: ReadonlySet<string> = new Set([ANY_IPV4, '::', '0:0:0:0:0:0:0:0'])
const NO_PORTS: readonly HostPort[] = []

/** The host ports of a pod's regular containers; those of init containers and sidecars don't count (`GetHostPorts`). */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined
  for (const container of pod.spec.containers ?? []) {
    for (const { hostPort, hostIP, protocol } of container.ports ?? []) {
      if (hostPort === undefined || hostPort === 0) continue
      ports ??= []
      ports.push({ ip: hostIP || ANY_IPV4, port: hostPort, protocol: protocol ?? '' })
    }
  }
  return ports ?? NO_PORTS
}

/** The first two ports that clash, the pod's first. A pod does not clash with itself. */
export function portClash(
  wanted: PortHolder,
  holders: readonly PortHolder[],
): readonly [HostPort, HostPort] | undefined {
  for (const port of wanted.ports) {
    for (const holder of holders) {
      if (holder.pod === wanted.pod) continue
      const existing = holder.ports.find(other => clashes(port, other))
      if (existing !== undefined) return [port, existing]
    }
  }
  return undefined
}

function clashes(a: HostPort, b: HostPort): boolean {
  if (a.protocol !== b.protocol || a.port !== b.port) return false
  return a.ip === b.ip || UNSPECIFIED.has(a.ip) || UNSPECIFIED.has(b.ip)
}
