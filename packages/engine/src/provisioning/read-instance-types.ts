import type { NodeSelectorRequirementWithMinValues } from '../api/karpenter.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { readQuantity } from '../quantity/parse.ts'
import type { Quantity } from '../quantity/types.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import {
  ARCH_LABEL,
  CAPACITY_TYPE_LABEL,
  INSTANCE_TYPE_LABEL,
  OS_LABEL,
  ZONE_LABEL,
} from '../requirements/well-known-labels.ts'
import { type InstanceType, instanceType, type KubeletOverhead, type Offering, offering } from './instance-type.ts'

/** Something in a file of instance types that could not be used; the rest of the file is. */
export interface InstanceTypeProblem {
  readonly code: 'invalid-instance-type'
  /** Where, as a JSON path: `[3].offerings[0].price`. */
  readonly place: string
  /** What stands there, and what belongs there. */
  readonly text: string
}

/** The kwok provider's overhead where a file says none (karpenter `kwok/cloudprovider/helpers.go`, v1.14.1). */
const DEFAULT_OVERHEAD = { kubeReserved: { cpu: '100m', memory: '10Mi' } }
const DEFAULT_PODS = '110'
const NO_AMOUNTS: Quantities = new Map()

/**
 * Reads a JSON array of instance types in the format of the kwok provider (`INSTANCE_TYPES_FILE_PATH`; karpenter
 * `kwok/cloudprovider/helpers.go`, v1.14.1); the case of its keys does not matter. In addition an instance type may have
 * `requirements`, which replace or add to the derived ones, and `overhead` {kubeReserved, systemReserved, evictionThreshold}; an
 * offering may be unavailable and may say `zone` and `capacityType`. `pods` is 110 where it is absent.
 */
export function readInstanceTypes(input: unknown): {
  readonly instanceTypes: readonly InstanceType[]
  readonly problems: readonly InstanceTypeProblem[]
} {
  const reader = new Reader()
  const instanceTypes = reader.list(input, '').flatMap((entry, index) => {
    const type = readOne(reader, entry, `[${index}]`)
    return type === undefined ? [] : [type]
  })
  return { instanceTypes, problems: reader.problems }
}

function readOne(reader: Reader, entry: unknown, place: string): InstanceType | undefined {
  const fields = reader.fields(entry, place)
  if (fields === undefined) return undefined
  const name = reader.text(fields.get('name'), `${place}.name`)
  if (name === '') {
    reader.report(
      `${place}.name`,
      'an instance type has no name; give it the value of node.kubernetes.io/instance-type',
    )
    return undefined
  }
  const entries = reader.list(fields.get('offerings'), `${place}.offerings`)
  const offerings = entries.flatMap((one, index) => readOffering(reader, one, `${place}.offerings[${index}]`))
  const derived = [
    Requirement.in(INSTANCE_TYPE_LABEL, [name]),
    Requirement.in(ARCH_LABEL, [reader.text(fields.get('architecture'), `${place}.architecture`)]),
    Requirement.in(OS_LABEL, reader.texts(fields.get('operatingsystems'), `${place}.operatingSystems`)),
    Requirement.in(ZONE_LABEL, offered(offerings, ZONE_LABEL)),
    Requirement.in(CAPACITY_TYPE_LABEL, offered(offerings, CAPACITY_TYPE_LABEL)),
  ]
  const own = Requirements.read(reader.requirements(fields.get('requirements'), `${place}.requirements`))
  const resources = reader.amounts(fields.get('resources'), `${place}.resources`)
  return instanceType({
    name,
    requirements: Requirements.of(derived).replace(own.values()),
    offerings: offerings.map(one => one.offering),
    capacity: resources.has('pods') ? resources : new Map([...resources, ['pods', quantity(DEFAULT_PODS)]]),
    kubeletOverhead: readOverhead(reader, fields.get('overhead') ?? DEFAULT_OVERHEAD, `${place}.overhead`),
  })
}

interface ReadOffering {
  readonly offering: Offering
  readonly specs: readonly NodeSelectorRequirementWithMinValues[]
}

function readOffering(reader: Reader, entry: unknown, place: string): readonly ReadOffering[] {
  const fields = reader.fields(entry, place)
  if (fields === undefined) return []
  const specs = [...reader.requirements(fields.get('requirements'), `${place}.requirements`)]
  const zone = reader.text(fields.get('zone'), `${place}.zone`)
  const capacityType = reader.text(fields.get('capacitytype'), `${place}.capacityType`)
  if (zone !== '') specs.push({ key: ZONE_LABEL, operator: 'In', values: [zone] })
  if (capacityType !== '') specs.push({ key: CAPACITY_TYPE_LABEL, operator: 'In', values: [capacityType] })
  const made = offering({
    requirements: Requirements.read(specs),
    price: reader.number(fields.get('price'), `${place}.price`),
    available: fields.get('available') !== false,
    reservationCapacity: reader.number(fields.get('reservationcapacity'), `${place}.reservationCapacity`),
  })
  return [{ offering: made, specs }]
}

/** The values that any offering names for a label, available or not. */
function offered(offerings: readonly ReadOffering[], key: string): readonly string[] {
  return offerings.flatMap(({ specs }) => specs.filter(spec => spec.key === key).flatMap(spec => spec.values ?? []))
}

function readOverhead(reader: Reader, input: unknown, place: string): KubeletOverhead {
  const fields = reader.fields(input, place)
  const amounts = (name: string) => reader.amounts(fields?.get(name.toLowerCase()), `${place}.${name}`)
  return {
    kubeReserved: amounts('kubeReserved'),
    systemReserved: amounts('systemReserved'),
    evictionThreshold: amounts('evictionThreshold'),
  }
}

function quantity(text: string): Quantity {
  const read = readQuantity(text)
  if (read.kind === 'error') throw new Error(read.text)
  return read
}

/** Fields of a JSON object by their names in lower case. */
type Fields = ReadonlyMap<string, unknown>

/** Takes JSON apart; what is absent or null is empty, what has another type is reported and empty. */
class Reader {
  readonly problems: InstanceTypeProblem[] = []

  report(place: string, text: string): void {
    this.problems.push({ code: 'invalid-instance-type', place, text })
  }

  fields(input: unknown, place: string): Fields | undefined {
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
      return new Map(Object.entries(input).map(([name, value]) => [name.toLowerCase(), value]))
    }
    this.report(place, `${describe(input)} where an object belongs`)
    return undefined
  }

  list(input: unknown, place: string): readonly unknown[] {
    if (input === undefined || input === null) return []
    if (Array.isArray(input)) return input
    this.report(place, `${describe(input)} where a list belongs`)
    return []
  }

  text(input: unknown, place: string): string {
    if (input === undefined || input === null) return ''
    if (typeof input === 'string') return input
    this.report(place, `${describe(input)} where a text belongs`)
    return ''
  }

  texts(input: unknown, place: string): readonly string[] {
    return this.list(input, place).map((value, index) => this.text(value, `${place}[${index}]`))
  }

  number(input: unknown, place: string): number {
    if (input === undefined || input === null) return 0
    if (typeof input === 'number' && Number.isFinite(input)) return input
    this.report(place, `${describe(input)} where a number belongs`)
    return 0
  }

  amounts(input: unknown, place: string): Quantities {
    if (input === undefined || input === null) return NO_AMOUNTS
    const amounts = new Map<string, Quantity>()
    if (this.fields(input, place) === undefined) return amounts
    for (const [name, value] of Object.entries(input)) {
      const isText = typeof value === 'string' || typeof value === 'number'
      const read = readQuantity(isText ? value : '')
      if (read.kind === 'quantity') amounts.set(name, read)
      else this.report(`${place}.${name}`, `${describe(value)} is no quantity such as "4" or "16Gi": ${read.text}`)
    }
    return amounts
  }

  requirements(input: unknown, place: string): readonly NodeSelectorRequirementWithMinValues[] {
    return this.list(input, place).flatMap((entry, index) => {
      const at = `${place}[${index}]`
      const fields = this.fields(entry, at)
      if (fields === undefined) return []
      return [
        {
          key: this.text(fields.get('key'), `${at}.key`),
          operator: this.text(fields.get('operator'), `${at}.operator`),
          values: this.texts(fields.get('values'), `${at}.values`),
        },
      ]
    })
  }
}

function describe(input: unknown): string {
  return input === undefined ? 'nothing' : JSON.stringify(input)
}
