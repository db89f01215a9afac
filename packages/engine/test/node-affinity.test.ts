import { describe, expect, test } from 'vitest'
import { compileNodeAffinity, matchNodeAffinity } from '../src/node-affinity.ts'

const node = (name: string, labels: Readonly<Record<string, string>> = {}) => ({ metadata: { name, labels } })

function requiring(...nodeSelectorTerms: readonly object[]) {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } }
}

const expression = (key: string, operator: string, ...values: readonly string[]) => ({ key, operator, values })

describe('required node affinity', () => {
  test('admits a node if any term does, and a term that cannot be read spoils no other', () => {
    const spec = requiring(
      { matchExpressions: [expression('a', 'Gt', '-1')] },
      { matchExpressions: [expression('b', 'Exists')] },
    )
    expect(matchNodeAffinity(spec, node('n', { b: '' }))).toEqual({ match: true })
    expect(matchNodeAffinity(spec, node('n', { a: '5' }))).toMatchObject({
      match: false,
      error: expect.stringContaining('nodeSelectorTerms[0].matchExpressions[0].values[0][a]: Invalid value: "-1"'),
    })
  })

  test('is not asked where the nodeSelector forbids the node', () => {
    const spec = { nodeSelector: { os: 'linux' }, ...requiring({ matchExpressions: [expression('', 'In', 'x')] }) }
    expect(matchNodeAffinity(spec, node('n'))).toEqual({ match: false })
  })

  test('of no terms, or of empty ones, admits no node', () => {
    expect(matchNodeAffinity(requiring(), node('n'))).toEqual({ match: false })
    expect(matchNodeAffinity(requiring({}), node('n'))).toEqual({ match: false })
    expect(matchNodeAffinity({}, node('n'))).toEqual({ match: true })
  })

  test('finds a node by its name, and takes every other field for empty', () => {
    const affinity = compileNodeAffinity(requiring({ matchFields: [expression('metadata.name', 'In', 'n1')] }))
    expect(affinity.match({}, 'n1')).toBe(true)
    expect(affinity.match({}, 'n2')).toBe(false)
    expect(matchNodeAffinity(requiring({ matchFields: [expression('metadata.uid', 'In', '')] }), node('n')).match).toBe(
      true,
    )
  })

  test('takes an absent label for one that is not in a set', () => {
    const spec = requiring({ matchExpressions: [expression('eks.amazonaws.com/compute-type', 'NotIn', 'fargate')] })
    expect(matchNodeAffinity(spec, node('n')).match).toBe(true)
    expect(matchNodeAffinity(spec, node('n', { 'eks.amazonaws.com/compute-type': 'fargate' })).match).toBe(false)
  })
})
