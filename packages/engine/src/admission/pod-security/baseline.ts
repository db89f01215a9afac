import type { ObjectMeta } from '../../api/meta.ts'
import { goQuote } from '../../go-text.ts'
import { allContainers, type FullPodSpec, type Handler } from '../pod-model.ts'
import type { SecurityCheck, Violation } from './check.ts'
import { distinct, listed, namesWhere, plural, quoted, setters, uses } from './containers.ts'

// Checks of the baseline level (pod-security-admission `policy/check_*.go`, v0.36.2). Each answers the detail of a violation.

const CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])
const SYSCTLS: readonly (readonly [minor: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
]
const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/'

/** A profile of seccomp or AppArmor that is not `Unconfined`. */
export function isConfined(type: string): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost'
}

/** Host processes, when the pod has its own users, are not the host's. */
export function hasOwnUsers(spec: FullPodSpec): boolean {
  return spec.hostUsers === false
}

/** Containers that mount `/proc` unmasked. */
export function procMountDetail(spec: FullPodSpec): string | undefined {
  const bad = namesWhere(spec, ({ securityContext: context }) => (context?.procMount ?? 'Default') !== 'Default')
  if (bad.length === 0) return undefined
  const types = allContainers(spec).map(({ securityContext: context }) => context?.procMount ?? 'Default')
  const forbidden = distinct(types.filter(type => type !== 'Default'))
  return `${listed('container', bad)} must not set securityContext.procMount to ${quoted(forbidden)}`
}

/** In the order of their ids, which is that of the server's text. */
export const BASELINE: readonly SecurityCheck[] = [
  { id: 'appArmorProfile', versions: [{ since: 0, check: appArmor }] },
  {
    id: 'capabilities_baseline',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const added = (name: string): boolean => !CAPABILITIES.has(name)
          const bad = namesWhere(spec, ({ securityContext: context }) => (context?.capabilities?.add ?? []).some(added))
          if (bad.length === 0) return undefined
          const names = distinct(
            allContainers(spec)
              .flatMap(({ securityContext: context }) => context?.capabilities?.add ?? [])
              .filter(added),
          )
          const detail = `${listed('container', bad)} must not include ${quoted(names)} in securityContext.capabilities.add`
          return { reason: 'non-default capabilities', detail }
        },
      },
    ],
  },
  {
    id: 'hostNamespaces',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(name => spec[name])
          if (shared.length === 0) return undefined
          return { reason: 'host namespaces', detail: shared.map(name => `${name}=true`).join(', ') }
        },
      },
    ],
  },
  {
    id: 'hostPathVolumes',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const bad = (spec.volumes ?? []).filter(volume => volume['hostPath'] !== undefined).map(({ name }) => name)
          return bad.length === 0 ? undefined : { reason: 'hostPath volumes', detail: listed('volume', bad) }
        },
      },
    ],
  },
  {
    id: 'hostPorts',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const bad = namesWhere(spec, ({ ports = [] }) => ports.some(({ hostPort }) => hostPort))
          if (bad.length === 0) return undefined
          const ports = distinct(
            allContainers(spec).flatMap(each =>
              (each.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : [])),
            ),
          )
          const detail = `${listed('container', bad)} ${uses(bad.length)} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`
          return { reason: 'hostPort', detail }
        },
      },
    ],
  },
  { id: 'hostProbesAndHostLifecycle', versions: [{ since: 34, check: probeHosts }] },
  {
    id: 'privileged',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const bad = namesWhere(spec, ({ securityContext: context }) => context?.privileged === true)
          if (bad.length === 0) return undefined
          return {
            reason: 'privileged',
            detail: `${listed('container', bad)} must not set securityContext.privileged=true`,
          }
        },
      },
    ],
  },
  {
    id: 'procMount',
    versions: [
      { since: 0, check: (_, spec) => procMount(spec) },
      { since: 35, check: (_, spec) => (hasOwnUsers(spec) ? undefined : procMount(spec)) },
    ],
  },
  {
    id: 'seLinuxOptions',
    versions: [
      { since: 0, check: (_, spec) => seLinux(spec, ['', 'container_t', 'container_init_t', 'container_kvm_t']) },
      {
        since: 31,
        check: (_, spec) =>
          seLinux(spec, ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']),
      },
    ],
  },
  {
    id: 'seccompProfile_baseline',
    versions: [
      { since: 0, check: seccompAnnotations },
      {
        since: 19,
        check: (_, spec) => {
          const bad = namesWhere(spec, ({ securityContext: context }) => {
            const type = context?.seccompProfile?.type
            return type !== undefined && !isConfined(type)
          })
          return seccompViolation(spec, bad)
        },
      },
    ],
  },
  { id: 'sysctls', versions: SYSCTLS.map(([since]) => ({ since, check: (_, spec) => sysctls(spec, since) })) },
  {
    id: 'windowsHostProcess',
    versions: [
      {
        since: 0,
        check: (_, spec) => {
          const bad = namesWhere(spec, each => each.securityContext?.windowsOptions?.hostProcess === true)
          const who = setters(spec.securityContext?.windowsOptions?.hostProcess === true, bad)
          if (who.length === 0) return undefined
          const detail = `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`
          return { reason: 'hostProcess', detail }
        },
      },
    ],
  },
]

/** The violation where pod or containers set a seccomp profile that is not confined. */
export function seccompViolation(spec: FullPodSpec, containers: readonly string[]): Violation | undefined {
  const ofPod = spec.securityContext?.seccompProfile?.type
  const badPod = ofPod !== undefined && !isConfined(ofPod)
  const who = setters(badPod, containers)
  if (who.length === 0) return undefined
  const types = allContainers(spec).flatMap(each => each.securityContext?.seccompProfile?.type ?? [])
  const values = distinct([...(badPod ? [ofPod] : []), ...types.filter(type => !isConfined(type))])
  const detail = `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(values)}`
  return { reason: 'seccompProfile', detail }
}

function procMount(spec: FullPodSpec): Violation | undefined {
  const detail = procMountDetail(spec)
  return detail === undefined ? undefined : { reason: 'procMount', detail }
}

function appArmor({ annotations = {} }: ObjectMeta, spec: FullPodSpec): Violation | undefined {
  const ofPod = spec.securityContext?.appArmorProfile?.type
  const badPod = ofPod !== undefined && !isConfined(ofPod)
  const bad = namesWhere(spec, ({ securityContext: context }) => {
    const type = context?.appArmorProfile?.type
    return type !== undefined && !isConfined(type)
  })
  const types = allContainers(spec).flatMap(each => each.securityContext?.appArmorProfile?.type ?? [])
  const values = distinct([...(badPod ? [ofPod] : []), ...types.filter(type => !isConfined(type))])
  const forbidden = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APP_ARMOR_PREFIX) && !/^($|runtime\/default$|localhost\/)/.test(value))
    .map(([key, value]) => `${key}=${goQuote(value)}`)
  const all = [...values, ...distinct(forbidden)]
  const who = [...setters(badPod, bad), ...(forbidden.length > 0 ? [plural(forbidden.length, 'annotation')] : [])]
  if (who.length === 0) return undefined
  return {
    reason: plural(all.length, 'forbidden AppArmor profile'),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
  }
}

function probeHosts(_: ObjectMeta, spec: FullPodSpec): Violation | undefined {
  const hosts: string[] = []
  const bad: string[] = []
  for (const container of allContainers(spec)) {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container
    const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
    const own = handlers.flatMap(hostsOf)
    if (own.length > 0) bad.push(container.name)
    hosts.push(...own)
  }
  if (bad.length === 0) return undefined
  const containers = distinct(bad)
  const forbidden = distinct(hosts)
  return {
    reason: 'probe or lifecycle host',
    detail: `${listed('container', containers)} ${uses(containers.length)} ${listed('probe or lifecycle host', forbidden)}`,
  }
}

function hostsOf(handler: Handler | undefined): readonly string[] {
  const { httpGet, tcpSocket } = handler ?? {}
  return [httpGet?.host, tcpSocket?.host].flatMap(host => (host ? [host] : []))
}

function seLinux(spec: FullPodSpec, allowed: readonly string[]): Violation | undefined {
  const options = (each: { readonly securityContext?: FullPodSpec['securityContext'] }) =>
    each.securityContext?.seLinuxOptions
  const isBad = (each: { readonly securityContext?: FullPodSpec['securityContext'] }): boolean => {
    const { type = '', user = '', role = '' } = options(each) ?? {}
    return !allowed.includes(type) || user !== '' || role !== ''
  }
  const who = setters(isBad(spec), namesWhere(spec, isBad))
  if (who.length === 0) return undefined
  const all = [spec, ...allContainers(spec)].map(options)
  const types = distinct(all.flatMap(each => each?.type ?? []).filter(type => !allowed.includes(type)))
  const complaints = [
    ...(types.length > 0 ? [listed('type', types)] : []),
    ...(all.some(each => each?.user) ? ['user may not be set'] : []),
    ...(all.some(each => each?.role) ? ['role may not be set'] : []),
  ]
  const detail = `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${complaints.join('; ')}`
  return { reason: 'seLinuxOptions', detail }
}

function seccompAnnotations({ annotations = {} }: ObjectMeta, spec: FullPodSpec): Violation | undefined {
  const keys = [SECCOMP_POD, ...allContainers(spec).map(({ name }) => SECCOMP_PREFIX + name)]
  const forbidden = distinct(
    keys.flatMap(key => {
      const value = annotations[key]
      if (value === undefined || /^(runtime\/default$|docker\/default$|localhost\/)/.test(value)) return []
      return [`${key}=${goQuote(value)}`]
    }),
  )
  if (forbidden.length === 0) return undefined
  const detail = `forbidden ${plural(forbidden.length, 'annotation')} ${forbidden.join(', ')}`
  return { reason: 'seccompProfile', detail }
}

function sysctls(spec: FullPodSpec, minor: number): Violation | undefined {
  const allowed = SYSCTLS.flatMap(([since, names]) => (since <= minor ? names : []))
  const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter(name => !allowed.includes(name))
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
}
