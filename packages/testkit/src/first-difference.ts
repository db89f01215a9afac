import { canonical } from './canonical.ts'

/** The path of the first place where two JSON values differ, with both sides: `.nodes[2].code: expected "Fits", got nothing`. */
export function firstDifference(expect: unknown, got: unknown, path = ''): string {
  if (Array.isArray(expect) && Array.isArray(got)) {
    const at = Array.from({ length: Math.max(expect.length, got.length) }, (_, i) => i).find(
      i => !same(expect[i], got[i]),
    )
    if (at !== undefined) return firstDifference(expect[at], got[at], `${path}[${at}]`)
  } else if (isObject(expect) && isObject(got)) {
    const at = [...new Set([...Object.keys(expect), ...Object.keys(got)])].find(key => !same(expect[key], got[key]))
    if (at !== undefined)
      return firstDifference(expect[at], got[at], /^\w+$/.test(at) ? `${path}.${at}` : `${path}[${JSON.stringify(at)}]`)
  }
  return `${path === '' ? 'the answer' : path}: expected ${show(expect)}, got ${show(got)}`
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonical(a) === canonical(b)
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : canonical(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
