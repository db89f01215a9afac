// npm run fuzz -- --op GENERATOR --count N --seed S [--kubernetes-version V | --karpenter-version V] [--show N]: fresh cases, answered by the real code and by the engine.
// A name of Karpenter's oracle asks that one: once, and 300 times where its answer differs from the engine's, for it may have drawn lots.
// Exit 1: a difference; 2: the oracle can't be had or did not answer.
import { parseArgs } from 'node:util'
import { DEFAULT_KARPENTER_VERSION, DEFAULT_VERSION, KARPENTER_VERSIONS, KUBERNETES_VERSIONS } from '@everynode/engine'
import {
  describeLeftOut,
  familyOf,
  findKarpenterOracle,
  findOracle,
  freshCases,
  OPS,
  Refusal,
  RepeatingOracle,
  runCases,
} from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'
import { Sum } from './sum.ts'

/** The oracle of Kubernetes shifts the seed by 32 bits: beyond this two seeds would be the same. */
const LAST_SEED = 2 ** 31 - 1

/** The quantity parser of apimachinery v0.36.2 writes 10^n out before it rounds: for exponents of nine digits it computes for minutes to hours. */
const PATIENCE_SECONDS = 20

/** Often enough that an answer of one in a hundred is hardly ever missed. */
const REPEAT = 300

await open(async argv => {
  const options = {
    op: { type: 'string' },
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % LAST_SEED) },
    'kubernetes-version': { type: 'string' },
    'karpenter-version': { type: 'string' },
    show: { type: 'string', default: '3' },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const generator = values.op
  const count = wholeNumber('count', values.count, 1, Number.MAX_SAFE_INTEGER)
  const seed = wholeNumber('seed', values.seed, 0, LAST_SEED)
  const show = wholeNumber('show', values.show, 0, 1_000_000)
  if (generator === undefined) {
    throw new Refusal(
      'no --op; use: npm run fuzz -- --op GENERATOR --count N --seed S [--kubernetes-version V | --karpenter-version V]',
    )
  }
  const { oracle, name, repeats } = await oracleOf(generator, values['kubernetes-version'], values['karpenter-version'])

  const ops = new Map(OPS.map(op => [op.name, op]))
  console.log(describeLeftOut())
  const started = Date.now()
  let silent = 0
  const patience = (seconds: number) => ({
    seconds,
    silent: (line: string, why: string) => {
      silent++
      console.log(`the real code ${why}, nothing to compare with: ${line.slice(0, 400)}`)
    },
  })
  const repeating = repeats ? new RepeatingOracle(oracle, REPEAT, patience(PATIENCE_SECONDS * REPEAT)) : undefined
  const sum = new Sum()
  try {
    const cases = freshCases(oracle, { generator, seed, count }, patience(PATIENCE_SECONDS))
    const { tally, unknownOps } = await runCases(cases, {
      ops,
      show,
      write: console.log,
      ...(repeating && { askAgain: one => repeating.again(one) }),
    })
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    sum.add(`${name}, seed ${seed}, ${count} cases in ${seconds} s`, tally, unknownOps)
  } finally {
    repeating?.end()
  }
  return sum.end(`fuzz ${generator}`, silent)
})

interface Oracle {
  readonly oracle: string
  readonly name: string
  /** It can answer a question many times, and says which answers it gave. */
  readonly repeats: boolean
}

async function oracleOf(
  generator: string,
  kubernetes: string | undefined,
  karpenter: string | undefined,
): Promise<Oracle> {
  const family = familyOf(generator)
  const misplaced = family === 'karpenter' ? kubernetes : karpenter
  if (misplaced !== undefined) throw new Refusal(`${generator} is a question to ${family}; use --${family}-version`)
  if (family === 'karpenter') {
    const version = versionIn(KARPENTER_VERSIONS, karpenter ?? DEFAULT_KARPENTER_VERSION, 'Karpenter')
    const oracle = await findKarpenterOracle(version, console.error)
    return { oracle, name: `Karpenter ${version}`, repeats: true }
  }
  const version = versionIn(KUBERNETES_VERSIONS, kubernetes ?? DEFAULT_VERSION, 'Kubernetes')
  return { oracle: await findOracle(version, console.error), name: `Kubernetes ${version}`, repeats: false }
}

function versionIn<T extends string>(versions: readonly T[], text: string, project: string): T {
  const version = versions.find(one => one === text)
  if (version === undefined) throw new Refusal(`no model for ${project} ${text}; there is: ${versions.join(', ')}`)
  return version
}
