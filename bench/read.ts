// npm run bench -- read [PODS]: peak memory and speed of reading a dump as `kubectl get -A -o json` prints it, with and without
// managedFields, beside JSON.parse of the same objects one by one. The dump is made on the fly; each reading has a process of its own.
import { spawnSync } from 'node:child_process'
import { loadCluster } from '@everynode/source'
import { Refusal } from '@everynode/testkit'
import { open, wholeNumber } from '../tools/door.ts'
import { cpuSince, type LargeDump, largeDumpBytes, largeDumpObjects } from './parts/large-dump.ts'
import { grouped } from './parts/measure.ts'

const CEILING_MB = 600
/** Of the peak with managedFields, against that without. */
const TOLERANCE = 0.1
const SEED = 1
const BATCH = 1 << 20

interface Measured {
  readonly megabytes: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  readonly pods: number
}

await open(async ([pods = '150000', way, managedFields]) => {
  const dump: LargeDump = {
    pods: wholeNumber('pods', pods, 1, 10_000_000),
    managedFields: managedFields === 'managedFields',
    seed: SEED,
  }
  if (way === undefined) return compare(dump.pods)
  console.log(JSON.stringify(way === 'parse' ? parse(dump) : await load(dump)))
  return 0
})

function compare(pods: number): number {
  const rows = (['managedFields', 'plain'] as const).map(fields => {
    const ours = inChild(pods, 'load', fields)
    const theirs = inChild(pods, 'parse', fields)
    if (ours.pods !== pods) throw new Error(`${grouped(ours.pods)} of ${grouped(pods)} pods were read`)
    const speed = (measured: Measured) => grouped(measured.megabytes / measured.cpuSeconds)
    console.log(
      `${fields === 'plain' ? 'without' : 'with'} managedFields: ${grouped(ours.megabytes)} MB, peak ${grouped(ours.peakMegabytes)} MB, ` +
        `${speed(ours)} MB per CPU second; JSON.parse object by object, nothing kept: ${speed(theirs)}`,
    )
    return ours
  })
  const [fields, plain] = rows as [Measured, Measured]
  const difference = fields.peakMegabytes / plain.peakMegabytes - 1
  const peak = Math.max(fields.peakMegabytes, plain.peakMegabytes)
  const good = peak <= CEILING_MB && Math.abs(difference) <= TOLERANCE
  const sign = difference < 0 ? '−' : '+'
  console.log(
    `read: ${grouped(pods)} pods in ${grouped(peak)} MB at the peak (ceiling ${CEILING_MB} MB), ` +
      `${sign}${Math.abs(100 * difference).toFixed(1)} % with managedFields (ceiling ±${100 * TOLERANCE} %)`,
  )
  return good ? 0 : 1
}

function inChild(pods: number, way: 'load' | 'parse', fields: 'managedFields' | 'plain'): Measured {
  const script = process.argv[1]
  if (script === undefined) throw new Refusal('the bench does not know its own file')
  const { stdout, status } = spawnSync(process.execPath, [script, String(pods), way, fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`the ${way} process ended with ${status}`)
  return JSON.parse(stdout) as Measured
}

async function load(dump: LargeDump): Promise<Measured> {
  const spent = { seconds: 0 }
  let bytes = 0
  const began = process.cpuUsage()
  const { dump: cluster, diagnostics } = await loadCluster([
    {
      name: 'cluster.json',
      chunks: (async function* () {
        for (const chunk of largeDumpBytes(dump, spent)) {
          bytes += chunk.length
          yield chunk
        }
      })(),
    },
  ])
  const cpuSeconds = cpuSince(began) - spent.seconds
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]))
  return measured(bytes, cpuSeconds, cluster.pods?.length ?? 0)
}

/** What reading with the platform's parser costs: text of one object after the other, its value dropped at once. */
function parse(dump: LargeDump): Measured {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  let bytes = 0
  let cpuSeconds = 0
  let pods = 0
  let batch: Uint8Array[] = []
  let batchBytes = 0
  const parseBatch = () => {
    const began = process.cpuUsage()
    for (const object of batch) {
      const { kind } = JSON.parse(decoder.decode(object)) as { readonly kind: string }
      if (kind === 'Pod') pods++
    }
    cpuSeconds += cpuSince(began)
    bytes += batchBytes
    batch = []
    batchBytes = 0
  }
  for (const text of largeDumpObjects(dump)) {
    const object = encoder.encode(text)
    batch.push(object)
    batchBytes += object.length
    if (batchBytes > BATCH) parseBatch()
  }
  parseBatch()
  return measured(bytes, cpuSeconds, pods)
}

function measured(bytes: number, cpuSeconds: number, pods: number): Measured {
  // maxRSS is in KiB.
  return { megabytes: bytes / 1e6, cpuSeconds, peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6, pods }
}
