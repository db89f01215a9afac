import { goJson, goQuote } from '../go-text.ts'

/** `path: Invalid value: "x": detail` as `field.Invalid` prints it; the path of no field is `<nil>` (apimachinery `field/errors.go`, v0.36.2). */
export function invalid(path: string, value: string | readonly string[] | null, detail: string): string {
  return `${path}: Invalid value: ${typeof value === 'string' ? goQuote(value) : goJson(value)}: ${detail}`
}

/** `path: Unsupported value: "x": supported values: …` as `field.NotSupported` prints a typed string. */
export function notSupported(path: string, value: string, supported: readonly string[]): string {
  return `${path}: Unsupported value: ${goJson(value)}: supported values: ${supported.map(goQuote).join(', ')}`
}

/** One text for several errors: each once, in brackets if they differ (apimachinery `pkg/util/errors/errors.go`, v0.36.2). */
export function aggregate(errors: readonly string[]): string | undefined {
  const distinct = [...new Set(errors)]
  return distinct.length > 1 ? `[${distinct.join(', ')}]` : distinct[0]
}
