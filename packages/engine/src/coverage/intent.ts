import type { Node, Taint } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { ObjectMeta, StringMap } from '../api/meta.ts'
import { tolerates } from '../taints.ts'
import { type NodeFacts, taintRole } from './node-facts.ts'
import { formatTaint, type NodeShapes } from './node-shapes.ts'
import type { Intent, IntentStatement } from './types.ts'
import { UNTOLERATED_TAINT, WANTED, type WantedNodes } from './wanted.ts'

/** Annotation on a DaemonSet or its template: `<taint key>: <reason>`, one a line. */
export const IGNORE_TAINT_ANNOTATION = 'everynode.dev/ignore-untolerated-taint'

/** A DaemonSet as intent reads it. */
export interface IntentSubject {
  readonly key: string
  readonly meta: ObjectMeta
  readonly templateAnnotations: StringMap | undefined
  readonly wanted: WantedNodes
}

/** Why a node that a taint keeps the DaemonSet from is left out, in words. */
export interface IntentAnswer {
  readonly intent: Intent
  readonly detail: string
}

/** What `IntentJudge` knows of the cluster. */
export interface IntentWorld {
  readonly nodes: readonly Node[]
  readonly facts: readonly NodeFacts[]
  readonly shapes: NodeShapes
  readonly subjects: readonly IntentSubject[]
  readonly nodePools: readonly NodePool[]
  readonly statements: readonly IntentStatement[]
  readonly onlyPools?: readonly string[] | undefined
  readonly exceptPools?: readonly string[] | undefined
}

interface PoolTaint {
  readonly pool: string | undefined
  readonly taint: Taint
}

/** Tells a gap that somebody meant from one that nobody saw (DESIGN §3, "Intended or gap?"). Judged once per node shape and DaemonSet. */
export class IntentJudge {
  readonly #world: IntentWorld
  readonly #poolTaints: readonly PoolTaint[]
  /** By shape: how many platform DaemonSets run there, and how many the taints keep away. */
  readonly #shares = new Map<number, { readonly run: number; readonly kept: number }>()
  readonly #answers = new Map<string, IntentAnswer>()

  constructor(world: IntentWorld) {
    this.#world = world
    this.#poolTaints = poolTaints(world)
  }

  /** `taint` is the first permanent one on the node that the DaemonSet does not tolerate. */
  judge(subject: IntentSubject, position: number, taint: Taint): IntentAnswer {
    const key = `${subject.key}\0${this.#world.shapes.of[position]}\0${formatTaint(taint)}`
    const known = this.#answers.get(key)
    if (known) return known
    const answer = this.#judge(subject, position, taint)
    this.#answers.set(key, answer)
    return answer
  }

  #judge(subject: IntentSubject, position: number, taint: Taint): IntentAnswer {
    const { pool, virtual } = this.#world.facts[position]!
    const text = `taint ${formatTaint(taint)} is not tolerated`
    if (virtual)
      return { intent: 'irrelevant', detail: `a virtual node (${virtual.key}=${virtual.value}) runs no DaemonSet` }
    const annotated = annotatedReason(subject, taint)
    if (annotated !== undefined) return { intent: 'stated', detail: `${text}; meant: ${annotated}` }
    const statement = this.#world.statements.find(one => statementMatches(one, subject.key, taint, pool))
    if (statement?.says === 'meant') return { intent: 'stated', detail: `${text}; meant: ${statement.reason}` }
    if (isOutsidePools(pool, this.#world))
      return { intent: 'stated', detail: `${text}; pool ${pool ?? '(none)'} is left out by option` }
    if (statement?.says === 'gap')
      return { intent: 'likely-gap', detail: `${text}; said to be a gap: ${statement.reason}` }
    const other = this.#poolTaints.find(
      one => one.taint.key !== taint.key && one.pool !== pool && toleratesByKey(subject.wanted, one.taint),
    )
    if (other) {
      const where = other.pool === undefined ? '' : ` of pool ${other.pool}`
      return { intent: 'likely-gap', detail: `${text}, but taint ${other.taint.key}${where} is` }
    }
    const { run, kept } = this.#share(this.#world.shapes.of[position]!)
    if (run > kept)
      return {
        intent: 'likely-gap',
        detail: `${text}; ${run} of ${run + kept} cluster-wide DaemonSets run there`,
      }
    return { intent: 'unknown', detail: `${text}; nobody said whether that is meant` }
  }

  /** Platform DaemonSets are those that also run on nodes of another shape; one made for this pool only says nothing. */
  #share(shape: number): { readonly run: number; readonly kept: number } {
    const known = this.#shares.get(shape)
    if (known) return known
    const { nodes, shapes, subjects } = this.#world
    const here = shapes.first[shape]!
    let run = 0
    let kept = 0
    for (const { wanted } of subjects) {
      const code = wanted.code(nodes[here]!, here)
      if (code !== WANTED && code !== UNTOLERATED_TAINT) continue
      const elsewhere = shapes.first.some(
        (position, other) => other !== shape && wanted.code(nodes[position]!, position) === WANTED,
      )
      if (code === WANTED && (elsewhere || shapes.count === 1)) run++
      if (code === UNTOLERATED_TAINT) kept++
    }
    const share = { run, kept }
    this.#shares.set(shape, share)
    return share
  }
}

/** True if `--only-pools` or `--except-pools` leaves the pool out. */
export function isOutsidePools(
  pool: string | undefined,
  options: { readonly onlyPools?: readonly string[] | undefined; readonly exceptPools?: readonly string[] | undefined },
): boolean {
  if (options.onlyPools !== undefined && (pool === undefined || !options.onlyPools.includes(pool))) return true
  return pool !== undefined && options.exceptPools?.includes(pool) === true
}

function toleratesByKey(wanted: WantedNodes, taint: Taint): boolean {
  return wanted.tolerations.some(
    toleration => toleration.key !== undefined && toleration.key !== '' && tolerates(toleration, taint),
  )
}

function annotatedReason(subject: IntentSubject, taint: Taint): string | undefined {
  for (const text of [
    subject.meta.annotations?.[IGNORE_TAINT_ANNOTATION],
    subject.templateAnnotations?.[IGNORE_TAINT_ANNOTATION],
  ]) {
    for (const line of text?.split(/[\n;]/) ?? []) {
      const at = line.indexOf(': ')
      if (at < 0) continue
      const reason = line.slice(at + 2).trim()
      if (reason !== '' && namesTaint(line.slice(0, at).trim(), taint)) return reason
    }
  }
  return undefined
}

function statementMatches(statement: IntentStatement, key: string, taint: Taint, pool: string | undefined): boolean {
  if (statement.taint !== undefined && !namesTaint(statement.taint, taint)) return false
  if (statement.pool !== undefined && (pool === undefined || !globMatches(statement.pool, pool))) return false
  return statement.daemonSets === undefined || statement.daemonSets.some(pattern => globMatches(pattern, key))
}

/** `key`, `key:Effect` or `key=value:Effect`; the key may hold `*`. */
function namesTaint(pattern: string, taint: Taint): boolean {
  return (
    globMatches(pattern, taint.key) ||
    globMatches(pattern, `${taint.key}:${taint.effect}`) ||
    pattern === formatTaint(taint)
  )
}

/** Whether a name matches a pattern in which `*` stands for any text. Linear in both, whatever the pattern. */
export function globMatches(pattern: string, name: string): boolean {
  const parts = pattern.split('*')
  if (parts.length === 1) return pattern === name
  const first = parts[0]!
  const last = parts[parts.length - 1]!
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}

function poolTaints(world: IntentWorld): readonly PoolTaint[] {
  const found = new Map<string, PoolTaint>()
  const add = (pool: string | undefined, taint: Taint): void => {
    if (taint.effect !== 'PreferNoSchedule') found.set(`${pool ?? ''}\0${formatTaint(taint)}`, { pool, taint })
  }
  for (const position of world.shapes.first) {
    const facts = world.facts[position]!
    if (facts.virtual) continue
    for (const taint of world.nodes[position]!.spec?.taints ?? []) {
      if (taintRole(taint, facts) === 'permanent') add(facts.pool, taint)
    }
  }
  for (const pool of world.nodePools) {
    for (const taint of pool.spec?.template?.spec?.taints ?? []) add(pool.metadata.name, taint)
  }
  return [...found.values()]
}
