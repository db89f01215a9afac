import { utf8Length } from '../go-text.ts'
import { labelKeyErrors, labelValueErrors } from '../labels/syntax.ts'
import { invalid } from './field-errors.ts'

// What is wrong with names, in the API server's words (apimachinery `pkg/util/validation/validation.go` and
// `pkg/api/validation/generic.go`, v0.36.2). Each function answers a list that is empty if nothing is wrong.

const LABEL_FORMAT = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN_FORMAT = `${LABEL_FORMAT}(\\.${LABEL_FORMAT})*`
const UNDERSCORE_LABEL_FORMAT = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const UNDERSCORE_SUBDOMAIN_FORMAT = `${UNDERSCORE_LABEL_FORMAT}(\\.${UNDERSCORE_LABEL_FORMAT})*`
const MAX_LABEL = 63
const MAX_SUBDOMAIN = 253

/** The noun in errors about label keys; it differs by version. */
const KEY_NOUN = 'a valid label key'

/** RFC 1123 label: names of containers, volumes and namespaces. */
export function dnsLabelErrors(text: string): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > MAX_LABEL) errors.push(tooLong(MAX_LABEL))
  if (isDnsLabel(text)) return errors
  if (text.split('.').every(isDnsLabel)) errors.push('must not contain dots')
  else {
    errors.push(
      regexError(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        LABEL_FORMAT,
        'my-name',
        '123-abc',
      ),
    )
  }
  return errors
}

/** RFC 1123 subdomain: names of most objects. */
export function subdomainErrors(text: string): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > MAX_SUBDOMAIN) errors.push(tooLong(MAX_SUBDOMAIN))
  if (!text.split('.').every(isDnsLabel)) {
    errors.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        SUBDOMAIN_FORMAT,
        'example.com',
      ),
    )
  }
  return errors
}

/** RFC 1123 subdomain that may have underscores: DNS search paths. */
export function underscoreSubdomainErrors(text: string): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > MAX_SUBDOMAIN) errors.push(tooLong(MAX_SUBDOMAIN))
  if (!text.split('.').every(isUnderscoreLabel)) {
    errors.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
        UNDERSCORE_SUBDOMAIN_FORMAT,
        'example.com',
      ),
    )
  }
  return errors
}

/** The prefix of a generated name, whose last dash counts as a letter; upstream replaces one character too many. */
export function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix
}

/** Label key or another qualified name. */
export function qualifiedNameErrors(text: string): readonly string[] {
  return labelKeyErrors(text, KEY_NOUN)
}

/** Name of a container port. */
export function portNameErrors(text: string): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > 15) errors.push(tooLong(15))
  if (!/^[-a-z0-9]+$/.test(text)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(text)) errors.push('must contain at least one letter (a-z)')
  if (text.includes('--')) errors.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

/** Port number, which is never 0. */
export function portNumberErrors(port: number): readonly string[] {
  return rangeErrors(port, 1, 65_535)
}

/** User or group id. */
export function idErrors(id: number): readonly string[] {
  return rangeErrors(id, 0, 2_147_483_647)
}

/** `must be between LOW and HIGH, inclusive`. */
export function rangeErrors(value: number, low: number, high: number): readonly string[] {
  return value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`]
}

/** Name of an environment variable; all printable ASCII but `=` since 1.34. */
export function envNameErrors(text: string): readonly string[] {
  if (text === '') return ['environment variable name must be non-empty']
  if (/^[ -<>-~]+$/.test(text)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** Key of a ConfigMap or a Secret. */
export function configKeyErrors(text: string): readonly string[] {
  const errors: string[] = []
  if (utf8Length(text) > MAX_SUBDOMAIN) errors.push(tooLong(MAX_SUBDOMAIN))
  if (!/^[-._a-zA-Z0-9]+$/.test(text)) {
    errors.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    )
  }
  if (text === '.') errors.push("must not be '.'")
  else if (text === '..') errors.push("must not be '..'")
  else if (text.startsWith('..')) errors.push("must not start with '..'")
  return errors
}

/** A percentage such as `25%`. */
export function percentErrors(text: string): readonly string[] {
  if (/^[0-9]+%$/.test(text)) return []
  return [
    regexError("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%'),
  ]
}

/** Name of an HTTP header in a probe. */
export function headerNameErrors(text: string): readonly string[] {
  if (/^[-A-Za-z0-9]+$/.test(text)) return []
  return [
    regexError("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name'),
  ]
}

/** Field errors of labels: the path names the map, not the key (`ValidateLabels`, apimachinery `meta/v1/validation`, v0.36.2). */
export function labelsErrors(labels: Readonly<Record<string, string>> | undefined, path: string): readonly string[] {
  const errors: string[] = []
  for (const key of Object.keys(labels ?? {}).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const value = labels?.[key] ?? ''
    errors.push(...named(path, key, qualifiedNameErrors(key)), ...named(path, value, labelValueErrors(value)))
  }
  return errors
}

/** One `Invalid value` for each complaint about a text. */
export function named(path: string, text: string, complaints: readonly string[]): readonly string[] {
  return complaints.map(complaint => invalid(path, text, complaint))
}

function tooLong(characters: number): string {
  return `must be no more than ${characters} characters`
}

function regexError(rule: string, format: string, ...examples: readonly string[]): string {
  return `${rule} (e.g. ${examples.map(example => `'${example}', `).join(' or ')}regex used for validation is '${format}')`
}

function isDnsLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)
}

function isUnderscoreLabel(text: string): boolean {
  return /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(text)
}
