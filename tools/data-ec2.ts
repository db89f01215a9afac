// node tools/run.mjs data-ec2 [-- --check] [FACTS.json]: makes packages/data-ec2/src/table.ts of facts on EC2 instance types,
// by default those of the optional sibling folder ../shared. Exit 1: --check, and the table is another; 2: there are no facts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from '../packages/testkit/src/refusal.ts'
import { repositoryRoot } from '../packages/testkit/src/repository.ts'
import { tableSource } from './data-ec2/table.ts'
import { open } from './door.ts'

await open(async argv => {
  const options = { check: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const facts = positionals[0] ?? join(repositoryRoot(), '../shared/data/ec2-instance-types.json')
  if (!existsSync(facts))
    throw new Refusal(`no facts at ${facts}; use: node tools/run.mjs data-ec2 [--check] FACTS.json`)
  const table = join(repositoryRoot(), 'packages/data-ec2/src/table.ts')
  const source = tableSource(readFileSync(facts, 'utf8'))
  const same = existsSync(table) && readFileSync(table, 'utf8') === source
  if (!values.check) writeFileSync(table, source)
  console.log(`data-ec2: ${source.length} characters, ${same ? 'the same as before' : 'other than before'}`)
  return values.check && !same ? 1 : 0
})
