// node tools/run.mjs [--bundle-only] NAME [ARGS…]: bundles NAME if a source is newer than its bundle, then runs it in this process.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle, ROOT, targetOf } from './bundle.mjs'

const bundleOnly = process.argv[2] === '--bundle-only'
const [name, ...args] = process.argv.slice(bundleOnly ? 3 : 2)
const target = name === undefined ? undefined : targetOf(name)

if (target === undefined) {
  console.error(
    `error: ${name === undefined ? 'no name' : `nothing is called "${name}"`}; use: node tools/run.mjs cli | NAME of tools/NAME.ts | bench/NAME`,
  )
  process.exitCode = 2
} else if (bundleOnly && name === 'cli' && !existsSync(join(ROOT, 'packages/cli/src/main.ts'))) {
  console.error('everynode: packages/cli/src/main.ts does not exist yet, nothing to bundle')
} else {
  const path = await bundle(name)
  if (!bundleOnly) {
    process.setSourceMapsEnabled(true)
    process.argv = [process.argv[0], path, ...args]
    await import(pathToFileURL(path).href)
  }
}
