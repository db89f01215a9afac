// npm run bench -- NAME [ARGS…]: runs bench/NAME.ts in a process of its own; files in folders below bench/ are their parts.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal, repositoryRoot } from '@everynode/testkit'
import { open } from './door.ts'

await open(async ([name, ...args]) => {
  const root = repositoryRoot()
  const names = readdirSync(join(root, 'bench'))
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -'.ts'.length))
  if (name === undefined || !names.includes(name)) {
    throw new Refusal(
      `${name === undefined ? 'no bench is named' : `no bench is called "${name}"`}; there is: ${names.sort(byName).join(', ')}`,
    )
  }
  const command = ['--expose-gc', join(root, 'tools/run.mjs'), `bench/${name}`, ...args]
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1
})

function byName(a: string, b: string): number {
  return a < b ? -1 : 1
}
