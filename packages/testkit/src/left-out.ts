/** A part of an answer that the comparison leaves out, because upstream decides it by lot. */
export interface LeftOut {
  readonly op: string
  /** The cases it is about, for people. */
  readonly when: string
  /** True for those cases, by the oracle's own flag in `expect`. */
  readonly applies: (expect: Readonly<Record<string, unknown>>) => boolean
  /** The fields of `expect` that are left out; all others are compared. */
  readonly fields: readonly string[]
  readonly why: string
}

/** Everything that comparisons with the oracle leave out. Printed with each run; cases that need it are counted apart. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    op: 'yaml',
    when: 'expect.random is true',
    applies: expect => expect['random'] === true,
    fields: ['documents', 'error', 'strict'],
    why: 'which of several bad or equal keys comes first is the order of a Go map, convertToJSONableObject of sigs.k8s.io/yaml v1.6.0',
  },
]

/** One line that says what is left out. */
export function describeLeftOut(): string {
  const parts = LEFT_OUT.map(one => `${one.op}: ${one.fields.join(', ')} where ${one.when} (${one.why})`)
  return `left out of the comparison: ${parts.length === 0 ? 'nothing' : parts.join('; ')}`
}
