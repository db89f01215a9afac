import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DaemonSet, Namespace, Node, Pod, PriorityClass } from '@everynode/engine'
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
  const oracle = await findOracle('1.36', line => console.error(line))
  const folder = mkdtempSync(join(tmpdir(), 'everynode-bench-'))
  try {
    const file = join(folder, 'world.json')
    const flags = [
      '-nodes',
      size.nodes,
      '-pods-per-node',
      size.podsPerNode,
      '-daemons',
      size.daemonSets,
      '-seed',
      size.seed,
    ]
    const distinct = size.distinct ? ['-distinct'] : []
    const report = await run(oracle, [
      'bench',
      ...flags.map(String),
      ...distinct,
      '-seconds',
      String(seconds),
      '-json',
      '-dump',
      file,
    ])
    const { items } = JSON.parse(readFileSync(file, 'utf8')) as { readonly items: readonly { readonly kind: string }[] }
    const ofKind = <T>(kind: string) => items.filter(item => item.kind === kind) as unknown as readonly T[]
    const rates =
      report === ''
        ? []
        : (
            JSON.parse(report) as {
              readonly rates: readonly { readonly what: string; readonly perCpuSecond: number }[]
            }
          ).rates
    return {
      nodes: ofKind('Node'),
      pods: ofKind('Pod'),
      namespaces: ofKind('Namespace'),
      daemonSets: ofKind('DaemonSet'),
      priorityClasses: ofKind('PriorityClass'),
      expect: JSON.parse(readFileSync(file.replace(/\.json$/, '.expect.json'), 'utf8')) as OracleWorld['expect'],
      rates: Object.fromEntries(rates.map(({ what, perCpuSecond }) => [what, perCpuSecond])),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Refusal(`oracle bench ended with exit code ${code}`)
  return out
}
