import { passScalar, passSpace } from './go-json.ts'
import { setOwn } from './own-property.ts'
import type { JsonValue } from './types.ts'

/** A whole number that may be beyond 2^53: JSON.parse would round it. */
const LONG_NUMBER = /[0-9]{16}/
const WHOLE = /^-?[0-9]+$/
const PUNCTUATION: ReadonlySet<string> = new Set('[]{},:')

/** The value of a valid JSON text, as JSON.parse gives it, but with whole numbers beyond 2^53 as bigints. */
export function parseJsonExactly(text: string): JsonValue {
  return LONG_NUMBER.test(text) ? new ExactReader(text).read() : (JSON.parse(text) as JsonValue)
}

type Open = { readonly list: JsonValue[] } | { readonly object: { [key: string]: JsonValue }; key: string | undefined }

class ExactReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): JsonValue {
    const stack: Open[] = []
    for (;;) {
      const token = this.#next()
      const top = stack.at(-1)
      let value: JsonValue
      if (token === ',' || token === ':') continue
      if (token === '[') {
        stack.push({ list: [] })
        continue
      }
      if (token === '{') {
        stack.push({ object: {}, key: undefined })
        continue
      }
      if (token === ']' || token === '}') {
        stack.pop()
        value = top === undefined ? null : 'list' in top ? top.list : top.object
      } else if (top !== undefined && 'object' in top && top.key === undefined) {
        top.key = JSON.parse(token) as string
        continue
      } else value = scalarOf(token)
      const parent = stack.at(-1)
      if (parent === undefined) return value
      if ('list' in parent) parent.list.push(value)
      else {
        setOwn(parent.object, parent.key ?? '', value)
        parent.key = undefined
      }
    }
  }

  #next(): string {
    const start = passSpace(this.#text, this.#at)
    const first = this.#text[start] ?? ''
    this.#at = PUNCTUATION.has(first) ? start + 1 : passScalar(this.#text, start)
    return this.#text.slice(start, this.#at)
  }
}

function scalarOf(token: string): JsonValue {
  const value = JSON.parse(token) as JsonValue
  return typeof value === 'number' && !Number.isSafeInteger(value) && WHOLE.test(token) ? BigInt(token) : value
}
