const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Milliseconds of a duration as Go prints it (`1m30s`, `500ms`); undefined for any other text (`time.ParseDuration`, Go 1.26). */
export function goDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS_MS[unit ?? '']!, 0)
}
