/** A part of an answer that the comparison leaves out, because upstream decides it by lot. */
export interface LeftOut {
  readonly op: string
  /** Where in `expect` the parts are that it is about: keys from the outside in, `*` for every element. Empty: `expect` itself. */
  readonly at: readonly string[]
  /** The parts it is about, for people. */
  readonly when: string
  /** True for those parts, by the oracle's own flag in `expect`. */
  readonly applies: (part: Readonly<Record<string, unknown>>) => boolean
  /** The fields of a part that are left out; all others are compared. */
  readonly fields: readonly string[]
  readonly why: string
}

/** The requests of a NodeClaim whose daemon groups Karpenter folds in the order of a Go map. */
const Q2 = {
  applies: (claim: Readonly<Record<string, unknown>>): boolean =>
    Array.isArray(claim['random']) && claim['random'].includes('Q2'),
  fields: ['requests', 'launch'],
  why: "Karpenter takes the minimum over its daemon groups in a Go map's order, addDaemonRequests, and starts again at an empty group",
}

/** Everything that comparisons with the oracle leave out. Printed with each run; cases that need it are counted apart. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    op: 'yaml',
    at: [],
    when: 'expect.random is true',
    applies: expect => expect['random'] === true,
    fields: ['documents', 'error', 'strict'],
    why: 'which of several bad or equal keys comes first is the order of a Go map, convertToJSONableObject of sigs.k8s.io/yaml v1.6.0',
  },
  { op: 'provision', at: ['newNodeClaims', '*'], when: 'random of a new NodeClaim has Q2', ...Q2 },
  {
    op: 'disrupt',
    at: ['methods', '*', 'commands', '*', 'replacements', '*'],
    when: 'random of a replacement has Q2',
    ...Q2,
  },
]

/** One line that says what is left out. */
export function describeLeftOut(): string {
  const parts = LEFT_OUT.map(one => `${one.op}: ${one.fields.join(', ')} where ${one.when} (${one.why})`)
  return `left out of the comparison: ${parts.length === 0 ? 'nothing' : parts.join('; ')}`
}
