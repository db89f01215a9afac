import { invalid, required } from '../field-errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { fieldRefErrors, resourceRefErrors } from './env.ts'
import { localPathErrors } from './paths.ts'

// Files that volumes bring into a container (`validateKeyToPath`, `validateDownwardAPIVolumeFile`, kubernetes
// `pkg/apis/core/validation/validation.go`, v1.36.2).

const FILE_MODE = 'must be a number between 0 and 0777 (octal), both inclusive'

/** Field errors of `items`: which keys go into which files. */
export function itemsErrors(source: JsonObject, path: string): readonly string[] {
  return objects(source['items']).flatMap((item, index) => keyToPathErrors(item, `${path}.items[${index}]`))
}

/** Field errors of one of `items`. */
export function keyToPathErrors(item: JsonObject, path: string): readonly string[] {
  return [
    ...needed(item, 'key', path),
    ...needed(item, 'path', path),
    ...localPathErrors(textOf(item, 'path'), `${path}.path`),
    ...modeErrors(item, 'mode', path),
  ]
}

/** Field errors of a file that tells something of the pod. */
export function downwardFileErrors(item: JsonObject, path: string): readonly string[] {
  const errors: string[] = [...needed(item, 'path', path), ...localPathErrors(textOf(item, 'path'), `${path}.path`)]
  const { fieldRef, resourceFieldRef } = item
  if (isJsonObject(fieldRef)) {
    errors.push(...fieldRefErrors(referenceOf(fieldRef), 'volume', `${path}.fieldRef`))
    if (resourceFieldRef !== undefined) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    }
  } else if (isJsonObject(resourceFieldRef)) {
    const divisor = resourceFieldRef['divisor']
    const reference = {
      containerName: textOf(resourceFieldRef, 'containerName'),
      resource: textOf(resourceFieldRef, 'resource'),
      ...(typeof divisor === 'string' || typeof divisor === 'number' ? { divisor } : {}),
    }
    errors.push(...resourceRefErrors(reference, `${path}.resourceFieldRef`, true))
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  return [...errors, ...modeErrors(item, 'mode', path)]
}

/** Field errors of a mode of files. */
export function modeErrors(source: JsonObject, name: string, path: string): readonly string[] {
  const mode = source[name]
  if (typeof mode !== 'number' || (mode >= 0 && mode <= 0o777)) return []
  return [invalid(`${path}.${name}`, mode, FILE_MODE)]
}

/** An error if the text is missing. */
export function needed(source: JsonObject, name: string, path: string): readonly string[] {
  return textOf(source, name) === '' ? [required(`${path}.${name}`)] : []
}

/** The text of a field, and `''` for everything else. */
export function textOf(source: JsonObject, name: string): string {
  const value = source[name]
  return typeof value === 'string' ? value : ''
}

/** The objects of a list. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

function referenceOf(fieldRef: JsonObject): { readonly apiVersion?: string; readonly fieldPath: string } {
  const apiVersion = textOf(fieldRef, 'apiVersion')
  return { fieldPath: textOf(fieldRef, 'fieldPath'), ...(apiVersion === '' ? {} : { apiVersion }) }
}
