import { build } from 'esbuild'
import { repositoryRoot } from '../../packages/testkit/src/repository.ts'

/** One batch of questions in, their answers out, in order; the page hears of what is thrown, but not of what is rejected. */
const ON_MESSAGE = `onmessage = async ({ data }) => {
  const answers = []
  for (const question of data) answers.push(await everynode.answer(question))
  postMessage(answers)
}
onunhandledrejection = ({ reason }) => { throw reason }`

/** Everything that answers, as the script of a worker. Fails where a source needs what a browser has not. */
export async function workerScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot(),
    entryPoints: ['tools/browser/answers.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'everynode',
    target: 'es2023',
    conditions: ['source'],
    footer: { js: ON_MESSAGE },
    logLevel: 'warning',
  })
  return outputFiles[0]!.text
}
