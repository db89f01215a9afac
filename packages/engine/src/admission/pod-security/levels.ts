import type { StringMap } from '../../api/meta.ts'
import { invalid } from '../field-errors.ts'

type SecurityLevel = 'privileged' | 'baseline' | 'restricted'

/** What a namespace enforces. `minor` is that of the policy's version, undefined for the latest. */
export interface EnforcedPolicy {
  readonly level: SecurityLevel
  readonly minor: number | undefined
}

const PREFIX = 'pod-security.kubernetes.io/'
const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted']

/**
 * The policy that the namespace's labels enforce: by default none, and the strictest of the newest version where a label makes no
 * sense (`PolicyToEvaluate`, pod-security-admission `api/helpers.go`, v0.36.2).
 */
export function enforcedPolicy(labels: StringMap | undefined): EnforcedPolicy {
  const level = labels?.[`${PREFIX}enforce`]
  const version = labels?.[`${PREFIX}enforce-version`]
  return {
    level: level === undefined ? 'privileged' : LEVELS.includes(level) ? (level as SecurityLevel) : 'restricted',
    minor: version === undefined ? undefined : minorOf(version),
  }
}

/** `restricted:latest` or `baseline:v1.30`. */
export function policyText({ level, minor }: EnforcedPolicy): string {
  return `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`
}

/** Field errors of a namespace's Pod Security labels, in the order in which they are read. */
export function securityLabelErrors(labels: StringMap | undefined): readonly string[] {
  const errors: string[] = []
  for (const mode of ['enforce', 'audit', 'warn']) {
    const level = labels?.[PREFIX + mode]
    if (level !== undefined && !LEVELS.includes(level)) {
      errors.push(invalid(`metadata.labels[${PREFIX}${mode}]`, level, `must be one of ${LEVELS.join(', ')}`))
    }
    const version = labels?.[`${PREFIX}${mode}-version`]
    if (version !== undefined && version !== 'latest' && minorOf(version) === undefined) {
      errors.push(invalid(`metadata.labels[${PREFIX}${mode}-version]`, version, 'must be "latest" or "v1.x"'))
    }
  }
  return errors
}

function minorOf(version: string): number | undefined {
  const match = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(version)
  return match === null ? undefined : Number(match[1])
}
