import { describe, expect, test } from 'vitest'
import { findUntoleratedTaint, tolerates } from '../src/taints.ts'

const stable = { key: 'nodepool/stable', effect: 'NoSchedule' }

describe('a toleration', () => {
  test('without key and with Exists tolerates everything', () => {
    expect(tolerates({ operator: 'Exists' }, stable)).toBe(true)
  })

  test('compares values unless it only asks whether the taint exists', () => {
    expect(tolerates({ key: 'nodepool/stable' }, stable)).toBe(true)
    expect(tolerates({ key: 'nodepool/stable', value: 'x' }, stable)).toBe(false)
    expect(tolerates({ key: 'nodepool/stable', value: 'x', operator: 'Exists' }, stable)).toBe(true)
  })

  test('of another effect does not count', () => {
    expect(tolerates({ operator: 'Exists', effect: 'NoExecute' }, stable)).toBe(false)
  })

  test('with Gt, Lt or an operator that does not exist tolerates nothing', () => {
    for (const operator of ['Gt', 'Lt', 'exists']) {
      expect(tolerates({ key: 'a', operator, value: '1' }, { key: 'a', value: '1', effect: 'NoSchedule' })).toBe(false)
    }
  })
})

describe('the first untolerated taint', () => {
  test('is looked for among the effects that count', () => {
    const taints = [{ key: 'a', effect: 'PreferNoSchedule' }, stable, { key: 'b', effect: 'NoExecute' }]
    expect(findUntoleratedTaint(taints, [], 'NoScheduleOrNoExecute')).toBe(1)
    expect(findUntoleratedTaint(taints, [], 'NoExecute')).toBe(2)
    expect(findUntoleratedTaint(taints, [], 'PreferNoSchedule')).toBe(0)
    expect(findUntoleratedTaint(taints, [{ operator: 'Exists' }], 'NoExecute')).toBe(-1)
    expect(findUntoleratedTaint(undefined, undefined, 'NoExecute')).toBe(-1)
  })
})
