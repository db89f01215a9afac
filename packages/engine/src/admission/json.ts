/** A JSON value as it stands in an API object. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object whose fields only come to be read. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for an object that is neither an array nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether two values are the same JSON; the order of keys does not count, that of elements does. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, at) => sameJson(element, b[at]))
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => key in b && sameJson(a[key], b[key]))
}

/** Keys in the order of their UTF-16 units, which is where upstream walks a map in random order. */
export function sortedKeys(object: object | undefined): readonly string[] {
  return object === undefined ? [] : Object.keys(object).sort(byText)
}

/** Compares texts by UTF-16 units. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
