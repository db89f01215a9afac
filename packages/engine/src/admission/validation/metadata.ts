import type { ObjectMeta } from '../../api/meta.ts'
import { utf8Length } from '../../go-text.ts'
import { forbidden, invalid, required, tooLong } from '../field-errors.ts'
import { byText } from '../json.ts'
import { dnsLabelErrors, labelsErrors, maskTrailingDash, named, qualifiedNameErrors } from '../names.ts'

const MAX_ANNOTATIONS = 256 * 1024

/** How an object's name and namespace are checked. */
export interface MetadataRules {
  readonly namespaced: boolean
  readonly nameErrors: (name: string) => readonly string[]
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
  errors.push(...finalizerErrors(metadata.finalizers ?? []))
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
  for (const { apiVersion = '', kind = '', name = '', uid = '' } of owners) {
    if (apiVersion === '') errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'))
    if (kind === '') errors.push(invalid(`${path}.kind`, kind, 'must not be empty'))
    if (name === '') errors.push(invalid(`${path}.name`, name, 'must not be empty'))
    if (uid === '') errors.push(invalid(`${path}.uid`, uid, 'must not be empty'))
  }
  return errors
}

function finalizerErrors(finalizers: readonly string[]): readonly string[] {
  return finalizers.flatMap(name => named('metadata.finalizers', name, qualifiedNameErrors(name)))
}
