import { describe, expect, test } from 'vitest'
import type { Pod, PodSpec, PodStatus } from '../src/api/core.ts'
import { boundUsage, incomingRequest, isScalarResourceName, podRequests } from '../src/pod-requests.ts'
import { formatQuantity } from '../src/quantity.ts'

function pod(spec: PodSpec, status: PodStatus = {}): Pod {
  return { metadata: { name: 'p' }, spec, status }
}

const container = (name: string, requests: Readonly<Record<string, string>>, restartPolicy?: string) => ({
  name,
  resources: { requests },
  ...(restartPolicy !== undefined && { restartPolicy }),
})

function requests(of: Pod): Readonly<Record<string, string>> {
  return Object.fromEntries([...podRequests(of)].map(([name, quantity]) => [name, formatQuantity(quantity)]))
}

describe('the requests of a pod', () => {
  test('are the greatest of what runs together and what each init container needs with the sidecars before it', () => {
    const containers = [container('a', { cpu: '1' }), container('b', { cpu: '500m', memory: '1Gi' })]
    const initContainers = [container('s', { cpu: '1' }, 'Always'), container('i', { cpu: '2', memory: '512Mi' })]
    expect(requests(pod({ containers, initContainers }))).toEqual({ cpu: '3', memory: '1Gi' })
  })

  test('are replaced by those at pod level, for the resources that may stand there, and overhead is added', () => {
    const spec = {
      containers: [container('a', { cpu: '1', 'nvidia.com/gpu': '1' })],
      resources: { requests: { cpu: '2', 'nvidia.com/gpu': '5' } },
      overhead: { cpu: '250m' },
    }
    expect(requests(pod(spec))).toEqual({ cpu: '2250m', 'nvidia.com/gpu': '1' })
  })

  test('leave out a text that is no quantity', () => {
    expect(requests(pod({ containers: [container('a', { cpu: '1 core', memory: '1Gi' })] }))).toEqual({ memory: '1Gi' })
  })

  test('are rounded up once, after they are summed', () => {
    const containers = [container('a', { memory: '500m' }), container('b', { memory: '500m' })]
    expect(incomingRequest(pod({ containers })).memory).toBe(1n)
  })

  test('below zero ask for nothing, but a bound pod gives them back', () => {
    const negative = pod({ containers: [container('a', { cpu: '-1', 'example.com/x': '-1' })] })
    expect(incomingRequest(negative)).toMatchObject({ milliCPU: 0n, scalar: new Map([['example.com/x', 0n]]) })
    expect(boundUsage(negative)).toMatchObject({ milliCPU: -1000n, scalar: new Map([['example.com/x', -1n]]) })
  })

  test('of no container are none', () => {
    expect(boundUsage({ metadata: {}, spec: {} })).toMatchObject({ milliCPU: 0n, memory: 0n, nonZeroMilliCPU: 0n })
  })
})

describe('the usage of a bound pod', () => {
  const resized = (reason: string) =>
    pod(
      { containers: [container('a', { cpu: '1' }), container('b', { cpu: '1' })] },
      {
        containerStatuses: [
          { name: 'a', resources: { requests: { cpu: '3' } } },
          { name: 'b', resources: {}, allocatedResources: { cpu: '200m' } },
        ],
        conditions: [{ type: 'PodResizePending', status: 'True', reason }],
      },
    )

  test('counts of each container the greatest until 1.36 and the greatest sum since 1.37', () => {
    expect(boundUsage(resized('Deferred'), '1.36').milliCPU).toBe(4000n)
    expect(boundUsage(resized('Deferred'), '1.37').milliCPU).toBe(3200n)
  })

  test('does not count what a resize asks for in vain', () => {
    expect(boundUsage(resized('Infeasible'), '1.36').milliCPU).toBe(3200n)
  })

  test('takes 100m and 200Mi for scoring where a container names nothing', () => {
    const bound = boundUsage(pod({ containers: [container('a', {}), container('b', { cpu: '1' })] }))
    expect(bound).toMatchObject({ nonZeroMilliCPU: 1100n, nonZeroMemory: 400n * 2n ** 20n })
  })
})

test('the scheduler counts extended resources, hugepages and native names, and ignores the rest', () => {
  const counted = ['nvidia.com/gpu', 'hugepages-2Mi', 'kubernetes.io/x', 'attachable-volumes-x']
  expect(counted.filter(isScalarResourceName)).toEqual(counted)
  expect(['foo', 'storage', 'requests.nvidia.com/gpu', 'requests.x', 'bad key/x'].filter(isScalarResourceName)).toEqual(
    [],
  )
})
