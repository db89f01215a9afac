import { utf8Length } from '../../go-text.ts'
import { invalid } from '../field-errors.ts'
import { named, subdomainErrors } from '../names.ts'
import type { FullSecurityContext } from '../pod-model.ts'

const MAX_SPEC = 64 * 1024
const MAX_DOMAIN = 256
const MAX_USER = 104
const CONTROL = /\p{Cc}/u
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`)

/** Field errors of `windowsOptions` (`validateWindowsSecurityContextOptions`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function windowsErrors(options: FullSecurityContext['windowsOptions'], path: string): readonly string[] {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options ?? {}
  const errors: string[] = []
  if (name !== undefined) errors.push(...named(`${path}.gmsaCredentialSpecName`, name, subdomainErrors(name)))
  if (spec === '') {
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'))
  } else if (spec !== undefined && utf8Length(spec) > MAX_SPEC) {
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB'))
  }
  if (user === undefined) return errors
  return [
    ...errors,
    ...userComplaints(user).map(rule => invalid(`${path}.runAsUserName`, user, `runAsUserName${rule}`)),
  ]
}

/** A user may come with a domain: `DOMAIN\user`. */
function userComplaints(text: string): readonly string[] {
  if (text === '') return [' cannot be an empty string']
  if (CONTROL.test(text)) return [' cannot contain control characters']
  const parts = text.split('\\')
  if (parts.length > 2) return [' cannot contain more than one backslash']
  const user = parts.at(-1) ?? ''
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined
  const length = utf8Length(user)
  const complaints: string[] = []
  if (utf8Length(domain ?? '') >= MAX_DOMAIN) complaints.push(`'s Domain length must be under ${MAX_DOMAIN} characters`)
  if (domain !== undefined && !NETBIOS.test(domain) && !DOMAIN.test(domain)) {
    complaints.push("'s Domain doesn't match the NetBios nor the DNS format")
  }
  if (length === 0) complaints.push("'s User cannot be empty")
  else if (length > MAX_USER) complaints.push(`'s User length must not be longer than ${MAX_USER} characters`)
  if (/^[. ]+$/.test(user)) complaints.push("'s User cannot contain only periods or spaces")
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    complaints.push(`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`)
  }
  return complaints
}
