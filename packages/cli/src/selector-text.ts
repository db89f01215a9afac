import type { LabelSelector, SelectorRequirement } from '@everynode/engine'

/** A label selector as kubectl's `-l` takes it: `a=b,c!=d,e in (f,g),h notin (i),j,!k` (apimachinery labels.Parse, v1.36.2). */
export function parseSelector(text: string): { readonly selector: LabelSelector } | { readonly problem: string } {
  const matchExpressions: SelectorRequirement[] = []
  for (const part of splitOutsideParentheses(text)) {
    const requirement = parseRequirement(part.trim())
    if (requirement === undefined)
      return {
        problem: `"${part.trim()}" is no requirement; write key=value, key!=value, key in (a,b), key notin (a,b), key or !key`,
      }
    matchExpressions.push(requirement)
  }
  return { selector: { matchExpressions } }
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
}

const KEY = '[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?'
const VALUE = '[A-Za-z0-9._-]*'
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const EQUALITY = new RegExp(`^(${KEY})\\s*(==?|!=)\\s*(${VALUE})$`)
const PRESENCE = new RegExp(`^(!?)\\s*(${KEY})$`)

function parseRequirement(part: string): SelectorRequirement | undefined {
  const set = SET.exec(part)
  if (set)
    return {
      key: set[1] ?? '',
      operator: set[2] === 'in' ? 'In' : 'NotIn',
      values: (set[3] ?? '').split(',').map(value => value.trim()),
    }
  const equality = EQUALITY.exec(part)
  if (equality)
    return { key: equality[1] ?? '', operator: equality[2] === '!=' ? 'NotIn' : 'In', values: [equality[3] ?? ''] }
  const presence = PRESENCE.exec(part)
  if (presence) return { key: presence[2] ?? '', operator: presence[1] === '!' ? 'DoesNotExist' : 'Exists' }
  return undefined
}

/** Does the selector match? Every requirement must; an absent label matches `!=`, `notin` and `!key` (labels.Requirement.Matches). */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    if (operator === 'In') return value !== undefined && values.includes(value)
    if (operator === 'NotIn') return value === undefined || !values.includes(value)
    return (operator === 'Exists') === (value !== undefined)
  })
}
