const MAX_QUOTED = 60

/** Sets a member of any name, `__proto__` too. */
export function setMember(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

/** A text for a message, cut if it is long. */
export function cut(text: string): string {
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`
}

/** The same in quotes. */
export function quote(text: string): string {
  return JSON.stringify(cut(text))
}
