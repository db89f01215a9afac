import { describe, expect, test } from 'vitest'
import {
  AWS_WELL_KNOWN_LABELS,
  type AwsMarket,
  type AwsNodeClass,
  type AwsOptions,
  awsInstanceType,
  DEFAULT_AWS_OPTIONS,
  type Ec2Facts,
  formatQuantity,
  prefixDelegation,
  type Quantities,
  quantityValue,
  Requirements,
  readNodeClass,
  recomputeQuantity,
} from '../src/index.ts'

const XLARGE: Ec2Facts = {
  name: 'm5.xlarge',
  arch: 'amd64',
  cpu: 4,
  memoryMiB: 16_384,
  interfaces: { count: 4, ipv4Each: 15 },
  documentedPods: undefined,
  hypervisor: 'nitro',
  bareMetal: false,
  labels: new Map([['cpu-manufacturer', 'intel']]),
  devices: new Map([['vpc.amazonaws.com/pod-eni', 18]]),
  localNvmeGB: 0,
}
const AL2023: AwsNodeClass = { amiFamily: 'AL2023' }

const MARKET: AwsMarket = {
  region: 'eu-west-1',
  zones: [{ name: 'eu-west-1a', id: 'euw1-az1' }, { name: 'eu-west-1b' }],
  capacityTypes: ['on-demand', 'spot'],
  price: (_name, zone, capacityType) =>
    capacityType === 'spot' && zone === 'eu-west-1b'
      ? undefined
      : { amount: capacityType === 'spot' ? 0.06 : 0.2, currency: 'USD', basis: 'observed' },
}

function typeOf(facts: Partial<Ec2Facts>, nodeClass = AL2023, options: Partial<AwsOptions> = {}) {
  return awsInstanceType({ ...XLARGE, ...facts }, nodeClass, MARKET, { ...DEFAULT_AWS_OPTIONS, ...options })
}

/** The NodeClass with this kubelet, as the API has it. */
function withKubelet(kubelet: unknown, family = 'AL2023'): AwsNodeClass {
  const { nodeClass, problems } = readNodeClass({ spec: { amiFamily: family, kubelet } })
  expect(problems).toEqual([])
  return nodeClass
}

function texts(amounts: Quantities, ...names: readonly string[]) {
  return names.map(name => {
    const quantity = amounts.get(name)
    return quantity === undefined ? undefined : formatQuantity(recomputeQuantity(quantity))
  })
}

const pods = (nodeClass: AwsNodeClass, options?: Partial<AwsOptions>) =>
  texts(typeOf({}, nodeClass, options).capacity, 'pods')[0]

describe('an instance type of AWS', () => {
  test('has what is left of capacity after hypervisor, kubelet and eviction threshold', () => {
    const { capacity, allocatable } = typeOf({})
    expect(texts(capacity, 'cpu', 'memory', 'pods', 'ephemeral-storage')).toEqual(['4', '15155Mi', '58', '20Gi'])
    expect(texts(allocatable, 'cpu', 'memory', 'pods', 'ephemeral-storage')).toEqual(['3920m', '14162Mi', '58', '17Gi'])
    expect(texts(capacity, 'vpc.amazonaws.com/pod-eni', 'nvidia.com/gpu')).toEqual(['18', '0'])
  })

  test('keeps less memory on Graviton, and none for a hypervisor that is said to take none', () => {
    expect(texts(typeOf({ arch: 'arm64' }).capacity, 'memory')).toEqual(['15096Mi'])
    expect(texts(typeOf({}, AL2023, { vmMemoryOverheadPercent: 0 }).capacity, 'memory')).toEqual(['16Gi'])
    const discoveredMemory = new Map([['m5.xlarge', typeOf({ memoryMiB: 1000 }).capacity.get('memory')!]])
    expect(texts(typeOf({}, AL2023, { discoveredMemory }).capacity, 'memory')).toEqual(['925Mi'])
  })

  test('takes pods by maxPods, by cores where the family can, else by addresses', () => {
    expect(pods(AL2023, { reservedEnis: 1 })).toBe('44')
    expect(pods(AL2023, { reservedEnis: 1_000_000 })).toBe('0')
    expect(pods(withKubelet({ maxPods: 110 }))).toBe('110')
    expect(pods(withKubelet({ podsPerCore: 4, maxPods: 20 }))).toBe('16')
    expect(pods(withKubelet({ podsPerCore: 0 }))).toBe('58')
    expect(pods(withKubelet({ podsPerCore: 1 }, 'Bottlerocket'))).toBe('58')
    expect(pods(withKubelet({}, 'Windows2022'))).toBe('110')
    expect(texts(typeOf({ interfaces: undefined, documentedPods: 100 }).capacity, 'pods')).toEqual(['100'])
  })

  test('reserves memory by all addresses on AL2023, by its pods on Bottlerocket', () => {
    const reserved = (family: string) =>
      texts(typeOf({}, withKubelet({ maxPods: 10 }, family)).kubeletOverhead.kubeReserved, 'memory')[0]
    expect(reserved('AL2023')).toBe('893Mi')
    expect(reserved('Bottlerocket')).toBe('365Mi')
  })

  test('reserves what the kubelet says, key by key, and heeds evictionHard alone', () => {
    const { kubeletOverhead } = typeOf(
      {},
      withKubelet({
        kubeReserved: { memory: '2Gi' },
        systemReserved: { cpu: '100m' },
        evictionHard: { 'memory.available': '10%', 'nodefs.available': '100%' },
        evictionSoft: { 'memory.available': '50%' },
      }),
    )
    expect(texts(kubeletOverhead.kubeReserved, 'cpu', 'memory')).toEqual(['80m', '2Gi'])
    expect(texts(kubeletOverhead.systemReserved, 'cpu')).toEqual(['100m'])
    const { evictionThreshold } = kubeletOverhead
    expect(quantityValue(evictionThreshold.get('memory')!)).toBe(BigInt(Math.ceil(15_155 * 1_048_576 * 0.1)))
    expect(quantityValue(evictionThreshold.get('ephemeral-storage')!)).toBe(0n)
  })

  test('is offered by zone and capacity type; an offering without a price is never launched', () => {
    const { offerings, requirements } = typeOf({})
    expect(offerings.map(one => [one.zone, one.capacityType, one.price, one.available])).toEqual([
      ['eu-west-1a', 'on-demand', 0.2, true],
      ['eu-west-1a', 'spot', 0.06, true],
      ['eu-west-1b', 'on-demand', 0.2, true],
      ['eu-west-1b', 'spot', 0, false],
    ])
    const wants = (key: string, value: string) =>
      requirements.compatible(Requirements.read([{ key, operator: 'In', values: [value] }]), AWS_WELL_KNOWN_LABELS)
    expect(wants('karpenter.k8s.aws/instance-family', 'm5')).toBe(true)
    expect(wants('karpenter.k8s.aws/instance-generation', '6')).toBe(false)
    expect(wants('karpenter.k8s.aws/instance-gpu-count', '1')).toBe(false)
    expect(wants('topology.k8s.aws/zone-id', 'euw1-az1')).toBe(true)
  })

  test('of the first Graviton has no offering under AL2023', () => {
    const available = (amiFamily: 'AL2' | 'AL2023') =>
      typeOf({ name: 'a1.xlarge', arch: 'arm64' }, { amiFamily }).offerings.some(one => one.available)
    expect([available('AL2'), available('AL2023')]).toEqual([true, false])
  })
})

describe('prefix delegation', () => {
  const advice = (facts: Partial<Ec2Facts>, nodeClass = AL2023, reservedEnis = 0) =>
    prefixDelegation({ ...XLARGE, ...facts }, nodeClass, { ...DEFAULT_AWS_OPTIONS, reservedEnis })

  test('allows more pods than Karpenter counts, up to what Amazon recommends for the cores', () => {
    expect(advice({})).toEqual({ counted: 58, addresses: 898, maxPods: 110 })
    expect(advice({ cpu: 32, interfaces: { count: 8, ipv4Each: 30 } })).toMatchObject({ counted: 234, maxPods: 250 })
    expect(advice({ interfaces: { count: 2, ipv4Each: 2 } })).toEqual({ counted: 4, addresses: 34, maxPods: 34 })
    expect(advice({}, AL2023, 9)).toEqual({ counted: 0, addresses: 0, maxPods: 0 })
  })

  test('is no advice where prefixes are not to be had or maxPods is set', () => {
    expect(advice({ hypervisor: 'xen' })).toBeUndefined()
    expect(advice({ hypervisor: '', bareMetal: true })).toBeDefined()
    expect(advice({ interfaces: undefined })).toBeUndefined()
    expect(advice({}, withKubelet({ maxPods: 30 }))).toBeUndefined()
  })
})

describe('an EC2NodeClass', () => {
  const family = (spec: unknown) => readNodeClass({ spec }).nodeClass.amiFamily

  test('names its AMI family, or an alias does, else it is Custom', () => {
    expect(family({ amiFamily: 'Bottlerocket', amiSelectorTerms: [{ alias: 'al2023@latest' }] })).toBe('Bottlerocket')
    expect(family({ amiSelectorTerms: [{ id: 'ami-1' }, { alias: 'al2023@v20250101' }] })).toBe('AL2023')
    expect(family({})).toBe('Custom')
  })

  test('sizes the disk that pods write to by its mappings', () => {
    const storage = (spec: object, localNvmeGB = 0) => {
      const { nodeClass, problems } = readNodeClass({ spec: { amiFamily: 'Bottlerocket', ...spec } })
      expect(problems).toEqual([])
      return texts(typeOf({ localNvmeGB }, nodeClass).capacity, 'ephemeral-storage')[0]
    }
    const device = (deviceName: string, volumeSize: string, rootVolume = false) => ({
      deviceName,
      rootVolume,
      ebs: { volumeSize },
    })
    expect(storage({ blockDeviceMappings: [device('/dev/xvda', '4Gi'), device('/dev/xvdb', '80Gi')] })).toBe('80Gi')
    expect(storage({ blockDeviceMappings: [device('/dev/xvda', '4Gi')] })).toBe('20Gi')
    expect(storage({ blockDeviceMappings: [device('/dev/xvda', '50Gi', true)] })).toBe('50Gi')
    expect(storage({ amiFamily: 'Custom', blockDeviceMappings: [device('a', '1Gi'), device('b', '30Gi')] })).toBe(
      '30Gi',
    )
    expect(storage({ instanceStorePolicy: 'RAID0' }, 600)).toBe('600G')
    expect(storage({ instanceStorePolicy: 'RAID0' })).toBe('20Gi')
  })

  test('that is malformed is told by place, and the rest of it counts', () => {
    const { nodeClass, problems } = readNodeClass({
      spec: {
        amiFamily: 'AL2022',
        kubelet: {
          maxPods: 110,
          podsPerCore: -1,
          kubeReserved: { memory: '1.5GiB', cpu: '1' },
          systemReserved: ['cpu'],
          evictionHard: { 'memory.available': 'five%', 'nodefs.available': '1Gi' },
        },
        blockDeviceMappings: [{ ebs: { volumeSize: {} } }],
        instanceStorePolicy: 'RAID1',
      },
    })
    expect(problems.map(({ place }) => place)).toEqual([
      'spec.instanceStorePolicy',
      'spec.amiFamily',
      'spec.kubelet.podsPerCore',
      'spec.kubelet.kubeReserved["memory"]',
      'spec.kubelet.systemReserved',
      'spec.kubelet.evictionHard["memory.available"]',
      'spec.blockDeviceMappings[0].ebs.volumeSize',
    ])
    expect(problems[2]?.text).toBe('-1 where a whole number from 0 to 2147483647 belongs')
    expect(nodeClass.kubelet?.maxPods).toBe(110)
    expect([...(nodeClass.kubelet?.kubeReserved?.keys() ?? [])]).toEqual(['cpu'])
    expect([...(nodeClass.kubelet?.evictionHard?.keys() ?? [])]).toEqual(['nodefs.available'])
  })

  test.each([
    [undefined],
    [null],
    ['x'],
    [[]],
    [{ spec: 3 }],
    [{ spec: { amiSelectorTerms: [null, { alias: 'al3@1' }] } }],
  ])('of any shape is read without a crash: %j', input =>
    expect(readNodeClass(input).nodeClass.amiFamily).toBe('Custom'),
  )
})
