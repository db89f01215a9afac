import { allContainers, type FullPodSpec } from '../pod-model.ts'
import { hasOwnUsers, isConfined, procMountDetail, seccompViolation } from './baseline.ts'
import type { SecurityCheck, Violation } from './check.ts'
import { distinct, listed, namesWhere, quoted, setters, uses } from './containers.ts'

// Checks that the restricted level adds (pod-security-admission `policy/check_*.go`, v0.36.2).

const VOLUMES: readonly string[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]
const OTHER_VOLUMES: readonly string[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
]

const isWindows = (spec: FullPodSpec): boolean => spec.os?.name === 'windows'

/** In the order of their ids, which is that of the server's text. */
export const RESTRICTED: readonly SecurityCheck[] = [
  {
    id: 'allowPrivilegeEscalation',
    versions: [
      { since: 8, check: (_, spec) => escalation(spec) },
      { since: 25, check: (_, spec) => (isWindows(spec) ? undefined : escalation(spec)) },
    ],
  },
  {
    id: 'capabilities_restricted',
    overrides: ['capabilities_baseline'],
    versions: [
      { since: 22, check: (_, spec) => capabilities(spec) },
      { since: 25, check: (_, spec) => (isWindows(spec) ? undefined : capabilities(spec)) },
    ],
  },
  {
    id: 'procMount_restricted',
    overrides: ['procMount'],
    versions: [
      {
        since: 35,
        check: (_, spec) => {
          const detail = procMountDetail(spec)
          return detail === undefined ? undefined : { reason: 'procMount', detail }
        },
      },
    ],
  },
  {
    id: 'restrictedVolumes',
    overrides: ['hostPathVolumes'],
    versions: [{ since: 0, check: (_, spec) => volumes(spec) }],
  },
  {
    id: 'runAsNonRoot',
    versions: [
      { since: 0, check: (_, spec) => nonRoot(spec) },
      { since: 35, check: (_, spec) => (hasOwnUsers(spec) ? undefined : nonRoot(spec)) },
    ],
  },
  {
    id: 'runAsUser',
    versions: [
      { since: 23, check: (_, spec) => rootUser(spec) },
      { since: 35, check: (_, spec) => (hasOwnUsers(spec) ? undefined : rootUser(spec)) },
    ],
  },
  {
    id: 'seccompProfile_restricted',
    overrides: ['seccompProfile_baseline'],
    versions: [
      { since: 19, check: (_, spec) => seccomp(spec) },
      { since: 25, check: (_, spec) => (isWindows(spec) ? undefined : seccomp(spec)) },
    ],
  },
]

function escalation(spec: FullPodSpec): Violation | undefined {
  const bad = namesWhere(spec, ({ securityContext: context }) => context?.allowPrivilegeEscalation !== false)
  if (bad.length === 0) return undefined
  const detail = `${listed('container', bad)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: 'allowPrivilegeEscalation != false', detail }
}

function capabilities(spec: FullPodSpec): Violation | undefined {
  const isForbidden = (name: string): boolean => name !== 'NET_BIND_SERVICE'
  const keeping = namesWhere(spec, each => !(each.securityContext?.capabilities?.drop ?? []).includes('ALL'))
  const adding = namesWhere(spec, each => (each.securityContext?.capabilities?.add ?? []).some(isForbidden))
  const details: string[] = []
  if (keeping.length > 0)
    details.push(`${listed('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`)
  if (adding.length > 0) {
    const added = allContainers(spec).flatMap(each => each.securityContext?.capabilities?.add ?? [])
    const names = quoted(distinct(added.filter(isForbidden)))
    details.push(`${listed('container', adding)} must not include ${names} in securityContext.capabilities.add`)
  }
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

function volumes(spec: FullPodSpec): Violation | undefined {
  const bad = (spec.volumes ?? []).filter(volume => !VOLUMES.some(source => volume[source] !== undefined))
  if (bad.length === 0) return undefined
  const types = distinct(bad.map(volume => OTHER_VOLUMES.find(source => volume[source] !== undefined) ?? 'unknown'))
  const names = bad.map(({ name }) => name)
  return {
    reason: 'restricted volume types',
    detail: `${listed('volume', names)} ${uses(names.length)} ${listed('restricted volume type', types)}`,
  }
}

function nonRoot(spec: FullPodSpec): Violation | undefined {
  const ofPod = spec.securityContext?.runAsNonRoot
  const reason = 'runAsNonRoot != true'
  const who = setters(
    ofPod === false,
    namesWhere(spec, each => each.securityContext?.runAsNonRoot === false),
  )
  if (who.length > 0) return { reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false` }
  if (ofPod) return undefined
  const silent = namesWhere(spec, each => each.securityContext?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${listed('container', silent)} must set securityContext.runAsNonRoot=true` }
}

function rootUser(spec: FullPodSpec): Violation | undefined {
  const who = setters(
    spec.securityContext?.runAsUser === 0,
    namesWhere(spec, each => each.securityContext?.runAsUser === 0),
  )
  return who.length === 0
    ? undefined
    : { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` }
}

function seccomp(spec: FullPodSpec): Violation | undefined {
  const typeOf = (each: { readonly securityContext?: FullPodSpec['securityContext'] }): string | undefined =>
    each.securityContext?.seccompProfile?.type
  const explicit = seccompViolation(
    spec,
    namesWhere(spec, each => {
      const type = typeOf(each)
      return type !== undefined && !isConfined(type)
    }),
  )
  if (explicit !== undefined || typeOf(spec) !== undefined) return explicit
  const silent = namesWhere(spec, each => typeOf(each) === undefined)
  if (silent.length === 0) return undefined
  const detail = `pod or ${listed('container', silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`
  return { reason: 'seccompProfile', detail }
}
