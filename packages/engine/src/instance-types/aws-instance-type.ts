import { type InstanceType, instanceType, type Offering, offering } from '../provisioning/instance-type.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import {
  ARCH_LABEL,
  CAPACITY_TYPE_LABEL,
  INSTANCE_TYPE_LABEL,
  OS_LABEL,
  REGION_LABEL,
  ZONE_LABEL,
} from '../requirements/well-known-labels.ts'
import { AMI_FAMILY_TRAITS } from './ami-family.ts'
import { awsCapacity } from './aws-capacity.ts'
import {
  AWS_INSTANCE_LABEL_PREFIX,
  OPTIONAL_INSTANCE_LABELS,
  RESERVATION_LABELS,
  WINDOWS_BUILD_LABEL,
  ZONE_ID_LABEL,
} from './aws-labels.ts'
import type { AwsNodeClass, AwsOptions } from './aws-node-class.ts'
import { awsOverhead } from './aws-overhead.ts'
import type { Ec2Facts } from './ec2-facts.ts'

/** What an hour of an instance costs, and where that number is from. */
export interface HourlyPrice {
  readonly amount: number
  readonly currency: 'USD' | 'CNY'
  /** `list`: published; `observed`: told by the cluster; `assumed`: made of another price by a stated ratio, never a fact. */
  readonly basis: 'list' | 'observed' | 'assumed'
}

/** A zone that instances can be started in. */
export interface AwsZone {
  readonly name: string
  readonly id?: string
}

/** Where and for what instances are sold. */
export interface AwsMarket {
  readonly region: string
  /** The zones of the NodeClass's subnets. */
  readonly zones: readonly AwsZone[]
  /** `on-demand`, `spot`; the facts do not say which types are never sold as spot. */
  readonly capacityTypes: readonly string[]
  /** The price of an offering; one without is never launched, as upstream. */
  price(instanceType: string, zone: string, capacityType: string): HourlyPrice | undefined
  /** Whether EC2 has capacity; it has where this is undefined. */
  available?(instanceType: string, zone: string, capacityType: string): boolean
}

/**
 * An EC2 instance type as Karpenter's AWS provider offers it to a NodePool of this NodeClass: labels, an offering for each zone and
 * capacity type, allocatable. Reserved capacity and placement groups are left out
 * (karpenter-provider-aws `pkg/providers/instancetype/types.go` and `offering/base_resolver.go`, v1.14.1).
 */
export function awsInstanceType(
  facts: Ec2Facts,
  nodeClass: AwsNodeClass,
  market: AwsMarket,
  options: AwsOptions,
): InstanceType {
  return instanceType({
    name: facts.name,
    requirements: requirementsOf(facts, nodeClass, market),
    offerings: market.zones.flatMap(zone =>
      market.capacityTypes.map(capacityType => offeringOf(facts, nodeClass, market, zone, capacityType)),
    ),
    capacity: awsCapacity(facts, nodeClass, options),
    kubeletOverhead: awsOverhead(facts, nodeClass, options),
  })
}

function requirementsOf(facts: Ec2Facts, { amiFamily }: AwsNodeClass, market: AwsMarket): Requirements {
  const { os, windowsBuild } = AMI_FAMILY_TRAITS[amiFamily]
  const labels = new Map([...labelsOfName(facts.name), ...facts.labels])
  if (facts.localNvmeGB > 0) labels.set('local-nvme', String(facts.localNvmeGB))
  const own = (key: string, ...values: readonly string[]): Requirement =>
    Requirement.in(`${AWS_INSTANCE_LABEL_PREFIX}${key}`, values)
  const zoneIds = market.zones.flatMap(({ id }) => (id === undefined ? [] : [id]))
  return Requirements.of([
    Requirement.in(INSTANCE_TYPE_LABEL, [facts.name]),
    Requirement.in(ARCH_LABEL, [facts.arch]),
    Requirement.in(OS_LABEL, os === 'windows' && facts.arch !== 'amd64' ? [] : [os]),
    Requirement.in(
      ZONE_LABEL,
      market.zones.map(({ name }) => name),
    ),
    Requirement.in(REGION_LABEL, [market.region]),
    Requirement.in(WINDOWS_BUILD_LABEL, windowsBuild === undefined ? [] : [windowsBuild]),
    Requirement.in(CAPACITY_TYPE_LABEL, market.capacityTypes),
    own('cpu', String(facts.cpu)),
    own('memory', String(facts.memoryMiB)),
    own('hypervisor', facts.hypervisor),
    own('encryption-in-transit-supported', labels.get('encryption-in-transit-supported') ?? 'false'),
    own('capability-flex', facts.name.split('.')[0]?.includes('-flex') ? 'true' : 'false'),
    own('tenancy', 'default', 'dedicated'),
    ...OPTIONAL_INSTANCE_LABELS.map(key => own(key, ...valuesOf(labels.get(key)))),
    ...RESERVATION_LABELS.map(key => Requirement.doesNotExist(key)),
    ...(zoneIds.length === 0 ? [] : [Requirement.in(ZONE_ID_LABEL, zoneIds)]),
  ])
}

const NAME = /^([a-z]+)(?:-[0-9]+tb)?([0-9]+).*\./

/** `m5.large` is of the category m, the generation 5, the family m5 and the size large. */
function labelsOfName(name: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  const [, category, generation] = NAME.exec(name) ?? []
  if (category !== undefined && generation !== undefined) labels.set('category', category).set('generation', generation)
  const [family, size, ...more] = name.split('.')
  if (family !== undefined && size !== undefined && more.length === 0) labels.set('family', family).set('size', size)
  return labels
}

function valuesOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value]
}

function offeringOf(
  { name }: Ec2Facts,
  { amiFamily }: AwsNodeClass,
  market: AwsMarket,
  zone: AwsZone,
  capacityType: string,
): Offering {
  const price = market.price(name, zone.name, capacityType)
  // The first Graviton has no AL2023 image.
  const fits = amiFamily !== 'AL2023' || !name.startsWith('a1.')
  return offering({
    requirements: Requirements.of([
      Requirement.in(CAPACITY_TYPE_LABEL, [capacityType]),
      Requirement.in(ZONE_LABEL, [zone.name]),
      ...RESERVATION_LABELS.map(key => Requirement.doesNotExist(key)),
      ...(zone.id === undefined ? [] : [Requirement.in(ZONE_ID_LABEL, [zone.id])]),
    ]),
    price: price?.amount ?? 0,
    available: fits && price !== undefined && (market.available?.(name, zone.name, capacityType) ?? true),
    reservationCapacity: 0,
  })
}
