import type { Node, Taint } from '../api/core.ts'
import type { NodeClaim, NodePool } from '../api/karpenter.ts'

/** What a node is, besides what the scheduler sees of it. */
export interface NodeFacts {
  readonly name: string
  readonly pool?: string
  readonly instanceType?: string
  readonly os: string
  readonly arch: string
  /** `eks.amazonaws.com/compute-type=fargate`: a virtual node runs no DaemonSet, whatever the scheduler says. */
  readonly virtual?: { readonly key: string; readonly value: string }
  readonly state: 'steady' | 'joining' | 'leaving'
  /** Why it leaves, or since when it joins; empty for a steady node. */
  readonly stateDetail: string
  /** Seconds since the node object was made; undefined if one of the two times is not known. */
  readonly ageSeconds?: number
  /** Seconds since it began to leave, where a timestamp tells. */
  readonly leavingSeconds?: number
  readonly ready: boolean
  /** Keys of the startup taints that its pool or NodeClaim declares. */
  readonly startupKeys: ReadonlySet<string>
}

const POOL_LABELS = [
  'karpenter.sh/nodepool',
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'agentpool',
  'kops.k8s.io/instancegroup',
]
const VIRTUAL_LABELS: readonly (readonly [key: string, value: string])[] = [
  ['eks.amazonaws.com/compute-type', 'fargate'],
  ['type', 'virtual-kubelet'],
  ['kubernetes.azure.com/virtual-node', 'true'],
]
/** A node this young may still be on its way: failure-modes F02 and F46 give it 15 minutes. */
export const JOINING_SECONDS = 900
/** Longer than this a leaving node is worth a word (failure-modes F40). */
export const LONG_LEAVING_SECONDS = 1800

const LEAVING_KEYS = new Set(['karpenter.sh/disrupted', 'karpenter.sh/disruption', 'ToBeDeletedByClusterAutoscaler'])
const BIRTH_KEYS = new Set([
  'karpenter.sh/unregistered',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/network-unavailable',
  'node.cloudprovider.kubernetes.io/uninitialized',
])
const CONDITION_KEYS = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/network-unavailable',
  'node.kubernetes.io/out-of-service',
  'node.cloudprovider.kubernetes.io/shutdown',
])

/** What a taint tells: the node leaves, is being born, waits for an agent, has a passing condition, or is meant for some pods only. */
export type TaintRole = 'leaving' | 'birth' | 'startup' | 'condition' | 'permanent'

/** The role of a taint on a node; only `permanent` ones say something about what a pool is for. */
export function taintRole(taint: Taint, facts: Pick<NodeFacts, 'startupKeys'>): TaintRole {
  if (LEAVING_KEYS.has(taint.key)) return 'leaving'
  if (facts.startupKeys.has(taint.key) || isReadinessKey(taint.key)) return 'startup'
  if (BIRTH_KEYS.has(taint.key)) return 'birth'
  return CONDITION_KEYS.has(taint.key) ? 'condition' : 'permanent'
}

/** Taints that agents lift by convention: `ebs.csi.aws.com/agent-not-ready`, `node.cilium.io/agent-not-ready`, `readiness.k8s.io/…`. */
function isReadinessKey(key: string): boolean {
  return key.endsWith('/agent-not-ready') || key.startsWith('readiness.k8s.io/')
}

/** Seconds between two RFC 3339 times; undefined if one is absent or not a time. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : undefined
}

/** `40 s`, `12 min`, `3 h`, `5 days`: an age for people. */
export function formatAge(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** The facts of all nodes, in their order; `now` is the moment that the dump describes. */
export function nodeFacts(
  nodes: readonly Node[],
  nodePools: readonly NodePool[],
  nodeClaims: readonly NodeClaim[],
  now: string | undefined,
): readonly NodeFacts[] {
  const none: ReadonlySet<string> = new Set()
  const poolKeys = new Map<string, ReadonlySet<string>>()
  for (const pool of nodePools) {
    poolKeys.set(
      pool.metadata.name ?? '',
      new Set((pool.spec?.template?.spec?.startupTaints ?? []).map(taint => taint.key)),
    )
  }
  const claims = new Map<string, NodeClaim>()
  for (const claim of nodeClaims) {
    if (claim.status?.nodeName !== undefined) claims.set(claim.status.nodeName, claim)
  }
  return nodes.map(node => {
    const labels = node.metadata.labels ?? {}
    const pool = poolOf(labels)
    const claim = claims.get(node.metadata.name ?? '')
    const own = claim?.spec?.startupTaints
    const startupKeys = own
      ? new Set(own.map(taint => taint.key))
      : ((pool === undefined ? undefined : poolKeys.get(pool)) ?? none)
    return factsOf(node, labels, pool, startupKeys, claim, now)
  })
}

function poolOf(labels: Readonly<Record<string, string>>): string | undefined {
  for (const key of POOL_LABELS) {
    const pool = labels[key]
    if (pool !== undefined) return pool
  }
  return undefined
}

function isReady(node: Node): boolean {
  for (const condition of node.status?.conditions ?? []) {
    if (condition.type === 'Ready') return condition.status === 'True'
  }
  return false
}

function factsOf(
  node: Node,
  labels: Readonly<Record<string, string>>,
  pool: string | undefined,
  startupKeys: ReadonlySet<string>,
  claim: NodeClaim | undefined,
  now: string | undefined,
): NodeFacts {
  const instanceType = labels['node.kubernetes.io/instance-type'] ?? labels['beta.kubernetes.io/instance-type']
  const virtual = VIRTUAL_LABELS.find(([key, value]) => labels[key] === value)
  const ageSeconds = secondsBetween(node.metadata.creationTimestamp, now)
  const ready = isReady(node)
  const base = {
    name: node.metadata.name ?? '',
    ...(pool === undefined ? {} : { pool }),
    ...(instanceType === undefined ? {} : { instanceType }),
    arch: labels['kubernetes.io/arch'] ?? node.status?.nodeInfo?.architecture ?? 'amd64',
    os: labels['kubernetes.io/os'] ?? node.status?.nodeInfo?.operatingSystem ?? 'linux',
    ...(virtual === undefined ? {} : { virtual: { key: virtual[0], value: virtual[1] } }),
    ...(ageSeconds === undefined ? {} : { ageSeconds }),
    ready,
    startupKeys,
  }
  const leaving = leavingOf(node, claim, now)
  if (leaving) return { ...base, ...leaving, state: 'leaving' }
  return isJoining(node, base)
    ? { ...base, state: 'joining', stateDetail: joiningDetail(ageSeconds) }
    : { ...base, state: 'steady', stateDetail: '' }
}

function leavingOf(
  node: Node,
  claim: NodeClaim | undefined,
  now: string | undefined,
): { readonly stateDetail: string; readonly leavingSeconds?: number } | undefined {
  const taint = (node.spec?.taints ?? []).find(
    ({ key, effect }) => LEAVING_KEYS.has(key) && effect !== 'PreferNoSchedule',
  )
  const deleted = node.metadata.deletionTimestamp ?? claim?.metadata.deletionTimestamp
  if (taint === undefined && deleted === undefined) return undefined
  const seconds = secondsBetween(deleted ?? taint?.timeAdded, now)
  const why = taint === undefined ? 'the node is being deleted' : `the node is being drained (taint ${taint.key})`
  const long = seconds !== undefined && seconds > LONG_LEAVING_SECONDS ? `, for ${formatAge(seconds)} already` : ''
  return { stateDetail: why + long, ...(seconds === undefined ? {} : { leavingSeconds: seconds }) }
}

function isJoining(node: Node, facts: Pick<NodeFacts, 'ageSeconds' | 'ready' | 'startupKeys'>): boolean {
  const roles = (node.spec?.taints ?? []).map(taint => ({ key: taint.key, role: taintRole(taint, facts) }))
  if (facts.ageSeconds === undefined) return roles.some(({ key }) => key === 'karpenter.sh/unregistered')
  if (facts.ageSeconds > JOINING_SECONDS) return false
  return !facts.ready || roles.some(({ role }) => role === 'birth' || role === 'startup')
}

function joiningDetail(ageSeconds: number | undefined): string {
  if (ageSeconds === undefined) return 'the node is joining'
  return `joined ${formatAge(ageSeconds)} ago, not ready yet (usually 1 min)`
}
