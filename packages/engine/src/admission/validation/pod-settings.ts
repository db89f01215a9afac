import { duplicate, forbidden, invalid, notFound, notSupported, required, tooLong } from '../field-errors.ts'
import {
  dnsLabelErrors,
  labelsErrors,
  named,
  qualifiedNameErrors,
  rangeErrors,
  subdomainErrors,
  underscoreSubdomainErrors,
} from '../names.ts'
import type { FullPodSpec } from '../pod-model.ts'
import { isIpAddress } from './ip-address.ts'
import { containerResourceErrors, resourcesErrors } from './resources.ts'

// Fields of a pod beside its containers and volumes, in upstream's order of checks (`ValidatePodSpec`, kubernetes
// `pkg/apis/core/validation/validation.go`, v1.36.2). `path` is that of the pod's spec.

const RESTART_POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES: readonly string[] = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const PREEMPTION_POLICIES: readonly string[] = ['PreemptLowerPriority', 'Never']
const MAX_INT32 = 2_147_483_647
const MAX_NAMESERVERS = 3
const MAX_SEARCHES = 32
const MAX_SEARCH_CHARACTERS = 2_048
const MAX_HOSTNAME_OVERRIDE = 64

/** Claims of devices by name. */
export function resourceClaimErrors(
  { resourceClaims }: FullPodSpec,
  path: string,
  isMirror: boolean,
): readonly string[] {
  // Upstream gives no place.
  if (isMirror) return (resourceClaims ?? []).map(() => forbidden('[]', 'static pods do not support resource claims'))
  const errors: string[] = []
  const names = new Set<string>()
  resourceClaims?.forEach(({ name, resourceClaimName, resourceClaimTemplateName }, index) => {
    const at = `${path}.resourceClaims[${index}]`
    if (name === '') errors.push(required(`${at}.name`))
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
    else errors.push(...named(`${at}.name`, name, dnsLabelErrors(name)))
    names.add(name)
    const value = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    }
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const rule = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'
      errors.push(invalid(at, value, rule))
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(invalid(at, value, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'))
    }
    for (const [field, text] of [
      ['resourceClaimName', resourceClaimName],
      ['resourceClaimTemplateName', resourceClaimTemplateName],
    ] as const) {
      if (text !== undefined) errors.push(...named(`${at}.${field}`, text, subdomainErrors(text)))
    }
  })
  return errors
}

/** Host ports of a pod on the host's network; a template may leave them out, as its pods get them by default. */
export function hostNetworkErrors(spec: FullPodSpec, path: string, isPod: boolean): readonly string[] {
  if (!spec.hostNetwork) return []
  return (spec.containers ?? []).flatMap(({ ports = [] }, container) =>
    ports.flatMap(({ hostPort = 0, containerPort = 0 }, index) => {
      if ((!isPod && hostPort === 0) || hostPort === containerPort) return []
      const at = `${path}.containers[${container}].ports[${index}].hostPort`
      return [invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true')]
    }),
  )
}

/** Restart policy, DNS policy and node selector. */
export function policyErrors(spec: FullPodSpec, path: string): readonly string[] {
  return [
    ...choiceErrors(spec.restartPolicy ?? '', `${path}.restartPolicy`, RESTART_POLICIES),
    ...choiceErrors(spec.dnsPolicy ?? '', `${path}.dnsPolicy`, DNS_POLICIES),
    ...labelsErrors(spec.nodeSelector, `${path}.nodeSelector`),
  ]
}

/** Name servers and search paths. */
export function dnsErrors({ dnsPolicy, dnsConfig }: FullPodSpec, parent: string): readonly string[] {
  const path = `${parent}.dnsConfig`
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {}
  if (dnsPolicy === 'None') {
    if (dnsConfig === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if (nameservers.length === 0) {
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
    }
  }
  const errors: string[] = []
  const limit = (name: string, value: readonly string[], exceeded: boolean, rule: string): void => {
    if (exceeded) errors.push(invalid(`${path}.${name}`, value, `must not have more than ${rule}`))
  }
  limit('nameservers', nameservers, nameservers.length > MAX_NAMESERVERS, `${MAX_NAMESERVERS} nameservers`)
  nameservers.forEach((server, index) => {
    errors.push(...ipErrors(server, `${path}.nameservers[${index}]`))
  })
  limit('searches', searches, searches.length > MAX_SEARCHES, `${MAX_SEARCHES} search paths`)
  const characters = searches.join(' ').length
  limit(
    'searches',
    searches,
    characters > MAX_SEARCH_CHARACTERS,
    `${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`,
  )
  searches.forEach((search, index) => {
    if (search === '.') return
    const name = search.endsWith('.') ? search.slice(0, -1) : search
    errors.push(...named(`${path}.searches[${index}]`, name, underscoreSubdomainErrors(name)))
  })
  options.forEach(({ name = '' }, index) => {
    if (name === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'))
  })
  return errors
}

/** Readiness and scheduling gates. */
export function gateErrors({ readinessGates, schedulingGates }: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  readinessGates?.forEach(({ conditionType }, index) => {
    errors.push(
      ...named(`${path}.readinessGates[${index}].conditionType`, conditionType, qualifiedNameErrors(conditionType)),
    )
  })
  const seen = new Set<string>()
  schedulingGates?.forEach(({ name }, index) => {
    const at = `${path}.schedulingGates[${index}]`
    errors.push(...named(at, name, qualifiedNameErrors(name)))
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
  })
  return errors
}

/** User namespaces do not go with the host's other namespaces. */
export function hostUsersErrors(spec: FullPodSpec, path: string): readonly string[] {
  if (spec.hostUsers !== false) return []
  const rule = 'when `hostUsers` is false'
  const errors: string[] = []
  if (spec.hostNetwork) errors.push(forbidden(`${path}.hostNetwork`, rule))
  if (spec.hostPID) errors.push(forbidden(`${path}.HostPID`, rule))
  if (spec.hostIPC) errors.push(forbidden(`${path}.HostIPC`, rule))
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach(({ volumeDevices = [] }, index) => {
      if (volumeDevices.length > 0) errors.push(forbidden(`${path}.${list}[${index}].volumeDevices`, rule))
    })
  }
  return errors
}

/** Names that the pod refers to or goes by, its deadline, and addresses in its hosts file. */
export function nameErrors(spec: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  const { hostnameOverride, serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain } = spec
  if (hostnameOverride !== undefined) {
    const at = `${path}.hostnameOverride`
    if (spec.setHostnameAsFQDN) {
      errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'))
    }
    if (spec.hostNetwork) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'))
    if (hostnameOverride.length > MAX_HOSTNAME_OVERRIDE) errors.push(tooLong(at, MAX_HOSTNAME_OVERRIDE))
    errors.push(...named(at, hostnameOverride, subdomainErrors(hostnameOverride)))
  }
  errors.push(...ifGiven(serviceAccountName, `${path}.serviceAccountName`, subdomainErrors))
  errors.push(...ifGiven(nodeName, `${path}.nodeName`, subdomainErrors))
  if (activeDeadlineSeconds !== undefined) {
    const at = `${path}.activeDeadlineSeconds`
    const complaints = rangeErrors(activeDeadlineSeconds, 1, MAX_INT32)
    errors.push(...complaints.map(complaint => invalid(at, activeDeadlineSeconds, complaint)))
  }
  errors.push(...ifGiven(hostname, `${path}.hostname`, dnsLabelErrors))
  errors.push(...ifGiven(subdomain, `${path}.subdomain`, dnsLabelErrors))
  return errors
}

/** Addresses and names that the pod adds to its hosts file. */
export function hostAliasErrors({ hostAliases }: FullPodSpec, path: string): readonly string[] {
  return (hostAliases ?? []).flatMap(({ ip, hostnames = [] }, index) => {
    const at = `${path}.hostAliases[${index}]`
    return [
      ...ipErrors(ip, `${at}.ip`),
      ...hostnames.flatMap((name, i) => named(`${at}.hostnames[${i}]`, name, subdomainErrors(name))),
    ]
  })
}

/** Priority class, runtime class, preemption policy and overhead. */
export function classErrors(spec: FullPodSpec, path: string): readonly string[] {
  const { priorityClassName, runtimeClassName, preemptionPolicy, overhead } = spec
  const errors: string[] = [...ifGiven(priorityClassName, `${path}.priorityClassName`, subdomainErrors)]
  if (runtimeClassName !== undefined) {
    errors.push(...named(`${path}.runtimeClassName`, runtimeClassName, subdomainErrors(runtimeClassName)))
  }
  if (preemptionPolicy !== undefined) {
    errors.push(...choiceErrors(preemptionPolicy, `${path}.preemptionPolicy`, PREEMPTION_POLICIES))
  }
  if (overhead !== undefined) {
    errors.push(...resourcesErrors({ limits: overhead }, `${path}.overhead`, containerResourceErrors, []))
  }
  return errors
}

/** The operating system, and what it rules out. */
export function osErrors(spec: FullPodSpec, path: string): readonly string[] {
  if (spec.os === undefined) return []
  const { name } = spec.os
  if (name === '') return [required(`${path}.os.name`)]
  if (name === 'linux') return linuxErrors(spec, path)
  return name === 'windows' ? windowsErrors(spec, path) : [notSupported(`${path}.os`, name, ['linux', 'windows'])]
}

function linuxErrors(spec: FullPodSpec, path: string): readonly string[] {
  const rule = 'windows options cannot be set for a linux pod'
  const errors: string[] = []
  if (spec.securityContext?.windowsOptions !== undefined) {
    errors.push(forbidden(`${path}.securityContext.windowsOptions`, rule))
  }
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach(({ securityContext }, index) => {
      if (securityContext?.windowsOptions === undefined) return
      errors.push(forbidden(`${path}.${list}[${index}].securityContext.windowsOptions`, rule))
    })
  }
  return errors
}

function windowsErrors(spec: FullPodSpec, path: string): readonly string[] {
  const rule = 'cannot be set for a windows pod'
  const errors: string[] = []
  const context = spec.securityContext ?? {}
  const at = `${path}.securityContext`
  const refuse = (present: boolean, where: string): void => {
    if (present) errors.push(forbidden(where, rule))
  }
  refuse(context.appArmorProfile !== undefined, `${at}.appArmorProfile`)
  refuse(context.seLinuxOptions !== undefined, `${at}.seLinuxOptions`)
  refuse(spec.hostUsers !== undefined, `${path}.hostUsers`)
  refuse(spec.hostPID === true, `${path}.hostPID`)
  refuse(spec.hostIPC === true, `${path}.hostIPC`)
  refuse(context.seccompProfile !== undefined, `${at}.seccompProfile`)
  refuse(context.fsGroup !== undefined, `${at}.fsGroup`)
  refuse(context.fsGroupChangePolicy !== undefined, `${at}.fsGroupChangePolicy`)
  refuse((context.sysctls ?? []).length > 0, `${at}.sysctls`)
  refuse(spec.shareProcessNamespace !== undefined, `${path}.shareProcessNamespace`)
  refuse(context.runAsUser !== undefined, `${at}.runAsUser`)
  refuse(context.runAsGroup !== undefined, `${at}.runAsGroup`)
  refuse(context.supplementalGroups !== undefined, `${at}.supplementalGroups`)
  refuse(context.supplementalGroupsPolicy !== undefined, `${at}.supplementalGroupsPolicy`)
  refuse(context.seLinuxChangePolicy !== undefined, `${at}.seLinuxChangePolicy`)
  const fields = [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ] as const
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach(({ securityContext }, index) => {
      for (const field of fields) {
        refuse(securityContext?.[field] !== undefined, `${path}.${list}[${index}].securityContext.${field}`)
      }
    })
  }
  return errors
}

/** Variables from files must name an empty directory. */
export function fileVolumeErrors(spec: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach(({ env }, container) => {
      env?.forEach(({ valueFrom }, index) => {
        const name = valueFrom?.fileKeyRef?.volumeName
        if (name === undefined) return
        const at = `${path}.${list}[${container}].env[${index}].valueFrom.fileKeyRef.volumeName`
        const volume = spec.volumes?.findLast(each => each.name === name)
        if (volume === undefined) errors.push(notFound(at, name))
        else if (volume['emptyDir'] === undefined) {
          errors.push(invalid(at, name, 'referenced volume must be of type emptyDir'))
        }
      })
    })
  }
  return errors
}

function ifGiven(
  text: string | undefined,
  path: string,
  complaintsOf: (text: string) => readonly string[],
): readonly string[] {
  return text ? named(path, text, complaintsOf(text)) : []
}

function choiceErrors(value: string, path: string, choices: readonly string[]): readonly string[] {
  if (value === '') return [required(path)]
  return choices.includes(value) ? [] : [notSupported(path, value, choices)]
}

function ipErrors(text: string, path: string): readonly string[] {
  return isIpAddress(text) ? [] : [invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
}
