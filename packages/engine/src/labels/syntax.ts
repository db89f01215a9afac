import { utf8Length } from '../go-text.ts'
import type { VersionDifferences } from '../versions.ts'

type LengthUnit = VersionDifferences['lengthUnit']

const MAX_NAME = 63
const MAX_PREFIX = 253

const NAME_REGEXP = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const NAME_ERROR = `${NAME_RULE} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME_REGEXP}')`
const VALUE_ERROR =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  `with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${NAME_REGEXP})?')`
const SUBDOMAIN_ERROR =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

/**
 * What is wrong with a label key or another qualified name, in the API server's words; empty if nothing is
 * (`content.IsLabelKey`, apimachinery `pkg/api/validate/content/kube.go`, v0.36.2). Noun and unit differ by version.
 */
export function labelKeyErrors(
  key: string,
  noun: VersionDifferences['labelKeyNoun'],
  unit: LengthUnit = 'bytes',
): readonly string[] {
  const parts = key.split('/', 3)
  if (parts.length === 3)
    return [`${noun} ${NAME_ERROR} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const errors: string[] = []
  const name = parts.at(-1) ?? ''
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') errors.push('prefix part must be non-empty')
    else errors.push(...subdomainErrors(prefix, unit).map(error => `prefix part ${error}`))
  }
  if (name === '') errors.push('name part must be non-empty')
  else if (utf8Length(name) > MAX_NAME) errors.push(`name part ${tooLong(MAX_NAME, unit)}`)
  if (!isName(name)) errors.push(`name part ${NAME_ERROR}`)
  return errors
}

/** What is wrong with a label value, in the API server's words (`content.IsLabelValue`, apimachinery v0.36.2). */
export function labelValueErrors(value: string, unit: LengthUnit = 'bytes'): readonly string[] {
  const errors: string[] = []
  if (value.length > MAX_NAME / 3 && utf8Length(value) > MAX_NAME) errors.push(tooLong(MAX_NAME, unit))
  if (value !== '' && !isName(value)) errors.push(VALUE_ERROR)
  return errors
}

/** What is wrong with an RFC 1123 subdomain, such as most object names (`content.IsDNS1123Subdomain`, apimachinery v0.36.2). */
export function subdomainErrors(text: string, unit: LengthUnit = 'bytes'): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > MAX_PREFIX) errors.push(tooLong(MAX_PREFIX, unit))
  if (!text.split('.').every(isDnsLabel)) errors.push(SUBDOMAIN_ERROR)
  return errors
}

function tooLong(bytes: number, unit: LengthUnit): string {
  return `must be no more than ${bytes} ${unit}`
}

// Loops rather than regular expressions: values of any size may come in, and a regular expression backtracks on its own stack.

function isName(text: string): boolean {
  const end = text.length
  if (end === 0 || !isAlphanumeric(text.charCodeAt(0)) || !isAlphanumeric(text.charCodeAt(end - 1))) return false
  for (let at = 1; at < end - 1; at++) {
    const code = text.charCodeAt(at)
    if (!isAlphanumeric(code) && code !== 45 && code !== 46 && code !== 95) return false
  }
  return true
}

function isDnsLabel(text: string): boolean {
  const end = text.length
  if (end === 0 || text.charCodeAt(0) === 45 || text.charCodeAt(end - 1) === 45) return false
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (!isDigit(code) && !(code >= 97 && code <= 122) && code !== 45) return false
  }
  return true
}

function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
