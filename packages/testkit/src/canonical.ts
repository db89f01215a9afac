/**
 * One text for one JSON value: keys sorted by UTF-16 units, no spaces, properties that are undefined left out, arrays in their order.
 * Numbers print by value (`1.0` is `1`), a bigint prints all its digits, and -0 stays `-0` as Go writes it. Throws on what JSON can't hold.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'bigint':
      return value.toString()
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`)
      return Object.is(value, -0) ? '-0' : String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `[${value.map(canonical).join(',')}]` : canonicalObject(value)
    default:
      throw new TypeError(`${typeof value} is not JSON`)
  }
}

function canonicalObject(value: object): string {
  if (!isPlain(value)) throw new TypeError(`a ${value.constructor.name} is not JSON`)
  const parts: string[] = []
  for (const key of Object.keys(value).sort(byUnits)) {
    const property = (value as Readonly<Record<string, unknown>>)[key]
    if (property !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(property)}`)
  }
  return `{${parts.join(',')}}`
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
