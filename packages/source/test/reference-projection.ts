import type { Shape } from '../src/project/shape.ts'

/** What a shape reads of a parsed value, in the most obvious way: no sharing, no checks, valid input only. */
export function reference(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return undefined
  switch (shape.kind) {
    case 'object': {
      const result: Record<string, unknown> = {}
      for (const [name, member] of Object.entries(value)) {
        const field = shape.names.indexOf(name)
        if (field >= 0) {
          const read = reference(member, shape.shapes[field]!)
          if (read !== undefined) result[name] = read
        } else if (shape.restAsPresence && isPlainObject(member)) result[name] = {}
      }
      return result
    }
    case 'list': {
      const elements = (value as readonly unknown[]).map(element => reference(element, shape.of))
      return elements.filter(element => element !== undefined && shape.drops?.(element) !== true)
    }
    case 'texts': {
      const { allows } = shape
      const entries = Object.entries(value).filter(([name]) => allows === undefined || allows(name))
      if (entries.length === 0 && allows !== undefined) return undefined
      return Object.fromEntries(entries.map(([name, text]) => [name, text ?? '']))
    }
    case 'quantities':
      return Object.fromEntries(Object.entries(value).map(([name, amount]) => [name, amount ?? '0']))
    case 'time':
      return shape.stored ? value : undefined
    case 'presence':
      return {}
    case 'text':
    case 'integer':
    case 'flag':
    case 'quantity':
    case 'countOrPercent':
      return value
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
