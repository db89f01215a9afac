import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Node, Pod } from '../api/core.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { DEFAULT_VERSION, type KubernetesVersion, modelFor } from '../versions.ts'
import { DaemonAdmission } from './admission-of.ts'
import { type DaemonModel, daemonModel } from './daemon-model.ts'
import { indexDaemonPods } from './daemon-pods.ts'
import { byText } from './holders.ts'
import { IntentJudge, isOutsidePools } from './intent.ts'
import { type NodeFacts, nodeFacts } from './node-facts.ts'
import { type NodeShapes, nodeShapes } from './node-shapes.ts'
import { Owners } from './owners.ts'
import { refusalEvents } from './refusals.ts'
import { currentRevisions, daemonSetKey } from './revisions.ts'
import { type TaintLists, taintLists } from './taint-lists.ts'
import type { Coverage, CoverOptions, IntentStatement } from './types.ts'

/** A dump read once for all questions about it. */
export interface World {
  readonly dump: ClusterDump
  readonly options: CoverOptions
  readonly version: KubernetesVersion
  readonly versionText: string
  readonly versionFrom: Coverage['cluster']['kubernetesVersionFrom']
  /** RFC 3339; the moment that the dump describes. */
  readonly now: string | undefined
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly facts: readonly NodeFacts[]
  readonly shapes: NodeShapes
  readonly taints: TaintLists
  /** By node position: 1 where a landed pod counts, that is on a node that stays and is not left out by option. */
  readonly countable: Uint8Array
  /** Positions of the nodes that are asked about, by name. */
  readonly order: readonly number[]
  /** Positions of all nodes, by name. */
  readonly wholeOrder: () => readonly number[]
  readonly snapshot: ClusterSnapshot
  readonly budgets: DisruptionBudgets
  readonly owners: Owners
  readonly intents: IntentJudge
  /** All DaemonSets of the dump, by key. */
  readonly models: readonly DaemonModel[]
  /** By node: bound pods that are being deleted. */
  readonly terminating: ReadonlyMap<number, readonly PodIndex[]>
  readonly karpenter: boolean
  readonly expiredIntent: readonly IntentStatement[]
}

/** Builds all that verdicts read. Costs one pass over nodes and pods. */
export function buildWorld(dump: ClusterDump, options: CoverOptions): World {
  const nodes = dump.nodes ?? []
  const pods = dump.pods ?? []
  const now = momentOf(dump, options)
  const { version, versionText, versionFrom } = versionOf(dump, options)
  const { podDisruptionBudgets, namespaces, services } = dump
  const snapshot = new ClusterSnapshot({ nodes, pods, podDisruptionBudgets, namespaces, services }, version)
  const facts = nodeFacts(nodes, dump.nodePools ?? [], dump.nodeClaims ?? [], now)
  const shapes = nodeShapes(nodes, facts)
  const taints = taintLists(nodes)
  const models = readDaemonSets(dump, pods, {
    admission: new DaemonAdmission(dump, version, options.admissionPlugins),
    snapshot,
    taints,
    livePods: pods,
  })
  const statements = options.intent ?? []
  const expiredIntent = statements.filter(({ expires }) => isOver(expires, now))
  const intents = new IntentJudge({
    nodes,
    facts,
    shapes,
    subjects: models,
    nodePools: dump.nodePools ?? [],
    statements: statements.filter(statement => !expiredIntent.includes(statement)),
    onlyPools: options.onlyPools,
    exceptPools: options.exceptPools,
  })
  return {
    dump,
    options,
    version,
    versionText,
    versionFrom,
    now,
    nodes,
    pods,
    facts,
    shapes,
    taints,
    countable: Uint8Array.from(facts, ({ state, pool }) =>
      Number(state !== 'leaving' && !isOutsidePools(pool, options)),
    ),
    order: nodeOrder(facts, options.nodes),
    wholeOrder: () => nodeOrder(facts, undefined),
    snapshot,
    budgets: new DisruptionBudgets(podDisruptionBudgets ?? []),
    owners: new Owners(dump),
    intents,
    models,
    terminating: terminatingPods(pods, snapshot),
    karpenter:
      (dump.nodePools ?? []).length > 0 ||
      nodes.some(node => node.metadata.labels?.['karpenter.sh/nodepool'] !== undefined),
    expiredIntent,
  }
}

function nodeOrder(facts: readonly NodeFacts[], only: ReadonlySet<string> | undefined): readonly number[] {
  const order: number[] = []
  for (let i = 0; i < facts.length; i++) {
    if (only === undefined || only.has(facts[i]!.name)) order.push(i)
  }
  return order.sort((a, b) => byText(facts[a]!.name, facts[b]!.name))
}

function readDaemonSets(
  dump: ClusterDump,
  pods: readonly Pod[],
  world: Parameters<typeof daemonModel>[2],
): readonly DaemonModel[] {
  const daemonSets = [...(dump.daemonSets ?? [])].sort((a, b) => byText(daemonSetKey(a), daemonSetKey(b)))
  const index = indexDaemonPods(daemonSets, pods, world.snapshot.nodeCount, name => world.snapshot.nodeIndex(name))
  const revisions = currentRevisions(dump.controllerRevisions ?? [])
  const refusals = refusalEvents(dump.events ?? [])
  return daemonSets.map((daemonSet, i) => {
    const key = daemonSetKey(daemonSet)
    return daemonModel(daemonSet, index[i]!, world, revisions.get(key), refusals.get(key))
  })
}

function terminatingPods(pods: readonly Pod[], snapshot: ClusterSnapshot): ReadonlyMap<number, readonly PodIndex[]> {
  const found = new Map<number, PodIndex[]>()
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp === undefined) continue
    const index = snapshot.findPod(`${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`)
    const node: NodeIndex | undefined = index === undefined ? undefined : snapshot.nodeOf(index)
    if (index === undefined || node === undefined) continue
    const list = found.get(node)
    if (list) list.push(index)
    else found.set(node, [index])
  }
  return found
}

function isOver(expires: string | undefined, now: string | undefined): boolean {
  return expires !== undefined && now !== undefined && Date.parse(expires) <= Date.parse(now)
}

/** When the dump was taken; where it does not say, the newest creation in it, which is the latest moment that it proves. */
function momentOf(dump: ClusterDump, options: CoverOptions): string | undefined {
  const told = dump.takenAt ?? options.now
  if (told !== undefined) return told
  let newest: string | undefined
  for (const list of [dump.nodes, dump.pods]) {
    for (const { metadata } of list ?? []) {
      const created = metadata.creationTimestamp
      if (created !== undefined && (newest === undefined || created > newest)) newest = created
    }
  }
  return newest
}

function versionOf(dump: ClusterDump, options: CoverOptions): Pick<World, 'version' | 'versionText' | 'versionFrom'> {
  const told: readonly (readonly [string | undefined, World['versionFrom']])[] = [
    [options.kubernetesVersion, 'option'],
    [dump.kubernetesVersion, 'dump'],
    [commonKubelet(dump.nodes ?? []), 'kubelets'],
  ]
  for (const [text, versionFrom] of told) {
    const model = text === undefined ? undefined : modelFor(text)
    if (text !== undefined && model !== undefined)
      return { version: model.version, versionText: text.replace(/^v/, ''), versionFrom }
  }
  return { version: DEFAULT_VERSION, versionText: DEFAULT_VERSION, versionFrom: 'default' }
}

/** The version that most kubelets report; the control plane is as new or newer. */
function commonKubelet(nodes: readonly Node[]): string | undefined {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const version = node.status?.nodeInfo?.kubeletVersion
    if (version !== undefined && /^v1\.\d+/.test(version)) counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || byText(b[0], a[0]))[0]?.[0]
}
