// node tools/run.mjs [--bundle-only] NAME [ARGS…]: bundles NAME if a source is newer than its bundle, then runs it in this process.
import { pathToFileURL } from 'node:url'
import { bundle, targetOf } from './bundle.mjs'

const bundleOnly = process.argv[2] === '--bundle-only'
const [name, ...args] = process.argv.slice(bundleOnly ? 3 : 2)

if (name === undefined || targetOf(name) === undefined) {
  const problem = name === undefined ? 'no name' : `nothing is called "${name}"`
  fail(`${problem}; use: node tools/run.mjs cli, NAME of tools/NAME.ts or bench/NAME`)
} else {
  const path = await bundle(name).catch(error => fail(`${name} can't be bundled: ${error.message}`))
  if (path !== undefined && !bundleOnly) {
    process.setSourceMapsEnabled(true)
    process.argv = [process.argv[0], path, ...args]
    await import(pathToFileURL(path).href)
  }
}

function fail(message) {
  console.error(`error: ${message}`)
  process.exitCode = 2
}
