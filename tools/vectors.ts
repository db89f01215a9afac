// npm run vectors -- [--show N] PATH…: compares the engine with recorded answers.
// Exit 1: a difference; 2: no cases, an unknown op or an unreadable line.
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { describeLeftOut, OPS, Refusal, readVectors, runCases, vectorFiles } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'
import { Sum } from './sum.ts'

await open(async argv => {
  const options = { show: { type: 'string', default: '3' } } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const show = wholeNumber('show', values.show, 0, 1_000_000)
  if (positionals.length === 0)
    throw new Refusal('no path; use: npm run vectors -- PATH… (files or folders of .jsonl and .jsonl.gz)')

  const ops = new Map(OPS.map(op => [op.name, op]))
  const sum = new Sum()
  console.log(describeLeftOut())
  for (const file of vectorFiles(positionals)) {
    const { tally, unknownOps } = await runCases(readVectors(file, new Set(ops.keys())), {
      ops,
      show,
      write: console.log,
    })
    sum.add(relative('.', file), tally, unknownOps)
  }
  return sum.end('vectors')
})
