import type { ObjectMeta } from '../../api/meta.ts'
import { utf8Length } from '../../go-text.ts'
import { forbidden, invalid, required, tooLong } from '../field-errors.ts'
import { byText, type Json } from '../json.ts'
import { dnsLabelErrors, labelsErrors, maskTrailingDash, named, qualifiedNameErrors } from '../names.ts'

const MAX_ANNOTATIONS = 256 * 1024
/** Finalizers that need no domain. */
const STANDARD: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** How an object's name and namespace are checked. */
interface MetadataRules {
  readonly namespaced: boolean
  readonly nameErrors: (name: string) => readonly string[]
  /** True where finalizers need no domain, even if Kubernetes does not know them. */
  readonly anyFinalizer?: boolean
}

/** Field errors of `metadata` on creation, names having been generated (`ValidateObjectMeta`, apimachinery `pkg/api/validation/objectmeta.go`, v0.36.2). */
export function metadataErrors(metadata: ObjectMeta, rules: MetadataRules): readonly string[] {
  const errors: string[] = []
  const { generateName, name = '', namespace, generation } = metadata
  if (generateName) {
    errors.push(...named('metadata.generateName', generateName, rules.nameErrors(maskTrailingDash(generateName))))
  }
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'))
  else errors.push(...named('metadata.name', name, rules.nameErrors(name)))
  if (rules.namespaced) {
    if (namespace) errors.push(...named('metadata.namespace', namespace, dnsLabelErrors(namespace)))
    else errors.push(required('metadata.namespace'))
  } else if (namespace) errors.push(forbidden('metadata.namespace', 'not allowed on this type'))
  if (generation !== undefined && generation < 0) {
    errors.push(invalid('metadata.generation', generation, 'must be greater than or equal to 0'))
  }
  errors.push(...labelsErrors(metadata.labels, 'metadata.labels'))
  errors.push(...annotationsErrors(metadata.annotations, 'metadata.annotations'))
  errors.push(...ownerErrors(metadata.ownerReferences ?? []))
  errors.push(...finalizerErrors(metadata.finalizers ?? [], rules.anyFinalizer === true))
  return errors
}

/** Field errors of annotations: keys without regard to case, and their size together. */
export function annotationsErrors(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): readonly string[] {
  const errors: string[] = []
  let size = 0
  for (const key of Object.keys(annotations ?? {}).sort(byText)) {
    errors.push(...named(path, key, qualifiedNameErrors(key.toLowerCase())))
    size += utf8Length(key) + utf8Length(annotations?.[key] ?? '')
  }
  if (size > MAX_ANNOTATIONS) errors.push(tooLong(path, MAX_ANNOTATIONS))
  return errors
}

function ownerErrors(owners: NonNullable<ObjectMeta['ownerReferences']>): readonly string[] {
  const path = 'metadata.ownerReferences'
  const errors: string[] = []
  let controller: string | undefined
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner
    // Text with more than one slash has no version.
    const version = apiVersion.split('/').length > 2 ? '' : (apiVersion.split('/').at(-1) ?? '')
    if (version === '') errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'))
    if (kind === '') errors.push(invalid(`${path}.kind`, kind, 'must not be empty'))
    if (name === '') errors.push(invalid(`${path}.name`, name, 'must not be empty'))
    if (uid === '') errors.push(invalid(`${path}.uid`, uid, 'must not be empty'))
    if (apiVersion === 'v1' && kind === 'Event') {
      errors.push(invalid(path, ownerJson(owner), '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (owner.controller !== true) continue
    const current = `${kind}/${name}`
    if (controller === undefined) controller = current
    else {
      const found = `Found "true" in references for ${controller} and ${current}`
      const rule = `Only one reference can have Controller set to true. ${found}`
      errors.push(invalid(path, owners.map(ownerJson), rule))
    }
  }
  return errors
}

/** In the order of the fields in Go. */
function ownerJson(owner: NonNullable<ObjectMeta['ownerReferences']>[number]): Json {
  const { apiVersion = '', kind = '', name = '', uid = '', controller } = owner
  const { blockOwnerDeletion } = owner as { readonly blockOwnerDeletion?: boolean }
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...(controller === undefined ? {} : { controller }),
    ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
  }
}

function finalizerErrors(finalizers: readonly string[], isAny: boolean): readonly string[] {
  const path = 'metadata.finalizers'
  const errors: string[] = finalizers.flatMap(name => named(path, name, qualifiedNameErrors(name)))
  if (finalizers.includes('foregroundDeletion') && finalizers.includes('orphan')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  const rule = 'name is neither a standard finalizer name nor is it fully qualified'
  finalizers.forEach((name, index) => {
    if (!isAny && !name.includes('/') && !STANDARD.has(name)) errors.push(invalid(`${path}[${index}]`, name, rule))
  })
  return errors
}
