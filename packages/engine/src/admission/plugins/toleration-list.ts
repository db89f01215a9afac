import type { Toleration } from '../../api/core.ts'
import { parseInt64 } from '../../go-text.ts'
import { type GoJson, readGoJson } from '../go-json.ts'

type TolerationList =
  | { readonly kind: 'list'; readonly tolerations: readonly Toleration[] }
  | { readonly kind: 'error'; readonly text: string }

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['key', 'string'],
  ['operator', 'v1.TolerationOperator'],
  ['value', 'string'],
  ['effect', 'v1.TaintEffect'],
])
const SECONDS = 'tolerationSeconds'

/**
 * A list of tolerations from its JSON text, or the error that Go has for it: names of fields count in any case, unknown ones do
 * not, `null` says nothing (`json.Unmarshal`, Go 1.26 `encoding/json/decode.go`, into `[]v1.Toleration`).
 */
export function readTolerations(text: string): TolerationList {
  const json = readGoJson(text)
  if (json.kind === 'error') return json
  const { value } = json
  if (value.kind === 'null') return { kind: 'list', tolerations: [] }
  if (value.kind !== 'array') return { kind: 'error', text: mismatch(value.kind, 'value', '[]v1.Toleration') }
  const errors: string[] = []
  const tolerations = value.elements.map(element => readToleration(element, errors))
  const [first] = errors
  return first === undefined ? { kind: 'list', tolerations } : { kind: 'error', text: first }
}

function readToleration(value: GoJson, errors: string[]): Toleration {
  if (value.kind === 'null') return {}
  if (value.kind !== 'object') {
    errors.push(mismatch(value.kind, 'value', 'v1.Toleration'))
    return {}
  }
  const texts = new Map<string, string>()
  let seconds: number | undefined
  for (const [name, member] of value.members) {
    const field = fieldOf(name)
    if (field === undefined) continue
    const type = TEXTS.get(field)
    if (type === undefined) {
      if (member.kind === 'null') seconds = undefined
      else seconds = readSeconds(member, errors)
    } else if (member.kind === 'string') texts.set(field, member.text)
    else if (member.kind !== 'null') errors.push(mismatch(member.kind, `struct field Toleration.${field}`, type))
  }
  return {
    ...Object.fromEntries([...texts].filter(([, text]) => text !== '')),
    ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
  }
}

function readSeconds(value: GoJson, errors: string[]): number | undefined {
  const number = value.kind === 'number' ? parseInt64(value.literal) : undefined
  if (number !== undefined) return Number(number)
  const what = value.kind === 'number' ? `number ${value.literal}` : value.kind
  errors.push(mismatch(what, `struct field Toleration.${SECONDS}`, 'int64'))
  return undefined
}

/** The field of a name; letters fold as Unicode folds them, and two that are not ASCII fold to ASCII. */
function fieldOf(name: string): string | undefined {
  const folded = name.replaceAll('\u212a', 'k').replaceAll('\u017f', 's').toLowerCase()
  return [...TEXTS.keys(), SECONDS].find(field => field.toLowerCase() === folded)
}

function mismatch(what: string, place: string, type: string): string {
  return `json: cannot unmarshal ${what} into Go ${place} of type ${type}`
}
