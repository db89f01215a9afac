#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'

const here = path => new URL(path, import.meta.url)
const [first, ...others] = process.argv.slice(2)

if (first === '--version' && others.length === 0) {
  console.log(JSON.parse(readFileSync(here('../package.json'), 'utf8')).version)
} else if (await isBuilt()) {
  await import('../dist/everynode.mjs')
} else {
  console.error(
    'error: everynode is not built: packages/cli/dist/everynode.mjs is missing; run `npm ci` in the repository',
  )
  process.exitCode = 2
}

async function isBuilt() {
  // In a checkout the sources are beside the bundle; it is made again when one of them is newer.
  if (existsSync(here('../src/start.ts'))) {
    try {
      const { bundle } = await import('../../../tools/bundle.mjs')
      await bundle('cli')
    } catch (error) {
      console.error(`error: everynode can't be bundled: ${error.message}`)
      return false
    }
  }
  return existsSync(here('../dist/everynode.mjs'))
}
