import { EC2 } from '@everynode/data-ec2'
import { type AwsMarket, awsInstanceType, DEFAULT_AWS_OPTIONS, type Quantities, readNodeClass } from '@everynode/engine'
import { resourceResults } from './karpenter-answers.ts'
import type { Op } from './op.ts'

/** What the oracle's answer lists; it was made of facts that have no other resources. */
const RESOURCES = ['cpu', 'memory', 'pods', 'ephemeral-storage']

/** Nothing is sold: capacity does not depend on it. */
export const NO_MARKET: AwsMarket = { region: 'region', zones: [], capacityTypes: [], price: () => undefined }

interface Input {
  readonly name: string
  /** An EC2NodeClass. */
  readonly nodeClass: unknown
  readonly options: { readonly vmMemoryOverheadPercent: number; readonly reservedEnis: number }
}

/** Capacity and allocatable of an EC2 type by the AWS provider's formulas under an EC2NodeClass and settings of the controller. */
export const awsNodeClassOp: Op = {
  name: 'aws-node-class',
  answer(input) {
    const { name, nodeClass, options } = input as Input
    const read = readNodeClass(nodeClass)
    if (read.problems.length > 0) return { problems: read.problems }
    const facts = EC2.facts(name)
    if (facts === undefined) throw new Error(`no facts on ${name}`)
    const type = awsInstanceType(facts, read.nodeClass, NO_MARKET, { ...DEFAULT_AWS_OPTIONS, ...options })
    return amountsOf(type)
  },
}

/** The amounts of an instance type that the oracle of the AWS provider shows. */
export function amountsOf({ capacity, allocatable }: Readonly<Record<'capacity' | 'allocatable', Quantities>>) {
  const listed = (amounts: Quantities) =>
    resourceResults(new Map([...amounts].filter(([name]) => RESOURCES.includes(name))))
  return { capacity: listed(capacity), allocatable: listed(allocatable) }
}
