import { EC2 } from '@everynode/data-ec2'
import { type AwsMarket, awsInstanceType, DEFAULT_AWS_OPTIONS, type Quantities } from '@everynode/engine'
import { resourceResults } from './karpenter-answers.ts'
import type { Op } from './op.ts'

/** What the oracle's answer lists; it was made of facts that have no other resources. */
const RESOURCES = ['cpu', 'memory', 'pods', 'ephemeral-storage']
const FAMILIES = ['AL2023', 'Bottlerocket'] as const

/** Nothing is sold: capacity does not depend on it. */
const NO_MARKET: AwsMarket = { region: 'region', zones: [], capacityTypes: [], price: () => undefined }

/** Capacity and allocatable of an EC2 type by the AWS provider's formulas, with default settings; the facts are those of the data package. */
export const awsAllocatableOp: Op = {
  name: 'aws-allocatable',
  answer(input) {
    const { name } = input as { readonly name: string }
    const facts = EC2.facts(name)
    if (facts === undefined) throw new Error(`no facts on ${name}`)
    return Object.fromEntries(
      FAMILIES.map(amiFamily => {
        const { capacity, allocatable } = awsInstanceType(facts, { amiFamily }, NO_MARKET, DEFAULT_AWS_OPTIONS)
        return [amiFamily, { capacity: listed(capacity), allocatable: listed(allocatable) }]
      }),
    )
  },
}

function listed(amounts: Quantities): Readonly<Record<string, string>> {
  return resourceResults(new Map([...amounts].filter(([name]) => RESOURCES.includes(name))))
}
