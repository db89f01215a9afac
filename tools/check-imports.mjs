// npm run imports: who imports whom, against the allow-list of .dependency-cruiser.cjs. Fails where nothing was looked at.
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { ROOT } from './bundle.mjs'

process.chdir(ROOT)
const { allowed, allowedSeverity, forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const packages = readdirSync('packages').filter(name => existsSync(join('packages', name, 'package.json')))
const folders = ['packages', 'tools', 'bench'].filter(name => existsSync(name))

const ruleSet = { allowed, allowedSeverity, forbidden }
const { enhancedResolveOptions, ...cruiseOptions } = options
const tsConfig = extractTSConfig(options.tsConfig.fileName)
const { output } = await cruise(folders, { ...cruiseOptions, validate: true, ruleSet }, enhancedResolveOptions, {
  tsConfig,
})

const { modules, summary } = output
for (const { rule, from, to } of summary.violations) console.error(`error: ${from} → ${to} [${rule.name}]`)
const cruised = name =>
  modules.filter(module => module.source.startsWith(`packages/${name}/src/`) && module.dependencies.length > 0).length
const empty = packages.filter(name => cruised(name) === 0)
for (const name of empty) console.error(`error: no import of packages/${name} was looked at`)

const looked = packages.map(name => `${name} ${cruised(name)}`).join(', ')
console.log(
  `imports: ${modules.length} modules, ${summary.totalDependenciesCruised} imports looked at (modules with imports: ${looked})`,
)
process.exitCode = summary.error > 0 || empty.length > 0 || modules.length === 0 ? 1 : 0
