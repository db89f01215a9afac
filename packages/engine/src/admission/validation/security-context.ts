import { invalid, notSupported, required, tooLong } from '../field-errors.ts'
import type { Json } from '../json.ts'
import { idErrors } from '../names.ts'
import { allContainers, type FullPodSpec, type FullSecurityContext } from '../pod-model.ts'
import { descendingPathErrors } from './paths.ts'
import { windowsErrors } from './windows-options.ts'

const PROFILE_TYPES: readonly string[] = ['Localhost', 'RuntimeDefault', 'Unconfined']
const PROC_MOUNTS: readonly string[] = ['Default', 'Unmasked']
const MAX_APP_ARMOR = 4_095
const MAX_SYSCTL = 253
const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const SYSCTL_PATTERN = new RegExp(`^${SYSCTL}$`)

/** Field errors of a container's security context (`ValidateSecurityContext`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2); privileged containers are allowed. */
export function securityContextErrors(
  context: FullSecurityContext | undefined,
  path: string,
  hostUsers: boolean,
): readonly string[] {
  if (context === undefined) return []
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context
  const errors: string[] = [...userErrors(context, path)]
  if (procMount !== undefined) {
    if (!PROC_MOUNTS.includes(procMount)) errors.push(notSupported(`${path}.procMount`, procMount, PROC_MOUNTS))
    if (hostUsers && procMount === 'Unmasked') {
      errors.push(invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'))
    }
  }
  errors.push(...seccompErrors(context, path))
  if (allowPrivilegeEscalation === false) {
    const contradiction = (other: string): string =>
      invalid(path, goContext(context), `cannot set \`allowPrivilegeEscalation\` to false and ${other}`)
    if (privileged) errors.push(contradiction('`privileged` to true'))
    for (const capability of capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') errors.push(contradiction('`capabilities.Add` CAP_SYS_ADMIN'))
    }
  }
  return [
    ...errors,
    ...windowsErrors(context.windowsOptions, `${path}.windowsOptions`),
    ...appArmorErrors(context, path),
  ]
}

/** Field errors of a pod's security context (`validatePodSpecSecurityContext`, same file). */
export function podSecurityContextErrors(spec: FullPodSpec, path: string): readonly string[] {
  const context = spec.securityContext
  if (context === undefined) return []
  const errors: string[] = []
  const { fsGroup, supplementalGroups = [] } = context
  if (fsGroup !== undefined) errors.push(...idComplaints(fsGroup, `${path}.fsGroup`))
  errors.push(...userErrors(context, path))
  supplementalGroups.forEach((group, index) => {
    errors.push(...idComplaints(group, `${path}.supplementalGroups[${index}]`))
  })
  if (spec.shareProcessNamespace && spec.hostPID) {
    const rule = 'ShareProcessNamespace and HostPID cannot both be enabled'
    errors.push(invalid(`${path}.shareProcessNamespace`, true, rule))
  }
  errors.push(...sysctlErrors(spec, `${path}.sysctls`))
  errors.push(...choiceErrors(context.fsGroupChangePolicy, `${path}.fsGroupChangePolicy`, ['Always', 'OnRootMismatch']))
  errors.push(
    ...seccompErrors(context, path),
    ...windowsErrors(context.windowsOptions, `${path}.windowsOptions`),
    ...appArmorErrors(context, path),
  )
  errors.push(
    ...choiceErrors(context.supplementalGroupsPolicy, `${path}.supplementalGroupsPolicy`, ['Merge', 'Strict']),
    ...choiceErrors(context.seLinuxChangePolicy, `${path}.seLinuxChangePolicy`, ['Recursive']),
  )
  return errors
}

/** Field errors of Windows host process containers (`validateWindowsHostProcessPod`, same file). */
export function hostProcessErrors(spec: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess
  const containers = allContainers(spec)
  let count = 0
  for (const [list, name] of [
    [spec.initContainers, 'initContainers'],
    [spec.containers, 'containers'],
  ] as const) {
    list?.forEach(({ securityContext }, index) => {
      const own = securityContext?.windowsOptions?.hostProcess
      if (ofPod !== undefined && own !== undefined && ofPod !== own) {
        const at = `${path}.${name}[${index}].securityContext.windowsOptions.hostProcess`
        errors.push(invalid(at, own, `pod hostProcess value must be identical if both are specified, was ${ofPod}`))
      }
      if (own ?? ofPod) count++
    })
  }
  if (count === 0) return errors
  if (count !== containers.length) {
    const rule = 'If pod contains any hostProcess containers then all containers must be HostProcess containers'
    errors.push(invalid(path, '', rule))
  }
  if (!spec.hostNetwork) {
    const rule = 'hostNetwork must be true if pod contains any hostProcess containers'
    errors.push(invalid(`${path}.hostNetwork`, false, rule))
  }
  return errors
}

function userErrors({ runAsUser, runAsGroup }: FullSecurityContext, path: string): readonly string[] {
  return [
    ...(runAsUser === undefined ? [] : idComplaints(runAsUser, `${path}.runAsUser`)),
    ...(runAsGroup === undefined ? [] : idComplaints(runAsGroup, `${path}.runAsGroup`)),
  ]
}

function idComplaints(id: number, path: string): readonly string[] {
  return idErrors(id).map(complaint => invalid(path, id, complaint))
}

function choiceErrors(value: string | undefined, path: string, choices: readonly string[]): readonly string[] {
  return value === undefined || choices.includes(value) ? [] : [notSupported(path, value, choices)]
}

function seccompErrors({ seccompProfile }: FullSecurityContext, path: string): readonly string[] {
  if (seccompProfile === undefined) return []
  const { type, localhostProfile } = seccompProfile
  const at = `${path}.seccompProfile`
  const errors: string[] = []
  if (type === '') errors.push(required(`${at}.type`, 'type is required when seccompProfile is set'))
  else errors.push(...choiceErrors(type, `${at}.type`, PROFILE_TYPES))
  if (type === 'Localhost') {
    if (localhostProfile === undefined) {
      errors.push(required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'))
    } else errors.push(...descendingPathErrors(localhostProfile, `${at}.localhostProfile`))
  } else if (localhostProfile !== undefined) {
    const value = { Type: type, LocalhostProfile: localhostProfile }
    errors.push(invalid(`${at}.localhostProfile`, value, 'can only be set when seccomp type is Localhost'))
  }
  return errors
}

function appArmorErrors({ appArmorProfile }: FullSecurityContext, path: string): readonly string[] {
  if (appArmorProfile === undefined) return []
  const { type, localhostProfile } = appArmorProfile
  const at = `${path}.appArmorProfile`
  const profile = `${at}.localhostProfile`
  switch (type) {
    case 'Localhost': {
      const needed = 'must be set when AppArmor type is Localhost'
      if (localhostProfile === undefined) return [required(profile, needed)]
      const trimmed = localhostProfile.trim()
      const errors: string[] = []
      if (trimmed !== localhostProfile) {
        errors.push(invalid(profile, localhostProfile, 'must not be padded with whitespace'))
      } else if (trimmed === '') errors.push(required(profile, needed))
      if (localhostProfile.length > MAX_APP_ARMOR) errors.push(tooLong(profile, MAX_APP_ARMOR))
      return errors
    }
    case 'RuntimeDefault':
    case 'Unconfined':
      if (localhostProfile === undefined) return []
      return [invalid(profile, localhostProfile, 'can only be set when AppArmor type is Localhost')]
    case '':
      return [required(`${at}.type`, 'type is required when appArmorProfile is set')]
    default:
      return [notSupported(`${at}.type`, type, PROFILE_TYPES)]
  }
}

function sysctlErrors(spec: FullPodSpec, path: string): readonly string[] {
  const errors: string[] = []
  const seen = new Set<string>()
  spec.securityContext?.sysctls?.forEach(({ name }, index) => {
    const at = `${path}[${index}].name`
    if (name === '') errors.push(required(at))
    else if (name.length > MAX_SYSCTL || !SYSCTL_PATTERN.test(name)) {
      errors.push(invalid(at, name, `must have at most ${MAX_SYSCTL} characters and match regex ^${SYSCTL}$`))
    } else if (seen.has(name)) errors.push(`${at}: Duplicate value: ${JSON.stringify(name)}`)
    const shared = sharedNamespace(name)
    if (spec.hostNetwork && shared === 'net') {
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"))
    } else if (spec.hostIPC && shared === 'ipc') {
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"))
    }
    seen.add(name)
  })
  return errors
}

/** The kernel namespace that a sysctl belongs to (kubernetes `staging/src/k8s.io/component-helpers/node/util/sysctl`, v1.36.2). */
function sharedNamespace(sysctl: string): 'net' | 'ipc' | undefined {
  const separator = /[./]/.exec(sysctl)?.[0]
  const name = separator === '/' ? sysctl.replaceAll(/[./]/g, rune => (rune === '/' ? '.' : '/')) : sysctl
  if (name.startsWith('net.')) return 'net'
  if (name === 'kernel.sem' || /^(kernel\.shm|kernel\.msg|fs\.mqueue\.)/.test(name)) return 'ipc'
  return undefined
}

/** A container's security context as Go prints the server's internal type: by the names of its fields. */
function goContext(context: FullSecurityContext): Json {
  const { capabilities, seLinuxOptions, windowsOptions, seccompProfile, appArmorProfile } = context
  const or = <T extends Json>(value: T | undefined): Json => value ?? null
  return {
    Capabilities: capabilities === undefined ? null : { Add: or(capabilities.add), Drop: or(capabilities.drop) },
    Privileged: or(context.privileged),
    SELinuxOptions:
      seLinuxOptions === undefined
        ? null
        : {
            User: seLinuxOptions.user ?? '',
            Role: seLinuxOptions.role ?? '',
            Type: seLinuxOptions.type ?? '',
            Level: seLinuxOptions.level ?? '',
          },
    WindowsOptions:
      windowsOptions === undefined
        ? null
        : {
            GMSACredentialSpecName: or(windowsOptions.gmsaCredentialSpecName),
            GMSACredentialSpec: or(windowsOptions.gmsaCredentialSpec),
            RunAsUserName: or(windowsOptions.runAsUserName),
            HostProcess: or(windowsOptions.hostProcess),
          },
    RunAsUser: or(context.runAsUser),
    RunAsGroup: or(context.runAsGroup),
    RunAsNonRoot: or(context.runAsNonRoot),
    ReadOnlyRootFilesystem: or(context.readOnlyRootFilesystem),
    AllowPrivilegeEscalation: or(context.allowPrivilegeEscalation),
    ProcMount: or(context.procMount),
    SeccompProfile:
      seccompProfile === undefined
        ? null
        : { Type: seccompProfile.type, LocalhostProfile: or(seccompProfile.localhostProfile) },
    AppArmorProfile:
      appArmorProfile === undefined
        ? null
        : { Type: appArmorProfile.type, LocalhostProfile: or(appArmorProfile.localhostProfile) },
  }
}
