import type { ObjectMeta } from '../../api/meta.ts'
import { goQuote } from '../../go-text.ts'
import { forbidden, invalid } from '../field-errors.ts'
import { byText } from '../json.ts'
import type { FullContainer, FullPodSpec, FullSecurityContext } from '../pod-model.ts'
import { descendingPathErrors } from './paths.ts'

// Annotations that once said what the fields `seccompProfile` and `appArmorProfile` say now (kubernetes
// `pkg/apis/core/validation/validation.go`, v1.36.2).

type SecurityProfile = NonNullable<FullSecurityContext['appArmorProfile']>

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/'
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/'
const LOCALHOST = 'localhost/'
const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const

/** Field errors of the annotations themselves. */
export function profileAnnotationErrors(
  annotations: Readonly<Record<string, string>>,
  spec: FullPodSpec,
  path: string,
): readonly string[] {
  const names = new Set(LISTS.flatMap(list => (spec[list] ?? []).map(({ name }) => name)))
  const keys = Object.keys(annotations).toSorted(byText)
  const seccomp = keys.filter(key => key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER))
  const appArmor = keys.filter(key => key.startsWith(APP_ARMOR))
  return [
    ...seccomp.flatMap(key => seccompErrors(annotations[key] ?? '', `${path}.${key}`)),
    ...appArmor.flatMap(key => {
      const profile = annotations[key] ?? ''
      const name = key.slice(APP_ARMOR.length)
      const isKnown = ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith(LOCALHOST)
      const rule = `invalid AppArmor profile name: ${goQuote(profile)}`
      return [
        ...(names.has(name) ? [] : [invalid(`${path}[${key}]`, name, 'container not found')]),
        ...(isKnown ? [] : [invalid(`${path}[${key}]`, profile, rule)]),
      ]
    }),
  ]
}

function seccompErrors(profile: string, path: string): readonly string[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return []
  if (!profile.startsWith(LOCALHOST)) return [invalid(path, profile, 'must be a valid seccomp profile')]
  return descendingPathErrors(profile.slice(LOCALHOST.length), path)
}

/** Field errors where an annotation and the field say different things (`validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate`). */
export function profileMatchErrors(
  { annotations = {} }: ObjectMeta,
  spec: FullPodSpec,
  path: string,
): readonly string[] {
  const containers = LISTS.flatMap(list =>
    (spec[list] ?? []).map((container, index) => ({ container, at: `${path}.${list}[${index}].securityContext` })),
  )
  const own = spec.securityContext
  const seccomp = [
    ...mismatch('seccomp', annotations[SECCOMP_POD], own?.seccompProfile, `${path}.securityContext.seccompProfile`),
    ...containers.flatMap(({ container, at }) => {
      const annotation = annotations[SECCOMP_CONTAINER + container.name]
      return mismatch('seccomp', annotation, container.securityContext?.seccompProfile, `${at}.seccompProfile`)
    }),
  ]
  if (spec.os?.name === 'windows') return seccomp
  const appArmor = containers.flatMap(({ container, at }) => {
    const annotation = annotations[APP_ARMOR + container.name]
    const profile = container.securityContext?.appArmorProfile ?? own?.appArmorProfile
    return mismatch('apparmor', annotation, profile, `${at}.appArmorProfile`)
  })
  return [...seccomp, ...appArmor]
}

function mismatch(
  kind: 'seccomp' | 'apparmor',
  annotation: string | undefined,
  profile: SecurityProfile | undefined,
  path: string,
): readonly string[] {
  if (annotation === undefined || profile === undefined) return []
  const type = forbidden(`${path}.type`, `${kind} type in annotation and field must match`)
  switch (profile.type) {
    case 'Unconfined':
      return annotation === 'unconfined' ? [] : [type]
    case 'RuntimeDefault':
      return annotation === 'runtime/default' || (kind === 'seccomp' && annotation === 'docker/default') ? [] : [type]
    case 'Localhost':
      if (!annotation.startsWith(LOCALHOST)) return [type]
      return annotation.slice(LOCALHOST.length) === profile.localhostProfile
        ? []
        : [forbidden(`${path}.localhostProfile`, `${kind} profile in annotation and field must match`)]
    default:
      return []
  }
}

/** The pod's spec with AppArmor profiles of annotations in the containers' fields (`applyAppArmorVersionSkew`, kubernetes `pkg/registry/core/pod/strategy.go`, v1.36.2). */
export function withAppArmorFields({ annotations = {} }: ObjectMeta, spec: FullPodSpec): FullPodSpec {
  if (spec.os?.name === 'windows' || !Object.keys(annotations).some(key => key.startsWith(APP_ARMOR))) return spec
  const pod = spec.securityContext?.appArmorProfile
  const synced = (container: FullContainer): FullContainer => {
    const profile = profileOf(annotations[APP_ARMOR + container.name])
    if (profile === undefined || container.securityContext?.appArmorProfile !== undefined) return container
    if (pod?.type === profile.type && pod?.localhostProfile === profile.localhostProfile) return container
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } }
  }
  const { initContainers } = spec
  return {
    ...spec,
    containers: (spec.containers ?? []).map(synced),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(synced) }),
  }
}

function profileOf(annotation: string | undefined): SecurityProfile | undefined {
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' }
  if (annotation === 'unconfined') return { type: 'Unconfined' }
  const localhostProfile = annotation?.startsWith(LOCALHOST) ? annotation.slice(LOCALHOST.length) : ''
  if (localhostProfile === '' || localhostProfile !== localhostProfile.trim()) return undefined
  return { type: 'Localhost', localhostProfile }
}
