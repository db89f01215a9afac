import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { repositoryRoot } from '../repository.ts'
import { cutDown, type ListObject } from './mutants.ts'

/** The recorded clusters of testdata/rollouts, each cut down to a few objects. */
export function recordedDumps(): readonly (readonly ListObject[])[] {
  const folder = join(repositoryRoot(), 'testdata/rollouts')
  const stories = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  return stories.map(({ name }) => {
    const text = gunzipSync(readFileSync(join(folder, name, 'cluster-before.json.gz'))).toString('utf8')
    return cutDown((JSON.parse(text) as { readonly items: readonly ListObject[] }).items)
  })
}
