import type { Quantities } from '../pod-requests/quantities.ts'
import { readQuantity } from '../quantity/parse.ts'
import type { Quantity } from '../quantity/types.ts'
import { AMI_FAMILIES, type AmiFamily } from './ami-family.ts'
import type { AwsNodeClass, BlockDevice, EvictionSignal, KubeletSettings, NetworkInterface } from './aws-node-class.ts'

/** A field of an EC2NodeClass that could not be used; the API server would have refused most of them. */
export interface NodeClassProblem {
  readonly code: 'invalid-node-class'
  /** Where, as a JSON path: `spec.kubelet.maxPods`. */
  readonly place: string
  /** What stands there, and what belongs there. */
  readonly text: string
}

/**
 * Reads the fields of an EC2NodeClass that decide capacity and overhead; everything else is left alone. What can't be used counts as
 * absent and is reported (karpenter-provider-aws `pkg/apis/v1/ec2nodeclass.go`, v1.14.1).
 */
export function readNodeClass(object: unknown): {
  readonly nodeClass: AwsNodeClass
  readonly problems: readonly NodeClassProblem[]
} {
  const reader = new Reader()
  const spec = reader.object(reader.object(object, '')?.['spec'], 'spec')
  const policy = spec?.['instanceStorePolicy']
  if (policy !== undefined && policy !== null && policy !== 'RAID0')
    reader.report('spec.instanceStorePolicy', `${shown(policy)} is no policy; there is: RAID0`)
  const interfaces = spec?.['networkInterfaces']
  const nodeClass: AwsNodeClass = {
    amiFamily: familyOf(spec, reader),
    kubelet: kubeletOf(spec?.['kubelet'], reader),
    blockDevices: reader
      .list(spec?.['blockDeviceMappings'], 'spec.blockDeviceMappings')
      .map((entry, index) => blockDeviceOf(entry, `spec.blockDeviceMappings[${index}]`, reader)),
    ...(policy === 'RAID0' && { instanceStorePolicy: policy }),
    ...(Array.isArray(interfaces) && {
      networkInterfaces: interfaces.map((entry, index) =>
        interfaceOf(entry, `spec.networkInterfaces[${index}]`, reader),
      ),
    }),
  }
  return { nodeClass, problems: reader.problems }
}

type Fields = Readonly<Record<string, unknown>>

/** `spec.amiFamily`, else the alias of an image (`al2023@latest`), else Custom. */
function familyOf(spec: Fields | undefined, reader: Reader): AmiFamily {
  const named = spec?.['amiFamily']
  if (named !== undefined && named !== null) {
    const family = AMI_FAMILIES.find(one => one === named)
    if (family !== undefined) return family
    reader.report('spec.amiFamily', `${shown(named)} is no AMI family; there is: ${AMI_FAMILIES.join(', ')}`)
    return 'Custom'
  }
  for (const [index, term] of reader.list(spec?.['amiSelectorTerms'], 'spec.amiSelectorTerms').entries()) {
    const place = `spec.amiSelectorTerms[${index}].alias`
    const alias = reader.object(term, `spec.amiSelectorTerms[${index}]`)?.['alias']
    if (alias === undefined || alias === null || alias === '') continue
    const [name, ...version] = typeof alias === 'string' ? alias.split('@') : []
    const family = AMI_FAMILIES.find(one => one !== 'Custom' && one.toLowerCase() === name)
    if (family !== undefined && version.length === 1) return family
    reader.report(place, `${shown(alias)} is no alias such as "al2023@latest"`)
  }
  return 'Custom'
}

function kubeletOf(input: unknown, reader: Reader): KubeletSettings {
  const fields = reader.object(input, 'spec.kubelet')
  const at = (key: string): string => `spec.kubelet.${key}`
  const maxPods = reader.count(fields?.['maxPods'], at('maxPods'))
  const podsPerCore = reader.count(fields?.['podsPerCore'], at('podsPerCore'))
  return {
    ...(maxPods !== undefined && { maxPods }),
    ...(podsPerCore !== undefined && { podsPerCore }),
    kubeReserved: reader.amounts(fields?.['kubeReserved'], at('kubeReserved')),
    systemReserved: reader.amounts(fields?.['systemReserved'], at('systemReserved')),
    evictionHard: reader.signals(fields?.['evictionHard'], at('evictionHard')),
  }
}

function blockDeviceOf(entry: unknown, place: string, reader: Reader): BlockDevice {
  const fields = reader.object(entry, place)
  const size = reader.object(fields?.['ebs'], `${place}.ebs`)?.['volumeSize']
  const name = fields?.['deviceName']
  return {
    name: typeof name === 'string' ? name : '',
    rootVolume: fields?.['rootVolume'] === true,
    volumeSize: size === undefined || size === null ? undefined : reader.amount(size, `${place}.ebs.volumeSize`),
  }
}

function interfaceOf(entry: unknown, place: string, reader: Reader): NetworkInterface {
  const fields = reader.object(entry, place)
  return {
    cardIndex: reader.count(fields?.['networkCardIndex'], `${place}.networkCardIndex`) ?? 0,
    efaOnly: fields?.['interfaceType'] === 'efa-only',
  }
}

const PERCENT = /^%*([+-]?(?:\d{1,9}\.?\d{0,15}|\.\d{1,15}))%+$/

/** Takes JSON apart; what is absent or null is undefined or empty, what has another type is reported too. */
class Reader {
  readonly problems: NodeClassProblem[] = []

  report(place: string, text: string): void {
    this.problems.push({ code: 'invalid-node-class', place, text })
  }

  object(input: unknown, place: string): Fields | undefined {
    if (input === undefined || input === null) return undefined
    if (typeof input === 'object' && !Array.isArray(input)) return input as Fields
    this.report(place, `${shown(input)} where an object belongs`)
    return undefined
  }

  list(input: unknown, place: string): readonly unknown[] {
    if (input === undefined || input === null) return []
    if (Array.isArray(input)) return input
    this.report(place, `${shown(input)} where a list belongs`)
    return []
  }

  count(input: unknown, place: string): number | undefined {
    if (input === undefined || input === null) return undefined
    if (typeof input === 'number' && Number.isInteger(input) && input >= 0 && input < 2 ** 31) return input
    this.report(place, `${shown(input)} where a whole number from 0 to 2147483647 belongs`)
    return undefined
  }

  amount(input: unknown, place: string): Quantity | undefined {
    const quantity = readQuantity(typeof input === 'string' || typeof input === 'number' ? input : '')
    if (quantity.kind === 'quantity') return quantity
    this.report(place, `${shown(input)} is no quantity such as "100Mi": ${quantity.text}`)
    return undefined
  }

  amounts(input: unknown, place: string): Quantities {
    return this.#entries(input, place, (value, at) => this.amount(value, at))
  }

  signals(input: unknown, place: string): ReadonlyMap<string, EvictionSignal> {
    return this.#entries(input, place, (value, at) => this.#signal(value, at))
  }

  #signal(value: unknown, place: string): EvictionSignal | undefined {
    if (typeof value === 'string' && value.endsWith('%')) {
      const percent = PERCENT.exec(value)?.[1]
      if (percent !== undefined) return { kind: 'percent', percent: Number(percent) }
      this.report(place, `${shown(value)} is no percentage such as "5%"`)
      return undefined
    }
    const amount = this.amount(value, place)
    return amount === undefined ? undefined : { kind: 'amount', amount }
  }

  #entries<T>(
    input: unknown,
    place: string,
    read: (value: unknown, place: string) => T | undefined,
  ): ReadonlyMap<string, T> {
    const entries = new Map<string, T>()
    for (const [key, value] of Object.entries(this.object(input, place) ?? {})) {
      const one = read(value, `${place}[${JSON.stringify(key)}]`)
      if (one !== undefined) entries.set(key, one)
    }
    return entries
  }
}

function shown(input: unknown): string {
  return JSON.stringify(input) ?? 'nothing'
}
