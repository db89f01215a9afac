import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addQuantity,
  compareQuantity,
  KARPENTER_DIFFERENCES,
  type Pod,
  parseQuantity,
  type Quantity,
} from '../src/index.ts'
import { RequestReader } from '../src/provisioning/request-reader.ts'
import { mergeResources, requestsOfPod } from '../src/provisioning/resource-lists.ts'

const TEXTS = [
  '0',
  '1',
  '100m',
  '1n',
  '3u',
  '250Mi',
  '1e3',
  '5.5',
  '-2',
  '-1n',
  '9007199254740991',
  '9223372036854775807',
]
const quantity = fc.constantFrom(...TEXTS, '1E', '123456789012n', '-9223372036854775807').map((text): Quantity => {
  const read = parseQuantity(text)
  if (read.kind === 'error') throw new Error(read.text)
  return read
})

test('a sum is exact, however small or large its parts', () => {
  fc.assert(
    fc.property(fc.array(quantity, { minLength: 1, maxLength: 12 }), list => {
      const sum = mergeResources(list.map(one => new Map([['cpu', one]]))).get('cpu')!
      expect(compareQuantity(sum, list.reduce(addQuantity))).toBe(0)
    }),
    { numRuns: 2000 },
  )
})

test('pods of the same containers share what they ask for, save where more than containers counts', () => {
  const containers = [{ name: 'main', resources: { requests: { cpu: '1' } } }]
  const statuses = [{ name: 'main', resources: { requests: { cpu: '3' } } }]
  const pod = (spec: object = {}, status: object = {}): Pod => ({ metadata: {}, spec: { containers, ...spec }, status })
  const pods = [
    pod(),
    pod(),
    pod({ overhead: { cpu: '2' } }),
    pod({ initContainers: [{ name: 'init', resources: { requests: { cpu: '7' } } }] }),
    pod({ resources: { requests: { cpu: '5' } } }),
    pod({}, { containerStatuses: statuses }),
    pod({}, { containerStatuses: statuses, conditions: [{ type: 'PodResizePending', reason: 'Infeasible' }] }),
    { metadata: {}, spec: {} },
  ]
  const differences = KARPENTER_DIFFERENCES['1.14']
  const reader = new RequestReader(differences)
  for (const one of [...pods, ...pods]) expect(reader.of(one)).toEqual(requestsOfPod(one, differences))
  expect(reader.of(pod())).toBe(reader.of(pod()))
})
