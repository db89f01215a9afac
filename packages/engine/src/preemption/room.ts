import { FITS, type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from '../framework/filter-plugin.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { PORT_TEXTS, PreparedNodePorts } from '../plugins/node-ports.ts'
import { PreparedFit } from '../plugins/node-resources-fit.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { portKey } from '../snapshot/host-ports.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import { type Amounts, CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'

/**
 * What a preemptor finds on a node while pods are taken away and put back on paper: slots, cpu, memory, ephemeral storage and host
 * ports. Absent where something else decides too: another filter that rejects the node now, scalars, numbers beyond 2^53.
 */
export function roomOn(prepared: PreparedPod, snapshot: ClusterSnapshot, node: number): Room | undefined {
  const { filters } = prepared
  let fit: PreparedFit | undefined
  let taken: PreparedNodePorts | undefined
  for (let index = 0; index < filters.length; index++) {
    const filter = filters[index]!
    if (filter instanceof PreparedFit) fit = filter
    else if (filter.filter(node) === FITS) continue
    // Pods that go and come back take no port that is not taken now.
    else if (filter instanceof PreparedNodePorts) taken = filter
    else return undefined
  }
  return fit && !fit.asked.wide && fit.asked.scalars.length === 0
    ? new Room(snapshot, fit.asked, node, taken)
    : undefined
}

class Room {
  private readonly snapshot: ClusterSnapshot
  private readonly asked: Amounts
  private readonly node: number
  /** Set if a port is taken now. */
  private readonly ports: PreparedNodePorts | undefined
  private readonly usedPorts: Set<string>
  private slots: number
  private cpu: number
  private memory: number
  private ephemeral: number

  constructor(snapshot: ClusterSnapshot, asked: Amounts, node: number, ports: PreparedNodePorts | undefined) {
    const { allocatable, requested } = snapshot.resources
    this.snapshot = snapshot
    this.asked = asked
    this.node = node
    this.ports = ports
    this.usedPorts = ports ? new Set(snapshot.portsOn(node)) : NO_PORTS
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
    if (this.ports) for (const pod of pods) this.freePorts(pod)
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
      const lacks = slots < 2 || cpuAfter < lowestCpu || memoryAfter < lowestMemory || ephemeralAfter < lowestEphemeral
      if (this.ports) this.takePorts(pod)
      if (lacks || this.clashes()) {
        if (this.ports) this.freePorts(pod)
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
      !this.clashes() &&
      this.slots >= 1 &&
      (cpu <= 0 || cpu <= this.cpu) &&
      (memory <= 0 || memory <= this.memory) &&
      (ephemeral <= 0 || ephemeral <= this.ephemeral)
    )
  }

  /** The words for what is still missing, as NodePorts and NodeResourcesFit say them. */
  shortage(): { readonly code: FilterCode; readonly texts: readonly string[] } {
    if (this.clashes()) return { code: UNSCHEDULABLE, texts: PORT_TEXTS }
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

  private clashes(): boolean {
    return this.ports?.clash(this.usedPorts) !== undefined
  }

  private takePorts(pod: PodIndex): void {
    for (const port of this.snapshot.hostPortsOf(pod)) this.usedPorts.add(portKey(port))
  }

  /** As a set forgets them: also a port that another pod holds too. */
  private freePorts(pod: PodIndex): void {
    for (const port of this.snapshot.hostPortsOf(pod)) this.usedPorts.delete(portKey(port))
  }
}

// Nobody adds to it: it stands where no port is taken.
const NO_PORTS: Set<string> = new Set()
