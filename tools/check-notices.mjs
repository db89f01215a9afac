// npm run notices: every package that is bundled into the command line is named in THIRD_PARTY_NOTICES with its version.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, ROOT } from './bundle.mjs'

const PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//

const out = await bundle('cli').catch(error => {
  console.error(`error: the command line can't be bundled: ${error.message}`)
  process.exit(1)
})
const { files } = JSON.parse(readFileSync(`${out}.made-of.json`, 'utf8'))
const bundled = new Set(files.map(file => PACKAGE.exec(file.path)?.[1]).filter(name => name !== undefined))
const notices = readFileSync(join(ROOT, 'THIRD_PARTY_NOTICES'), 'utf8')
const missing = [...bundled].map(versioned).filter(name => !notices.includes(`\n${name} (`))
for (const name of missing) console.error(`error: ${name} is bundled, and THIRD_PARTY_NOTICES does not name it`)
console.log(`notices: ${bundled.size} bundled packages, ${missing.length} not named`)
process.exitCode = missing.length > 0 || bundled.size === 0 ? 1 : 0

function versioned(name) {
  return `${name} ${JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version}`
}
