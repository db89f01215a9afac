import type { LabelSelector } from '../../api/meta.ts'
import { formatQuantity, quantitySign } from '../../quantity.ts'
import { forbidden, invalid, notSupported, required } from '../field-errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { labelsErrors, named, subdomainErrors } from '../names.ts'
import { quantity } from '../quantities.ts'
import { annotationsErrors } from './metadata.ts'
import { labelSelectorErrors } from './selectors.ts'

const ACCESS_MODES: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const VOLUME_MODES: readonly string[] = ['Block', 'Filesystem']

/** Field errors of the claim that an ephemeral volume makes, but for its data sources (`ValidatePersistentVolumeClaimTemplate`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function claimTemplateErrors(template: JsonObject, path: string): readonly string[] {
  const metadata = objectOf(template['metadata'])
  const spec = objectOf(template['spec'])
  const at = `${path}.spec`
  const errors: string[] = [
    ...annotationsErrors(textsOf(metadata['annotations']), `${path}.metadata.annotations`),
    ...labelsErrors(textsOf(metadata['labels']), `${path}.metadata.labels`),
  ]
  const modes = Array.isArray(spec['accessModes']) ? spec['accessModes'] : []
  if (modes.length === 0) errors.push(required(`${at}.accessModes`, 'at least 1 access mode is required'))
  const { selector } = spec
  if (isJsonObject(selector)) errors.push(...labelSelectorErrors(selector as LabelSelector, `${at}.selector`))
  for (const mode of modes) {
    if (!ACCESS_MODES.includes(String(mode))) errors.push(notSupported(`${at}.accessModes`, mode, ACCESS_MODES))
  }
  const others = modes.some(mode => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(String(mode)))
  if (modes.includes('ReadWriteOncePod') && others) {
    errors.push(forbidden(`${at}.accessModes`, 'may not use ReadWriteOncePod with other access modes'))
  }
  errors.push(
    ...storageErrors(objectOf(objectOf(spec['resources'])['requests'])['storage'], `${at}.resources[storage]`),
  )
  for (const name of ['storageClassName', 'volumeAttributesClassName']) {
    const value = spec[name]
    if (typeof value === 'string' && value !== '') errors.push(...named(`${at}.${name}`, value, subdomainErrors(value)))
  }
  const { volumeMode } = spec
  if (typeof volumeMode === 'string' && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(notSupported(`${at}.volumeMode`, volumeMode, VOLUME_MODES))
  }
  return errors
}

function storageErrors(storage: Json | undefined, path: string): readonly string[] {
  if (typeof storage !== 'string' && typeof storage !== 'number') return [required(path)]
  if (quantitySign(quantity(storage)) > 0) return []
  return [invalid(path, formatQuantity(quantity(storage)), 'must be greater than zero')]
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> {
  return objectOf(value) as Readonly<Record<string, string>>
}
