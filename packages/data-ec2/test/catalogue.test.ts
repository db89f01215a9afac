import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AWS_WELL_KNOWN_LABELS,
  awsInstanceType,
  DEFAULT_AWS_OPTIONS,
  quantityMilliValue,
  readQuantity,
} from '@everynode/engine'
import { describe, expect, test } from 'vitest'
import { tableSource } from '../../../tools/data-ec2/table.ts'
import { EC2, PROVENANCE } from '../src/index.ts'

const HERE = dirname(fileURLToPath(import.meta.url))
const FACTS = join(HERE, '../../../../shared/data/ec2-instance-types.json')

// A clone by itself has the table, not what it is made of.
const describeBesideFacts = existsSync(FACTS) ? describe : () => undefined

describeBesideFacts('the table beside its facts', () => {
  test('is what its script makes of them', () => {
    expect(readFileSync(join(HERE, '../src/table.ts'), 'utf8')).toBe(tableSource(readFileSync(FACTS, 'utf8')))
  })

  test('gives every type the labels and the allocatable that the provider documents', () => {
    const { instanceTypes } = JSON.parse(readFileSync(FACTS, 'utf8')) as {
      readonly instanceTypes: readonly Documented[]
    }
    expect(instanceTypes.map(({ name }) => name)).toEqual(EC2.names())
    const market = { region: 'us-east-1', zones: [], capacityTypes: [], price: () => undefined }
    for (const { name, arch, labels, allocatable } of instanceTypes) {
      const type = awsInstanceType(EC2.facts(name)!, { amiFamily: 'AL2023' }, market, DEFAULT_AWS_OPTIONS)
      const amounts = new Map(
        [...type.allocatable].filter(([key, { unscaled }]) => key in allocatable || unscaled !== 0n),
      )
      expect(milli(amounts), name).toEqual(milli(new Map(Object.entries(allocatable).map(read))))
      const own = [...type.requirements.values()].filter(({ key }) => key.startsWith('karpenter.k8s.aws/instance-'))
      const single = own.filter(({ key, values }) => values.length > 0 && !key.endsWith('/instance-tenancy'))
      expect(Object.fromEntries(single.map(({ key, values }) => [key, values.join()])), name).toEqual(labels)
      expect(type.requirements.find('kubernetes.io/arch')?.values).toEqual([arch])
      for (const { key } of type.requirements.values()) expect(AWS_WELL_KNOWN_LABELS).toContain(key)
    }
  })
})

describe('the table', () => {
  test('says where it is from, and has every type', () => {
    expect(PROVENANCE.source).toBe('github.com/aws/karpenter-provider-aws@1d927085d')
    expect(PROVENANCE.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(EC2.names()).toHaveLength(1363)
    expect(new Set(EC2.names()).size).toBe(1363)
  })
})

interface Documented {
  readonly name: string
  readonly arch: string
  readonly labels: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
}

type Amount = Parameters<typeof quantityMilliValue>[0]

function read([name, text]: readonly [string, string]): readonly [string, Amount] {
  const quantity = readQuantity(text)
  if (quantity.kind === 'error') throw new Error(quantity.text)
  return [name, quantity]
}

function milli(amounts: ReadonlyMap<string, Amount>): Readonly<Record<string, bigint>> {
  return Object.fromEntries([...amounts].map(([name, quantity]) => [name, quantityMilliValue(quantity)]))
}

describe('facts', () => {
  test('of a type carry what the provider reads of it', () => {
    expect(EC2.facts('p5.48xlarge')).toMatchObject({
      arch: 'amd64',
      cpu: 192,
      memoryMiB: 2_097_152,
      interfaces: { count: 2, ipv4Each: 50 },
      hypervisor: 'nitro',
      bareMetal: false,
      devices: new Map([
        ['vpc.amazonaws.com/pod-eni', 120],
        ['vpc.amazonaws.com/efa', 32],
        ['nvidia.com/gpu', 8],
      ]),
      localNvmeGB: 30_400,
    })
    expect(EC2.facts('hpc6a.48xlarge')).toMatchObject({ interfaces: undefined, documentedPods: expect.any(Number) })
    expect(EC2.facts('m5.metal')?.bareMetal).toBe(true)
    expect(EC2.facts('m5.enormous')).toBeUndefined()
  })
})

describe('a price', () => {
  const list = { currency: 'USD', basis: 'list' }

  test('is the published one where there is one, in the currency of the region', () => {
    expect(EC2.price('m5.large', 'us-east-1', 'on-demand')).toEqual({ ...list, amount: 0.096 })
    expect(EC2.price('m5.large', 'us-gov-west-1', 'on-demand')).toEqual({ ...list, amount: 0.121 })
    expect(EC2.price('m5.large', 'cn-north-1', 'on-demand')).toEqual({ ...list, amount: 1.013, currency: 'CNY' })
  })

  test('that nobody published says that it is assumed', () => {
    const assumed = { currency: 'USD', basis: 'assumed' }
    expect(EC2.price('m5.large', 'eu-west-3', 'on-demand')).toEqual({ ...assumed, amount: 0.096 })
    expect(EC2.price('m5.large', 'us-east-1', 'spot')).toEqual({ ...assumed, amount: 0.096 * 0.7 })
    expect(EC2.price('m5.large', 'us-east-1', 'spot', { spotRatio: 0.4 })).toEqual({ ...assumed, amount: 0.096 * 0.4 })
  })

  test('is unknown rather than made up without an assumption, and where a known region does not sell the type', () => {
    expect(EC2.price('m5.large', 'eu-west-3', 'on-demand', {})).toBeUndefined()
    expect(EC2.price('m5.large', 'us-east-1', 'spot', {})).toBeUndefined()
    expect(EC2.price('m5.large', 'us-east-1', 'reserved')).toBeUndefined()
    expect(EC2.price('a1.large', 'cn-north-1', 'on-demand')).toBeUndefined()
    expect(EC2.price('m5.enormous', 'us-east-1', 'on-demand')).toBeUndefined()
  })
})
