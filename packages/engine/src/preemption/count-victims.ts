import { FITS, type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from '../framework/filter-plugin.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { goSort } from '../go-sort.ts'
import { PreparedFit } from '../plugins/node-resources-fit.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'
import type { DisruptionBudgets } from './budgets.ts'
import { type DryRun, moreImportant, tied } from './dry-run.ts'

/** Up to this length Go's sort is a plain insertion sort. */
const INSERTION_SORT = 12

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
  const room = new Room(snapshot, fit, node)
  for (const pod of candidates) room.take(pod)
  if (!room.fits()) return { kind: 'does not fit', node, ...room.shortage() }
  const less = moreImportant(snapshot)
  if (candidates.length <= INSERTION_SORT) insertionSort(candidates, less)
  else goSort(candidates, less)
  const violating = budgets.empty ? undefined : budgets.violating(candidates, snapshot)
  const victims: PodIndex[] = []
  let pdbViolations = 0
  let reprieved = 0
  if (violating && violating.size > 0) {
    for (const pod of candidates) {
      if (!violating.has(pod)) continue
      reprieved++
      if (!room.putBack(pod)) victims.push(pod)
    }
    pdbViolations = victims.length
  }
  for (const pod of candidates) if (!violating?.has(pod) && !room.putBack(pod)) victims.push(pod)
  if (reprieved > 0 && reprieved < candidates.length) goSort(victims, less)
  return { kind: 'victims', node, victims, pdbViolations, ties: tied(victims, candidates, snapshot) }
}

/** The fit of a pod that every other filter lets pass on this node: pods that go and come back take no port that is not taken now. */
function onlyFit(prepared: PreparedPod, node: number): PreparedFit | undefined {
  let fit: PreparedFit | undefined
  for (const filter of prepared.filters) {
    if (filter instanceof PreparedFit) fit = filter
    else if (filter.filter(node) !== FITS) return undefined
  }
  return fit && !fit.asked.wide && fit.asked.scalars.length === 0 ? fit : undefined
}

/** What is left on a node while pods are taken away and put back on paper. */
class Room {
  private readonly snapshot: ClusterSnapshot
  private readonly fit: PreparedFit
  private readonly node: number
  private slots: number
  private cpu: number
  private memory: number
  private ephemeral: number

  constructor(snapshot: ClusterSnapshot, fit: PreparedFit, node: number) {
    const { allocatable, requested } = snapshot.resources
    this.snapshot = snapshot
    this.fit = fit
    this.node = node
    this.slots = snapshot.allowedPods[node]! - snapshot.podCount[node]!
    this.cpu = allocatable[CPU]![node]! - requested[CPU]![node]!
    this.memory = allocatable[MEMORY]![node]! - requested[MEMORY]![node]!
    this.ephemeral = allocatable[EPHEMERAL_STORAGE]![node]! - requested[EPHEMERAL_STORAGE]![node]!
  }

  take(pod: PodIndex): void {
    const { podCpu, podMemory, podEphemeral } = this.snapshot
    this.slots++
    this.cpu += podCpu.cells[pod]!
    this.memory += podMemory.cells[pod]!
    this.ephemeral += podEphemeral.cells[pod]!
  }

  putBack(pod: PodIndex): boolean {
    const { podCpu, podMemory, podEphemeral } = this.snapshot
    const { cpu, memory, ephemeral } = this
    this.slots--
    this.cpu -= podCpu.cells[pod]!
    this.memory -= podMemory.cells[pod]!
    this.ephemeral -= podEphemeral.cells[pod]!
    if (this.fits()) return true
    this.slots++
    this.cpu = cpu
    this.memory = memory
    this.ephemeral = ephemeral
    return false
  }

  fits(): boolean {
    const { cpu, memory, ephemeral } = this.fit.asked
    return (
      this.slots >= 1 &&
      (cpu <= 0 || cpu <= this.cpu) &&
      (memory <= 0 || memory <= this.memory) &&
      (ephemeral <= 0 || ephemeral <= this.ephemeral)
    )
  }

  /** The words for what is still missing, as NodeResourcesFit says them. */
  shortage(): { readonly code: FilterCode; readonly texts: readonly string[] } {
    const { cpu, memory, ephemeral } = this.fit.asked
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

function insertionSort(pods: PodIndex[], less: (a: PodIndex, b: PodIndex) => boolean): void {
  for (let i = 1; i < pods.length; i++) {
    for (let j = i; j > 0 && less(pods[j]!, pods[j - 1]!); j--) {
      const kept = pods[j]!
      pods[j] = pods[j - 1]!
      pods[j - 1] = kept
    }
  }
}
