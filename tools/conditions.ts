// node tools/run.mjs conditions FILE NAMESPACE/DAEMONSET: what the cluster's own scheduler and controller wrote about a DaemonSet's
// pods in a dump (.json or .json.gz), read without the engine. Equal texts are counted; they stand on lines of 80 columns.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Refusal } from '../packages/testkit/src/refusal.ts'
import { open } from './door.ts'

interface Item {
  readonly kind: string
  readonly metadata: {
    readonly namespace?: string
    readonly name: string
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[]
  }
  readonly spec?: { readonly nodeName?: string }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[]
    readonly desiredNumberScheduled?: number
    readonly numberReady?: number
  }
}

await open(async ([file = '', name = '']) => {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const { items } = JSON.parse(text) as { readonly items: readonly Item[] }
  const [namespace, daemonSet] = name.split('/')
  const own = items.filter(
    ({ kind, metadata }) =>
      kind === 'Pod' &&
      metadata.namespace === namespace &&
      metadata.ownerReferences?.some(owner => owner.kind === 'DaemonSet' && owner.name === daemonSet) === true,
  )
  const status = items.find(
    ({ kind, metadata }) => kind === 'DaemonSet' && metadata.namespace === namespace && metadata.name === daemonSet,
  )?.status
  if (status === undefined) throw new Refusal(`${file} has no DaemonSet ${name}`)
  const bound = own.filter(({ spec }) => spec?.nodeName !== undefined).length
  console.log(`status of the DaemonSet: desired ${status.desiredNumberScheduled}, ready ${status.numberReady}`)
  console.log(`pods: ${bound} bound, ${own.length - bound} Pending`)
  const messages = new Map<string, number>()
  for (const { status: of } of own) {
    const message = of?.conditions?.find(one => one.type === 'PodScheduled' && one.status === 'False')?.message
    if (message !== undefined) messages.set(message, (messages.get(message) ?? 0) + 1)
  }
  for (const [message, pods] of messages)
    console.log([`PodScheduled of ${pods} pods:`, ...folded(message)].join('\n            '))
  return 0
})

/** The text in lines of 68 characters, broken at spaces: where `why` prints its own. */
function folded(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= 68) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
