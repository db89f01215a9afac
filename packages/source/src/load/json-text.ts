import type { JsonObject, JsonValue } from '../yaml/types.ts'

type Frame =
  | { readonly kind: 'list'; readonly items: readonly JsonValue[]; next: number }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly object: JsonObject; next: number }

/** JSON text of a value of any depth; whole numbers keep every digit. */
export function jsonText(value: JsonValue): string {
  const parts: string[] = []
  const frames: Frame[] = []
  const write = (item: JsonValue): void => {
    if (Array.isArray(item)) {
      parts.push('[')
      frames.push({ kind: 'list', items: item, next: 0 })
    } else if (typeof item === 'object' && item !== null) {
      const object = item as JsonObject
      parts.push('{')
      frames.push({ kind: 'object', keys: Object.keys(object), object, next: 0 })
    } else parts.push(typeof item === 'bigint' ? String(item) : JSON.stringify(item))
  }
  write(value)
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const index = frame.next++
    const length = frame.kind === 'list' ? frame.items.length : frame.keys.length
    if (index === length) {
      parts.push(frame.kind === 'list' ? ']' : '}')
      frames.pop()
      continue
    }
    if (index > 0) parts.push(',')
    if (frame.kind === 'list') write(frame.items[index]!)
    else {
      const key = frame.keys[index]!
      parts.push(JSON.stringify(key), ':')
      write(frame.object[key]!)
    }
  }
  return parts.join('')
}
