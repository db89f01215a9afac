// npm run tree: committed files name no machine, no folder of one, no package registry; the lock file works with any registry; nothing is oversized.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './bundle.mjs'

const MAX_BYTES = 2_000_000

/** Folders that only a certain machine has; recordings in testdata hold such paths of containers. */
const MACHINE_PATH = /(?<![\w.}])\/(?:root|tmp|home\/\w+|Users\/\w+|var\/folders)\//
const REGISTRY =
  /\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|npm\.pkg\.github\.com|proxy\.golang\.org|sum\.golang\.org|pypi\.org)\b/
/** Where this checkout lies and who runs it, unless that is as common as `/src`. */
const COMMON = /^\/(app|builds?|data|home|opt|packages|repo|src|srv|testdata|tmp|usr|var)?$/
const HERE = [ROOT, dirname(ROOT), homedir()].filter(name => !COMMON.test(name))

const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter(name => name !== '' && existsSync(join(ROOT, name)))
const problems = files.flatMap(check)
for (const problem of problems) console.error(`error: ${problem}`)
console.log(`tree: ${files.length} files looked at, ${problems.length} problems`)
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0

function check(file) {
  const path = join(ROOT, file)
  const found = []
  if (statSync(path).size > MAX_BYTES) found.push(`${file}: ${statSync(path).size} bytes, at most ${MAX_BYTES}`)
  const bytes = readFileSync(path)
  if (bytes.includes(0)) return found
  const isRecording = file.startsWith('testdata/')
  for (const [i, line] of bytes.toString('utf8').split('\n').entries()) {
    const place = `${file}:${i + 1}`
    const machine = isRecording ? null : MACHINE_PATH.exec(line)
    if (machine !== null) found.push(`${place}: a folder of one machine: ${machine[0]}`)
    const here = isRecording ? undefined : HERE.find(name => hasName(line, name))
    if (here !== undefined) found.push(`${place}: this machine: ${here}`)
    const registry = REGISTRY.exec(line)
    if (registry !== null) found.push(`${place}: a registry: ${registry[0]}`)
    if (file === 'package-lock.json' && /"resolved": "[a-z+]+:/.test(line))
      found.push(`${place}: an address in the lock file: ${line.trim()}`)
  }
  return found
}

function hasName(line, name) {
  const at = line.indexOf(name)
  return at >= 0 && !/[\w-]/.test(line[at + name.length] ?? '') && !/[\w.}*-]/.test(line[at - 1] ?? '')
}
