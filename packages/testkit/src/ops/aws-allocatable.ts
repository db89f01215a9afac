import { EC2 } from '@everynode/data-ec2'
import { awsInstanceType, DEFAULT_AWS_OPTIONS } from '@everynode/engine'
import { amountsOf, NO_MARKET } from './aws-node-class.ts'
import type { Op } from './op.ts'

const FAMILIES = ['AL2023', 'Bottlerocket'] as const

/** Capacity and allocatable of an EC2 type by the AWS provider's formulas, with default settings; the facts are those of the data package. */
export const awsAllocatableOp: Op = {
  name: 'aws-allocatable',
  answer(input) {
    const { name } = input as { readonly name: string }
    const facts = EC2.facts(name)
    if (facts === undefined) throw new Error(`no facts on ${name}`)
    const amounts = (amiFamily: (typeof FAMILIES)[number]) =>
      amountsOf(awsInstanceType(facts, { amiFamily }, NO_MARKET, DEFAULT_AWS_OPTIONS))
    return Object.fromEntries(FAMILIES.map(family => [family, amounts(family)]))
  },
}
