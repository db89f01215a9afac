/** The real code that a question is about: each family has an oracle of its own in `oracle/`, and folders of that name in testdata. */
export type OracleFamily = 'kubernetes' | 'karpenter'

/** The ops of oracle/karpenter; all other ops are Kubernetes'. */
const KARPENTER_OPS: ReadonlySet<string> = new Set([
  'requirements',
  'provision',
  'overhead',
  'existing',
  'disrupt',
  'sort',
  'aws-allocatable',
  'aws-node-class',
])

/** The family that an op or a generator (`provision-wide` is of the op provision) belongs to. */
export function familyOf(name: string): OracleFamily {
  return KARPENTER_OPS.has(name) || KARPENTER_OPS.has(name.replace(/-.*$/, '')) ? 'karpenter' : 'kubernetes'
}
