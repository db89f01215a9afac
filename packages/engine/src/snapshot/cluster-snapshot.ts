import type { PodDisruptionBudget, ReplicationController, Workload } from '../api/apps.ts'
import type { Namespace, Node, Pod, Service, Taint } from '../api/core.ts'
import { isScalarResourceName } from '../pod-requests.ts'
import { parseQuantity, quantityMilliValue, quantityValue } from '../quantity.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from '../versions.ts'
import { AttachableVolumes } from './attachable-volumes.ts'
import { GrowableFloat64, GrowableInt32 } from './growable.ts'
import { type HostPort, hostPorts, portKey, type UsedPorts } from './host-ports.ts'
import { ImageIndex } from './image-index.ts'
import type { NodeIndex, PodIndex } from './indices.ts'
import { LabelColumns } from './label-columns.ts'
import { MatchingPods } from './matching-pods.ts'
import { nodeOrder } from './node-order.ts'
import { PodAmounts } from './pod-amounts.ts'
import {
  type Amounts,
  CPU,
  EPHEMERAL_STORAGE,
  MEMORY,
  ResourceColumns,
  type ResourceRow,
  type ScalarAmount,
} from './resource-columns.ts'
import { type StorageLists, StorageObjects } from './storage-objects.ts'
import { internTaints } from './taint-ids.ts'

/** What the scheduler sees of a cluster. Pods count if they are bound to one of the nodes, or nominated to one, and not finished. */
export interface SnapshotObjects extends StorageLists {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly podDisruptionBudgets?: readonly PodDisruptionBudget[] | undefined
  readonly namespaces?: readonly Namespace[] | undefined
  readonly services?: readonly Service[] | undefined
  /** Owners of pods, read for their selectors. Absent lists are unknown. */
  readonly replicaSets?: readonly Workload[] | undefined
  readonly statefulSets?: readonly Workload[] | undefined
  readonly replicationControllers?: readonly ReplicationController[] | undefined
}

/** Lists of objects whose selectors spread their pods by default. */
export type PodOwners = Pick<SnapshotObjects, 'replicaSets' | 'statefulSets' | 'replicationControllers'>

/** Facts that only few pods have, so that they stand apart from the columns. */
interface PodExtras {
  readonly amounts: Amounts
  readonly ports: readonly HostPort[]
}

interface Undo {
  /** `created` by `addPod`, `added` back by `readdPod`, or `removed`. */
  readonly kind: 'created' | 'added' | 'removed'
  readonly pod: PodIndex
  readonly node: NodeIndex
  /** Position among the node's pods. */
  readonly position: number
  readonly resources: ResourceRow
  readonly ports: UsedPorts | undefined
}

const NO_PORTS: readonly HostPort[] = []
const NO_SCALARS: readonly ScalarAmount[] = []
const NONE: ReadonlySet<string> = new Set()

/** Priority of a pod as the scheduler reads it: 0 where admission did not set one. */
export const podPriority = (pod: Pod): number => pod.spec.priority ?? 0

/** `namespace/name`; the API server's default namespace where none is set. */
export const podKey = (pod: Pod): string => `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`

const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/**
 * Nodes and bound pods as columns: what kube-scheduler keeps as one NodeInfo per node
 * (kubernetes pkg/scheduler/framework/types.go, v1.36.2). Pods come and go by `addPod` and `removePod`; `fork` marks a state,
 * `revert` restores every cell of it, `commit` keeps what was done since. Reading costs no allocation, a change O(1).
 */
export class ClusterSnapshot {
  readonly nodes: readonly Node[]
  readonly nodeCount: number
  /** Positions of the nodes in the scheduler's own order of walking. */
  readonly order: readonly number[]
  /** By node: its position in `order`. */
  readonly rank: Int32Array
  readonly resources: ResourceColumns
  readonly labels: LabelColumns
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly services: readonly Service[]
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[]
  /** Owners of pods; a list that is absent is unknown. */
  readonly owners: PodOwners
  readonly storage: StorageObjects

  /** 1 where `spec.unschedulable` is set. */
  readonly unschedulable: Uint8Array
  /** Pods that a node takes at most (`allocatable.pods`), and how many it has. */
  readonly allowedPods: Float64Array
  readonly podCount: Int32Array
  /** Different taints with effect NoSchedule or NoExecute, in order of first sight; `taintIds` of a node point here. */
  readonly taints: readonly Taint[]
  /** By node: its hard taints in list order; absent if it has none. */
  readonly taintIds: readonly (Int32Array | undefined)[]
  /** 1 where a node has a hard taint. */
  readonly tainted: Uint8Array
  /** Pods that are nominated to a node but not bound, by node. */
  readonly nominated: ReadonlyMap<number, readonly Pod[]>

  // By pod: priority, start time in ms since 1970 (Infinity where none is set: kube-scheduler takes the present time), requested amounts.
  readonly podPriorities: GrowableInt32
  readonly podStarts: GrowableFloat64
  readonly podCpu: GrowableFloat64
  readonly podMemory: GrowableFloat64
  readonly podEphemeral: GrowableFloat64
  private readonly podNonZeroCpu: GrowableFloat64
  private readonly podNonZeroMemory: GrowableFloat64
  /** 1 where a pod has scalars, host ports or wide amounts, which stand in `extras`. */
  readonly podSpecial: GrowableInt32
  /** Pods with required anti-affinity, which every incoming pod must be held against. */
  readonly withRequiredAntiAffinity = new Set<PodIndex>()
  /** Pods with any pod affinity or anti-affinity, required or preferred, which score nodes for every incoming pod. */
  readonly withPodAffinity = new Set<PodIndex>()

  private readonly pods: Pod[] = []
  private readonly podNodes: GrowableInt32
  private readonly podsByNode: PodIndex[][]
  private readonly extras = new Map<PodIndex, PodExtras>()
  private readonly usedPorts = new Map<number, Set<string>>()
  private readonly nodeIds = new Map<string, NodeIndex>()
  /** By `namespace/name`; made when somebody first asks, as most questions never do. */
  private podIds: Map<string, PodIndex> | undefined
  private readonly forks: Undo[][] = []
  private readonly podAmounts: PodAmounts
  /** By maker: what it made, see `once`. */
  private readonly made = new Map<unknown, unknown>()
  // Made when somebody first asks.
  private attachableVolumes: AttachableVolumes | undefined
  private matchingPods: MatchingPods | undefined
  private imageIndex: ImageIndex | undefined

  readonly version: KubernetesVersion

  constructor(objects: SnapshotObjects, version: KubernetesVersion = DEFAULT_VERSION) {
    this.version = version
    const { nodes } = objects
    this.nodes = nodes
    this.nodeCount = nodes.length
    this.order = nodeOrder(nodes)
    this.rank = new Int32Array(nodes.length)
    this.order.forEach((node, position) => {
      this.rank[node] = position
    })
    this.resources = new ResourceColumns(nodes.length)
    this.podAmounts = new PodAmounts(this.resources, version)
    this.labels = new LabelColumns(nodes.map(node => node.metadata.labels))
    this.namespaces = new Map((objects.namespaces ?? []).map(namespace => [namespace.metadata.name ?? '', namespace]))
    this.services = objects.services ?? []
    this.podDisruptionBudgets = objects.podDisruptionBudgets ?? []
    this.owners = objects
    this.storage = new StorageObjects(objects)
    this.unschedulable = new Uint8Array(nodes.length)
    this.allowedPods = new Float64Array(nodes.length)
    this.podCount = new Int32Array(nodes.length)
    this.tainted = new Uint8Array(nodes.length)
    this.podsByNode = nodes.map(() => [])
    const capacity = objects.pods.length
    this.podPriorities = new GrowableInt32(capacity)
    this.podStarts = new GrowableFloat64(capacity)
    this.podCpu = new GrowableFloat64(capacity)
    this.podMemory = new GrowableFloat64(capacity)
    this.podEphemeral = new GrowableFloat64(capacity)
    this.podNonZeroCpu = new GrowableFloat64(capacity)
    this.podNonZeroMemory = new GrowableFloat64(capacity)
    this.podSpecial = new GrowableInt32(capacity)
    this.podNodes = new GrowableInt32(capacity)
    nodes.forEach((node, index) => {
      this.readNode(node, index as NodeIndex)
    })
    const { taints, ids } = internTaints(nodes)
    this.taints = taints
    this.taintIds = ids
    ids.forEach((list, index) => {
      if (list) this.tainted[index] = 1
    })
    this.nominated = this.takePods(objects.pods)
  }

  /** The different volumes that CSI drivers attach for the pods of a node. */
  volumesOn(node: number): Int32Array {
    return this.attachable.ofNode(node, this.podsOn(node), this.pods)
  }

  get attachable(): AttachableVolumes {
    this.attachableVolumes ??= new AttachableVolumes(this.storage)
    return this.attachableVolumes
  }

  /** Counts of pods by what selectors ask. Costs a pass over all pods at the first call, and a little for each change from then on. */
  get matching(): MatchingPods {
    this.matchingPods ??= new MatchingPods(this)
    return this.matchingPods
  }

  get images(): ImageIndex {
    this.imageIndex ??= new ImageIndex(this.nodes)
    return this.imageIndex
  }

  /** What `make` answers for this snapshot: it is asked the first time only. For what a reader wants to keep as long as the snapshot. */
  once<T>(make: (snapshot: ClusterSnapshot) => T): T {
    const known = this.made.get(make)
    if (known !== undefined) return known as T
    const made = make(this)
    this.made.set(make, made)
    return made
  }

  nodeIndex(name: string): NodeIndex | undefined {
    return this.nodeIds.get(name)
  }

  node(index: NodeIndex): Node {
    return this.nodes[index] as Node
  }

  nodeName(index: number): string {
    return this.nodes[index]?.metadata.name ?? ''
  }

  pod(index: PodIndex): Pod {
    return this.pods[index] as Pod
  }

  /** The pod of this `namespace/name`, if it is bound to a node of the snapshot. */
  findPod(key: string): PodIndex | undefined {
    if (!this.podIds) {
      const ids = new Map<string, PodIndex>()
      this.pods.forEach((pod, index) => {
        if (this.nodeOf(index as PodIndex) !== undefined) ids.set(podKey(pod), index as PodIndex)
      })
      this.podIds = ids
    }
    return this.podIds.get(key)
  }

  /** The node that a pod of the snapshot is bound to; absent once it was removed. */
  nodeOf(pod: PodIndex): NodeIndex | undefined {
    const node = this.podNodes.cells[pod]
    return node === undefined || node === 0 ? undefined : ((node - 1) as NodeIndex)
  }

  /** Pods of a node in the order in which the scheduler's NodeInfo has them. */
  podsOn(node: number): readonly PodIndex[] {
    return this.podsByNode[node] ?? []
  }

  portsOn(node: number): UsedPorts {
    return this.usedPorts.get(node) ?? NONE
  }

  hostPortsOf(pod: PodIndex): readonly HostPort[] {
    return (this.podSpecial.cells[pod] === 1 ? this.extras.get(pod)?.ports : undefined) ?? NO_PORTS
  }

  amountsOf(pod: PodIndex): Amounts {
    const extras = this.podSpecial.cells[pod] === 1 ? this.extras.get(pod) : undefined
    if (extras) return extras.amounts
    return {
      cpu: this.podCpu.cells[pod]!,
      memory: this.podMemory.cells[pod]!,
      ephemeral: this.podEphemeral.cells[pod]!,
      nonZeroCpu: this.podNonZeroCpu.cells[pod]!,
      nonZeroMemory: this.podNonZeroMemory.cells[pod]!,
      scalars: NO_SCALARS,
    }
  }

  /** What the scheduler asks for a pod that is not bound yet; see `Amounts`. */
  incoming(pod: Pod): Amounts {
    return this.podAmounts.incoming(pod)
  }

  /** Binds a pod. Costs what summing its requests costs. */
  addPod(pod: Pod, node: NodeIndex): PodIndex {
    const index = this.pods.length as PodIndex
    const undo = this.before('created', index, node, this.podsOn(node).length)
    this.pods.push(pod)
    this.describe(pod, index)
    this.attach(index, node)
    this.podIds?.set(podKey(pod), index)
    undo?.push()
    return index
  }

  /** Takes a bound pod away; the last pod of the node takes its position, as upstream's slice does. */
  removePod(pod: PodIndex): void {
    const node = this.nodeOf(pod)
    if (node === undefined) return
    const list = this.podsByNode[node] as PodIndex[]
    const position = list.indexOf(pod)
    const undo = this.before('removed', pod, node, position)
    list[position] = list[list.length - 1] as PodIndex
    list.pop()
    this.podNodes.set(pod, 0)
    this.podCount[node]!--
    this.resources.subtract(node, this.amountsOf(pod))
    this.freePorts(pod, node)
    this.forgetAffinity(pod, node)
    this.podIds?.delete(podKey(this.pod(pod)))
    undo?.push()
  }

  /** Puts a pod back that `removePod` took away: at the end of the node's list, as upstream's AddPodInfo does. */
  readdPod(pod: PodIndex, node: NodeIndex): void {
    const undo = this.before('added', pod, node, this.podsOn(node).length)
    this.attach(pod, node)
    this.podIds?.set(podKey(this.pod(pod)), pod)
    undo?.push()
  }

  fork(): void {
    this.forks.push([])
  }

  /** Restores every cell as it was at the last `fork`. */
  revert(): void {
    const undos = this.forks.pop()
    if (!undos) return
    for (let index = undos.length - 1; index >= 0; index--) this.undo(undos[index] as Undo)
  }

  /** Keeps what was done since the last `fork`. */
  commit(): void {
    const undos = this.forks.pop()
    this.forks.at(-1)?.push(...(undos ?? []))
  }

  private readNode(node: Node, index: NodeIndex): void {
    const name = node.metadata.name ?? ''
    if (!this.nodeIds.has(name)) this.nodeIds.set(name, index)
    if (node.spec?.unschedulable) this.unschedulable[index] = 1
    for (const [resource, text] of Object.entries(node.status?.allocatable ?? {})) {
      const quantity = parseQuantity(text)
      if (quantity.kind === 'error') continue
      if (resource === 'cpu') this.resources.offer(index, CPU, quantityMilliValue(quantity))
      else if (resource === 'memory') this.resources.offer(index, MEMORY, quantityValue(quantity))
      else if (resource === 'ephemeral-storage') this.resources.offer(index, EPHEMERAL_STORAGE, quantityValue(quantity))
      else if (resource === 'pods') this.allowedPods[index] = Number(quantityValue(quantity))
      else if (isScalarResourceName(resource))
        this.resources.offer(index, this.resources.column(resource), quantityValue(quantity))
    }
  }

  private takePods(pods: readonly Pod[]): ReadonlyMap<number, readonly Pod[]> {
    const nominated = new Map<number, Pod[]>()
    for (const pod of pods) {
      if (isFinished(pod)) continue
      const bound = pod.spec.nodeName
      const node = this.nodeIds.get(bound || (pod.status?.nominatedNodeName ?? ''))
      if (node === undefined) continue
      if (bound) this.addPod(pod, node)
      else if (nominated.has(node)) nominated.get(node)?.push(pod)
      else nominated.set(node, [pod])
    }
    return nominated
  }

  private describe(pod: Pod, index: PodIndex): void {
    const amounts = this.podAmounts.bound(pod)
    const ports = hostPorts(pod)
    this.podPriorities.set(index, podPriority(pod))
    this.podStarts.set(
      index,
      pod.status?.startTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(pod.status.startTime),
    )
    this.podCpu.set(index, amounts.cpu)
    this.podMemory.set(index, amounts.memory)
    this.podEphemeral.set(index, amounts.ephemeral)
    this.podNonZeroCpu.set(index, amounts.nonZeroCpu)
    this.podNonZeroMemory.set(index, amounts.nonZeroMemory)
    const special = ports.length > 0 || amounts.scalars.length > 0 || amounts.wide !== undefined
    this.podSpecial.set(index, special ? 1 : 0)
    if (special) this.extras.set(index, { amounts, ports })
  }

  private attach(pod: PodIndex, node: NodeIndex): void {
    this.podsByNode[node]?.push(pod)
    this.podNodes.set(pod, node + 1)
    this.podCount[node]!++
    this.resources.add(node, this.amountsOf(pod))
    const ports = this.hostPortsOf(pod)
    if (ports.length > 0) {
      let used = this.usedPorts.get(node)
      if (!used) {
        used = new Set()
        this.usedPorts.set(node, used)
      }
      for (const port of ports) used.add(portKey(port))
    }
    this.noteAffinity(pod, node)
  }

  private noteAffinity(pod: PodIndex, node: NodeIndex): void {
    this.matchingPods?.moved(pod, node, 1)
    this.attachableVolumes?.changed(node)
    const { affinity } = this.pod(pod).spec
    if (!affinity) return
    const { podAffinity, podAntiAffinity } = affinity
    if (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length) this.withRequiredAntiAffinity.add(pod)
    if (podAffinity || podAntiAffinity) this.withPodAffinity.add(pod)
  }

  private forgetAffinity(pod: PodIndex, node: NodeIndex): void {
    this.matchingPods?.moved(pod, node, -1)
    this.attachableVolumes?.changed(node)
    this.withRequiredAntiAffinity.delete(pod)
    this.withPodAffinity.delete(pod)
  }

  private freePorts(pod: PodIndex, node: number): void {
    const used = this.usedPorts.get(node)
    if (used) for (const port of this.hostPortsOf(pod)) used.delete(portKey(port))
  }

  /** What must be remembered before a change while a fork is open; `push` records it once the change was made. */
  private before(kind: Undo['kind'], pod: PodIndex, node: NodeIndex, position: number): { push(): void } | undefined {
    const fork = this.forks.at(-1)
    if (!fork) return undefined
    const ports = this.usedPorts.get(node)
    const undo: Undo = {
      kind,
      pod,
      node,
      position,
      resources: this.resources.save(node),
      ports: ports && new Set(ports),
    }
    return { push: () => fork.push(undo) }
  }

  private undo({ kind, pod, node, position, resources, ports }: Undo): void {
    const list = this.podsByNode[node] as PodIndex[]
    const key = podKey(this.pod(pod))
    if (kind !== 'removed') {
      list.pop()
      this.podNodes.set(pod, 0)
      this.podCount[node]!--
      this.forgetAffinity(pod, node)
    } else {
      list.push(list[position] as PodIndex)
      list[position] = pod
      this.podNodes.set(pod, node + 1)
      this.podCount[node]!++
      this.noteAffinity(pod, node)
    }
    this.resources.restore(node, resources)
    if (ports) this.usedPorts.set(node, new Set(ports))
    else this.usedPorts.delete(node)
    if (kind === 'removed') this.podIds?.set(key, pod)
    else this.podIds?.delete(key)
    if (kind === 'created') {
      this.pods.pop()
      this.extras.delete(pod)
    }
  }
}
