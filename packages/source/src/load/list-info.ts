import {
  CODED_STRING,
  endOf,
  memberBetween,
  memberOf,
  nextOf,
  OBJECT,
  STRING,
  startOf,
  type Tape,
  typeOf,
} from '../json/tape.ts'

/** What a list says of itself. */
export interface ListInfo {
  readonly apiVersion?: string
  readonly kind?: string
  readonly annotations: ReadonlyMap<string, string>
}

export const NO_INFO: ListInfo = { annotations: new Map() }

/** Reads the members of a list object between two tokens, its items left aside. */
export function listInfo(tape: Tape, from: number, to: number): ListInfo {
  const apiVersion = plainText(tape, memberBetween(tape, from, to, 'apiVersion'))
  const kind = plainText(tape, memberBetween(tape, from, to, 'kind'))
  const metadata = memberBetween(tape, from, to, 'metadata')
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    annotations: metadata === undefined ? new Map() : annotationsOf(tape, metadata),
  }
}

export function mergeInfo(head: ListInfo, tail: ListInfo): ListInfo {
  return { ...head, ...tail, annotations: new Map([...head.annotations, ...tail.annotations]) }
}

function annotationsOf(tape: Tape, metadata: number): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const annotations = memberOf(tape, metadata, 'annotations')
  if (annotations === undefined || typeOf(tape, annotations) !== OBJECT) return texts
  const end = nextOf(tape, annotations)
  for (let key = annotations + 1; key < end; key = nextOf(tape, key + 1)) {
    const name = plainText(tape, key)
    const value = plainText(tape, key + 1)
    if (name !== undefined && value !== undefined) texts.set(name, value)
  }
  return texts
}

const DECODER = new TextDecoder()

/** The text of a string token; `undefined` for all else. */
export function plainText(tape: Tape, token: number | undefined): string | undefined {
  if (token === undefined) return undefined
  const type = typeOf(tape, token)
  if (type !== STRING && type !== CODED_STRING) return undefined
  const raw = DECODER.decode(tape.bytes.subarray(startOf(tape, token), endOf(tape, token)))
  if (type === STRING) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return raw
  }
}
