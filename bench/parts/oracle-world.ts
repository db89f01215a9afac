import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DaemonSet, Namespace, Node, Pod, PriorityClass, SnapshotObjects } from '@everynode/engine'
import { findOracle, Refusal } from '@everynode/testkit'

/** What `oracle bench -dump` writes: a cluster, the real scheduler's answers to it, and how fast it gave them. */
export interface OracleWorld {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly namespaces: readonly Namespace[]
  readonly daemonSets: readonly DaemonSet[]
  readonly priorityClasses: readonly PriorityClass[]
  readonly expect: { readonly total: ExpectedAnswers; readonly byDaemonSet: Readonly<Record<string, ExpectedAnswers>> }
  /** The real scheduler's rates per CPU second, by what was measured; empty where nothing was. */
  readonly rates: Readonly<Record<string, number>>
}

/** Verdicts counted by kind, as oracle/kubernetes/bench/dump.go names them. */
export interface ExpectedAnswers {
  readonly filter: Readonly<Record<string, number>>
  readonly pinned: Readonly<Record<string, number>>
  readonly victims: number
}

export interface WorldSize {
  readonly nodes: number
  readonly podsPerNode: number
  readonly daemonSets: number
  readonly seed: number
  /** No two nodes are equal. */
  readonly distinct?: boolean
}

/** Lets the real scheduler run on a cluster of this size for `seconds` a measurement, and reads the cluster back. */
export async function oracleWorld(size: WorldSize, seconds: number): Promise<OracleWorld> {
  const { ofKind, expect, rates } = await oracleDump<OracleWorld['expect']>(
    [...sizeFlags(size), '-daemons', String(size.daemonSets)],
    seconds,
  )
  return {
    nodes: ofKind('Node'),
    pods: ofKind('Pod'),
    namespaces: ofKind('Namespace'),
    daemonSets: ofKind('DaemonSet'),
    priorityClasses: ofKind('PriorityClass'),
    expect,
    rates,
  }
}

/** A world of workload pods: those that are bound, and those that are scheduled one after the other. */
export interface WorkloadWorld {
  readonly objects: SnapshotObjects
  readonly pending: readonly Pod[]
  /** The node of each pending pod, each scheduled after the one before was assumed. */
  readonly expect: readonly { readonly pod: string; readonly node: string }[]
  readonly rates: OracleWorld['rates']
}

/** As oracleWorld, for `pending` workload pods; the scheduler has one thread. */
export async function workloadWorld(
  size: Omit<WorldSize, 'daemonSets'>,
  pending: number,
  seconds: number,
): Promise<WorkloadWorld> {
  const flags = [...sizeFlags(size), '-pending', String(pending)]
  const { ofKind, expect, rates } = await oracleDump<{ readonly schedule: WorkloadWorld['expect'] }>(flags, seconds, {
    GOMAXPROCS: '1',
  })
  const pods = ofKind<Pod>('Pod')
  return {
    objects: {
      nodes: ofKind('Node'),
      pods: pods.filter(({ spec }) => spec.nodeName),
      namespaces: ofKind('Namespace'),
      services: ofKind('Service'),
      persistentVolumeClaims: ofKind('PersistentVolumeClaim'),
      persistentVolumes: ofKind('PersistentVolume'),
      storageClasses: ofKind('StorageClass'),
      csiNodes: ofKind('CSINode'),
      ...NONE_THERE,
    },
    pending: pods.filter(({ spec }) => !spec.nodeName),
    expect: expect.schedule,
    rates,
  }
}

/** Lists that the real scheduler knows to be empty. */
const NONE_THERE = {
  csiDrivers: [],
  csiStorageCapacities: [],
  volumeAttachments: [],
  replicaSets: [],
  statefulSets: [],
  replicationControllers: [],
} as const

function sizeFlags({ nodes, podsPerNode, seed, distinct }: Omit<WorldSize, 'daemonSets'>): readonly string[] {
  const flags = ['-nodes', nodes, '-pods-per-node', podsPerNode, '-seed', seed].map(String)
  return distinct ? [...flags, '-distinct'] : flags
}

interface Dump<Expect> {
  ofKind<T>(kind: string): readonly T[]
  readonly expect: Expect
  readonly rates: OracleWorld['rates']
}

async function oracleDump<Expect>(
  flags: readonly string[],
  seconds: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<Dump<Expect>> {
  const oracle = await findOracle('1.36', line => console.error(line))
  const folder = mkdtempSync(join(tmpdir(), 'everynode-bench-'))
  try {
    const file = join(folder, 'world.json')
    const args = ['bench', ...flags, '-seconds', String(seconds), '-json', '-dump', file]
    const report = await run(oracle, args, variables)
    const { items } = JSON.parse(readFileSync(file, 'utf8')) as { readonly items: readonly { readonly kind: string }[] }
    const { rates } = (report === '' ? { rates: [] } : JSON.parse(report)) as {
      readonly rates: readonly { readonly what: string; readonly perCpuSecond: number }[]
    }
    return {
      ofKind: <T>(kind: string) => items.filter(item => item.kind === kind) as unknown as readonly T[],
      expect: JSON.parse(readFileSync(file.replace(/\.json$/, '.expect.json'), 'utf8')) as Expect,
      rates: Object.fromEntries(rates.map(({ what, perCpuSecond }) => [what, perCpuSecond])),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { ...process.env, ...variables }
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Refusal(`oracle bench ended with exit code ${code}`)
  return out
}
