import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, nearNames } from '../src/near-names.ts'

describe('editDistance', () => {
  it('counts inserts, deletes, replacements and swaps', () => {
    expect([
      editDistance('', 'abc'),
      editDistance('fluent', 'fluetn'),
      editDistance('falco', 'falcon'),
      editDistance('kitten', 'sitting'),
    ]).toEqual([3, 1, 1, 3])
  })
  it('is zero only between equal texts, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b)
        return (
          (distance === 0) === (a === b) &&
          distance === editDistance(b, a) &&
          distance <= Math.max(a.length, b.length) &&
          distance >= Math.abs(a.length - b.length)
        )
      }),
    )
  })
})

describe('nearNames', () => {
  const names = ['datadog-agent', 'fluent-bit', 'node-exporter', 'kube-proxy', 'aws-node']
  it('finds what was probably meant, nearest first', () => {
    expect(nearNames('datadog-agnet', names)).toEqual(['datadog-agent'])
    expect(nearNames('datadog', names)).toEqual(['datadog-agent'])
    expect(nearNames('Fluentbit', names)).toEqual(['fluent-bit'])
  })
  it('offers nothing where nothing is near', () => {
    expect(nearNames('cilium', names)).toEqual([])
    expect(nearNames('x', names)).toEqual([])
  })
  it('offers at most as many as asked for', () => {
    expect(nearNames('agent', ['agent-1', 'agent-2', 'agent-3', 'agent-4', 'agent-1'], 3)).toEqual([
      'agent-1',
      'agent-2',
      'agent-3',
    ])
  })
})
