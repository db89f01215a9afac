import { FITS, type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from '../framework/filter-plugin.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { goSort } from '../go-sort.ts'
import { PreparedFit } from '../plugins/node-resources-fit.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { type Amounts, CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'
import type { DisruptionBudgets } from './budgets.ts'
import { type DryRun, moreImportant, tied } from './dry-run.ts'

/** Up to this length Go's sort is a plain insertion sort. */
const INSERTION_SORT = 12
/** More pods take Go's own steps at once: a plain insertion sort would cost their square. */
const MOST_INSERTED = 64

/**
 * The dry run of `selectVictims` by counting alone, for a pod that only needs cpu, memory, ephemeral storage and a slot: nothing is
 * taken off the snapshot and put back. Absent where something else decides too: a port that is taken, scalars, counts over pods, nominated
 * pods, numbers beyond 2^53. `candidates` are the pods of lower priority, at least one; they are sorted in place.
 */
export function countVictims(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: NodeIndex,
  candidates: PodIndex[],
): DryRun | undefined {
  if (prepared.counts.length > 0 || snapshot.nominated.has(node) || snapshot.resources.wide[node] === 1)
    return undefined
  const fit = onlyFit(prepared, node)
  if (!fit) return undefined
  const room = new Room(snapshot, fit.asked, node)
  room.empty(candidates)
  if (!room.fits()) return { kind: 'does not fit', node, ...room.shortage() }
  sortByImportance(candidates, snapshot)
  const violating = budgets.empty ? undefined : budgets.violating(candidates, snapshot)
  if (!violating || violating.size === 0) {
    const victims = room.fill(candidates)
    return { kind: 'victims', node, victims, pdbViolations: 0, ties: tied(victims, candidates, snapshot) }
  }
  const victims = room.fill(candidates.filter(pod => violating.has(pod)))
  const pdbViolations = victims.length
  for (const pod of room.fill(candidates.filter(pod => !violating.has(pod)))) victims.push(pod)
  if (violating.size < candidates.length) goSort(victims, moreImportant(snapshot))
  return { kind: 'victims', node, victims, pdbViolations, ties: tied(victims, candidates, snapshot) }
}

/** The fit of a pod that every other filter lets pass on this node: pods that go and come back take no port that is not taken now. */
function onlyFit(prepared: PreparedPod, node: number): PreparedFit | undefined {
  const { filters } = prepared
  let fit: PreparedFit | undefined
  for (let index = 0; index < filters.length; index++) {
    const filter = filters[index]!
    if (filter instanceof PreparedFit) fit = filter
    else if (filter.filter(node) !== FITS) return undefined
  }
  return fit && !fit.asked.wide && fit.asked.scalars.length === 0 ? fit : undefined
}

/** What is left on a node while pods are taken away and put back on paper. */
class Room {
  private readonly snapshot: ClusterSnapshot
  private readonly asked: Amounts
  private readonly node: number
  private slots: number
  private cpu: number
  private memory: number
  private ephemeral: number

  constructor(snapshot: ClusterSnapshot, asked: Amounts, node: number) {
    const { allocatable, requested } = snapshot.resources
    this.snapshot = snapshot
    this.asked = asked
    this.node = node
    this.slots = snapshot.allowedPods[node]! - snapshot.podCount[node]!
    this.cpu = allocatable[CPU]![node]! - requested[CPU]![node]!
    this.memory = allocatable[MEMORY]![node]! - requested[MEMORY]![node]!
    this.ephemeral = allocatable[EPHEMERAL_STORAGE]![node]! - requested[EPHEMERAL_STORAGE]![node]!
  }

  /** Takes all of the pods away. */
  empty(pods: readonly PodIndex[]): void {
    const cpus = this.snapshot.podCpu.cells
    const memories = this.snapshot.podMemory.cells
    const ephemerals = this.snapshot.podEphemeral.cells
    let { cpu, memory, ephemeral } = this
    for (let index = 0; index < pods.length; index++) {
      const pod = pods[index]!
      cpu += cpus[pod]!
      memory += memories[pod]!
      ephemeral += ephemerals[pod]!
    }
    this.slots += pods.length
    this.cpu = cpu
    this.memory = memory
    this.ephemeral = ephemeral
  }

  /** Puts the pods back one by one, each if the preemptor still fits then; answers those that stay away. */
  fill(pods: readonly PodIndex[]): PodIndex[] {
    const cpus = this.snapshot.podCpu.cells
    const memories = this.snapshot.podMemory.cells
    const ephemerals = this.snapshot.podEphemeral.cells
    // What may be given back: nothing is asked where the amount is not above zero.
    const { asked } = this
    const lowestCpu = asked.cpu > 0 ? asked.cpu : Number.NEGATIVE_INFINITY
    const lowestMemory = asked.memory > 0 ? asked.memory : Number.NEGATIVE_INFINITY
    const lowestEphemeral = asked.ephemeral > 0 ? asked.ephemeral : Number.NEGATIVE_INFINITY
    let { slots, cpu, memory, ephemeral } = this
    const away: PodIndex[] = []
    for (let index = 0; index < pods.length; index++) {
      const pod = pods[index]!
      const cpuAfter = cpu - cpus[pod]!
      const memoryAfter = memory - memories[pod]!
      const ephemeralAfter = ephemeral - ephemerals[pod]!
      if (slots < 2 || cpuAfter < lowestCpu || memoryAfter < lowestMemory || ephemeralAfter < lowestEphemeral) {
        away.push(pod)
        continue
      }
      slots--
      cpu = cpuAfter
      memory = memoryAfter
      ephemeral = ephemeralAfter
    }
    this.slots = slots
    this.cpu = cpu
    this.memory = memory
    this.ephemeral = ephemeral
    return away
  }

  fits(): boolean {
    const { cpu, memory, ephemeral } = this.asked
    return (
      this.slots >= 1 &&
      (cpu <= 0 || cpu <= this.cpu) &&
      (memory <= 0 || memory <= this.memory) &&
      (ephemeral <= 0 || ephemeral <= this.ephemeral)
    )
  }

  /** The words for what is still missing, as NodeResourcesFit says them. */
  shortage(): { readonly code: FilterCode; readonly texts: readonly string[] } {
    const { cpu, memory, ephemeral } = this.asked
    const { allocatable } = this.snapshot.resources
    const texts: string[] = this.slots < 1 ? ['Too many pods'] : []
    let code: FilterCode = UNSCHEDULABLE
    const check = (column: number, name: string, asked: number, free: number): void => {
      if (asked <= 0 || asked <= free) return
      texts.push(`Insufficient ${name}`)
      if (asked > allocatable[column]![this.node]!) code = UNRESOLVABLE
    }
    check(CPU, 'cpu', cpu, this.cpu)
    check(MEMORY, 'memory', memory, this.memory)
    check(EPHEMERAL_STORAGE, 'ephemeral-storage', ephemeral, this.ephemeral)
    return { code, texts }
  }
}

/**
 * Sorts as Go does. Few pods are sorted by insertion, as Go sorts up to 12; the order of more is the only one possible where all differ,
 * and takes Go's own steps where two are equal.
 */
function sortByImportance(pods: PodIndex[], snapshot: ClusterSnapshot): void {
  if (pods.length > MOST_INSERTED) {
    goSort(pods, moreImportant(snapshot))
    return
  }
  const unsorted = pods.length > INSERTION_SORT ? pods.slice() : undefined
  const strict = insertionSort(pods, snapshot.podPriorities.cells, snapshot.podStarts.cells)
  if (!unsorted || strict) return
  for (let index = 0; index < pods.length; index++) pods[index] = unsorted[index]!
  goSort(pods, moreImportant(snapshot))
}

/** Sorts by `moreImportant`; true if it puts every pod before the next one, so that no two are equal. */
function insertionSort(pods: PodIndex[], priorities: Int32Array, starts: Float64Array): boolean {
  for (let i = 1; i < pods.length; i++) {
    const pod = pods[i]!
    const priority = priorities[pod]!
    const start = starts[pod]!
    let j = i
    for (; j > 0; j--) {
      const before = pods[j - 1]!
      const other = priorities[before]!
      if (priority === other ? !(start < starts[before]!) : priority < other) break
      pods[j] = before
    }
    pods[j] = pod
  }
  for (let i = 1; i < pods.length; i++) {
    const one = pods[i - 1]!
    const next = pods[i]!
    if (priorities[one] === priorities[next] && !(starts[one]! < starts[next]!)) return false
  }
  return true
}
