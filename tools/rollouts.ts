// npm run rollouts -- [--show N] FOLDER: forecasts recorded stories many times each and compares field by field.
// Exit 1: a field that differs, or a recording that contradicts itself; 2: no story, or a file that can't be read.
import { parseArgs } from 'node:util'
import { checkStory, type FieldResult, findStories, Refusal, RUNS, readStory } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'

await open(async argv => {
  const options = { show: { type: 'string', default: '3' } } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const show = wholeNumber('show', values.show, 0, 1_000_000)
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0)
    throw new Refusal('not one folder; use: npm run rollouts -- [--show N] FOLDER, a story or a folder of stories')

  const { folders, latencies } = findStories(path)
  const sum = { passed: 0, failed: 0, deferred: 0 }
  console.log(`${folders.length} stories, ${RUNS} runs each; never compared: names, ms, zones, which of equal nodes`)
  for (const folder of folders) {
    const started = Date.now()
    const { name, unsound, fields, deferred } = checkStory(readStory(folder), latencies)
    const wrong = fields.filter(({ kind }) => kind === 'failed')
    const isOpen = fields.filter(({ kind }) => kind === 'open')
    // The recording's own soundness is one more thing to hold.
    const failed = wrong.length + (unsound.length > 0 ? 1 : 0)
    const passed = fields.length - wrong.length - isOpen.length + (unsound.length > 0 ? 0 : 1)
    sum.passed += passed
    sum.failed += failed
    sum.deferred += deferred.length
    for (const problem of unsound) console.log(`unsound: ${name}: ${problem}`)
    for (const one of [...wrong, ...isOpen]) console.log(describe(name, one, show))
    const rest = deferred.length === 0 ? '' : `, deferred: ${deferred.length}`
    console.log(`${name}: ${passed} passed, ${failed} failed${rest} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
  console.log(`rollouts: ${sum.passed} passed, ${sum.failed} failed, deferred: ${sum.deferred}`)
  return sum.failed > 0 ? 1 : 0
})

function describe(story: string, { field, kind, hits, runs, expected, others }: FieldResult, show: number): string {
  const word = kind === 'open' ? 'open' : 'different'
  return [
    `${word}: ${story}: ${field}: ${hits} of ${runs} runs come to a recorded value`,
    ...expected.map(value => `  recorded ${value}`),
    ...others.slice(0, show).map(([value, count]) => `  ${count} runs   ${value}`),
    ...(others.length > show ? [`  … and ${others.length - show} other values`] : []),
  ].join('\n')
}
