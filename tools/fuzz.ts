// npm run fuzz -- --op GENERATOR --count N --seed S [--kubernetes-version V] [--show N]: fresh cases, answered by the real code and by the engine.
// Exit 1: a difference; 2: the oracle can't be had or did not answer.
import { parseArgs } from 'node:util'
import { DEFAULT_VERSION, KUBERNETES_VERSIONS } from '@everynode/engine'
import { describeLeftOut, findOracle, freshCases, OPS, Refusal, runCases } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'
import { Sum } from './sum.ts'

/** The oracle shifts the seed by 32 bits: beyond this two seeds would be the same. */
const LAST_SEED = 2 ** 31 - 1

/** The quantity parser of apimachinery v0.36.2 writes 10^n out before it rounds: for exponents of nine digits it computes for minutes to hours. */
const PATIENCE_SECONDS = 20

await open(async argv => {
  const options = {
    op: { type: 'string' },
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % LAST_SEED) },
    'kubernetes-version': { type: 'string', default: DEFAULT_VERSION },
    show: { type: 'string', default: '3' },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const generator = values.op
  const count = wholeNumber('count', values.count, 1, Number.MAX_SAFE_INTEGER)
  const seed = wholeNumber('seed', values.seed, 0, LAST_SEED)
  const show = wholeNumber('show', values.show, 0, 1_000_000)
  const version = KUBERNETES_VERSIONS.find(one => one === values['kubernetes-version'])
  if (generator === undefined)
    throw new Refusal('no --op; use: npm run fuzz -- --op GENERATOR --count N --seed S [--kubernetes-version V]')
  if (version === undefined) {
    throw new Refusal(
      `no model for Kubernetes ${values['kubernetes-version']}; there is: ${KUBERNETES_VERSIONS.join(', ')}`,
    )
  }

  const oracle = await findOracle(version, console.error)
  const ops = new Map(OPS.map(op => [op.name, op]))
  console.log(describeLeftOut())
  const started = Date.now()
  let silent = 0
  const patience = {
    seconds: PATIENCE_SECONDS,
    silent: (line: string) => {
      silent++
      console.log(
        `the real code gave no answer in ${PATIENCE_SECONDS} s, nothing to compare with: ${line.slice(0, 400)}`,
      )
    },
  }
  const { tally, unknownOps } = await runCases(freshCases(oracle, { generator, seed, count }, patience), {
    ops,
    show,
    write: console.log,
  })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const sum = new Sum()
  sum.add(`Kubernetes ${version}, seed ${seed}, ${count} cases in ${seconds} s`, tally, unknownOps)
  return sum.end(`fuzz ${generator}`, silent)
})
