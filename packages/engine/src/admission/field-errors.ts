import { goJson, goQuote } from '../go-text.ts'
import { aggregate } from '../labels/field-error.ts'
import type { Json } from './json.ts'

// Texts of field errors, one function for each kind (apimachinery `pkg/util/validation/field/errors.go`, v0.36.2).
// A path is plain text such as `spec.containers[0].name`.

/** `path: Required value: detail`. */
export function required(path: string, detail = ''): string {
  return `${path}: Required value${after(detail)}`
}

/** `path: Forbidden: detail`. */
export function forbidden(path: string, detail: string): string {
  return `${path}: Forbidden: ${detail}`
}

/** `path: Invalid value: value: detail`; text is quoted, anything but a number or a boolean is printed as JSON. */
export function invalid(path: string, value: Json, detail: string): string {
  return `${path}: Invalid value: ${printed(value)}${after(detail)}`
}

/** `path: Unsupported value: "x": supported values: "a", "b"`. */
export function notSupported(path: string, value: Json, supported: readonly string[]): string {
  const text = typeof value === 'string' ? goJson(value) : printed(value)
  return `${path}: Unsupported value: ${text}: supported values: ${supported.map(goQuote).join(', ')}`
}

/** `path: Duplicate value: value`. */
export function duplicate(path: string, value: Json): string {
  return `${path}: Duplicate value: ${printed(value)}`
}

/** `path: Not found: value`. */
export function notFound(path: string, value: Json, detail = ''): string {
  return `${path}: Not found: ${printed(value)}${after(detail)}`
}

/** `path: Too long: may not be more than N bytes`. */
export function tooLong(path: string, bytes: number): string {
  return `${path}: Too long: may not be more than ${bytes} bytes`
}

/** `path: Too many: actual: must have at most N items`. */
export function tooMany(path: string, actual: number, max: number): string {
  return `${path}: Too many: ${actual}: must have at most ${max} ${max === 1 ? 'item' : 'items'}`
}

/** `Kind.group "name" is invalid: …` around field errors, of which equal ones are told once (`NewInvalid`, apimachinery `pkg/api/errors/errors.go`, v0.36.2). */
export function invalidObject(kind: string, name: string, errors: readonly string[]): string {
  return `${kind} ${goQuote(name)} is invalid: ${aggregate(errors) ?? ''}`
}

/** `resources "name" is forbidden: …`; without a name the quotes are missing too (`NewForbidden`, same file). */
export function forbiddenObject(resource: string, name: string, reason: string): string {
  return name === '' ? `${resource} is forbidden: ${reason}` : `${resource} ${goQuote(name)} is forbidden: ${reason}`
}

function after(detail: string): string {
  return detail === '' ? '' : `: ${detail}`
}

function printed(value: Json): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? goQuote(value) : jsonText(value)
}

/** Map keys are sorted, as Go's encoder does with maps; of structs the caller gives the keys in the order of their fields. */
function jsonText(value: Json): string {
  return escapeHtml(JSON.stringify(value))
}

function escapeHtml(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, rune => goJson(rune).slice(1, -1))
}

/** An object with its keys sorted, for error texts that print a Go map. */
export function sortedObject(object: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(
    Object.keys(object)
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      .map(key => [key, object[key] as Json]),
  )
}
