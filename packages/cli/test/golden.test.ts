import { describe, expect, it } from 'vitest'
import { expected, goldenCases, record, runCase } from './golden.ts'

// EVERYNODE_UPDATE_GOLDEN=1 records; read the diff before committing it.
const updates = process.env['EVERYNODE_UPDATE_GOLDEN'] === '1'
const cases = goldenCases()

describe('the command line', () => {
  it('has recorded cases', () => {
    expect(cases.length).toBeGreaterThan(20)
  })
  for (const golden of cases) {
    it(`answers as recorded: ${golden.name}`, async () => {
      const outcome = await runCase(golden)
      if (updates) record(golden.name, outcome)
      expect(outcome).toEqual(expected(golden.name))
    })
  }
})
