import type { Cause, Coverage, DaemonSetCoverage, PodRef, Verdict, VerdictGroup } from '@everynode/engine'

/** Names of nodes as Karpenter makes them. */
export function nodeNames(count: number, prefix = 'ip-10-0-0-'): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `${prefix}${String(index).padStart(4, '0')}.eu-west-3.compute.internal`,
  )
}

const VICTIM: PodRef = {
  namespace: 'shop',
  name: 'web-6d5f-abcde',
  owner: 'Deployment/web',
  priority: 0,
  priorityClassName: 'low',
  daemon: false,
  graceSeconds: 30,
  pdbViolated: true,
}

const CPU = { resource: 'cpu', asked: '200m', free: '30m', allocatable: '1930m', missing: '170m' }

export const FULL: Verdict = {
  kind: 'blocked',
  reasons: ['Insufficient cpu'],
  plugins: ['NodeResourcesFit'],
  amounts: [
    CPU,
    { resource: 'memory', asked: '256Mi', free: '4Gi', allocatable: '7Gi', missing: '0', mostFree: '5Gi' },
  ],
  whyNoPreemption: 'no pod on these nodes has a priority below 0',
}

export function group(verdict: Verdict, nodes: readonly string[], more: Partial<VerdictGroup> = {}): VerdictGroup {
  return {
    verdict,
    pool: 'default',
    instanceType: 'm5.large',
    nodes,
    heldBy: [],
    waitingHelps: false,
    waitingWhy: '',
    ...more,
  }
}

/** Every kind of verdict once. */
export const EVERY_VERDICT: readonly Verdict[] = [
  FULL,
  {
    kind: 'blocked',
    reasons: ["node(s) didn't have free ports for the requested pod ports"],
    plugins: ['NodePorts'],
    amounts: [],
    port: '9100/TCP',
  },
  {
    kind: 'blocked',
    reasons: ['node(s) had untolerated taint(s)'],
    plugins: ['TaintToleration'],
    amounts: [],
    taint: { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
  },
  {
    kind: 'refused',
    by: 'ResourceQuota',
    message: 'exceeded quota: agents, requested: pods=1, used: pods=8, limited: pods=8',
  },
  { kind: 'unknown', needs: ['priorityClasses'], detail: 'the priority of its class decides' },
  {
    kind: 'preempts',
    victims: [
      VICTIM,
      { ...VICTIM, name: 'fluent-bit-x', owner: 'DaemonSet/fluent-bit', daemon: true, pdbViolated: false },
    ],
    pdbViolations: 1,
    graceSeconds: 30,
    amounts: [CPU],
    reasons: ['Insufficient cpu'],
  },
  { kind: 'waits', for: 'victims', detail: '2 pods are terminating', graceSeconds: 30 },
  {
    kind: 'waits',
    for: 'startup taint',
    detail: 'cilium lifts it',
    taint: { key: 'node.cilium.io/agent-not-ready', effect: 'NoExecute', timeAdded: '2026-11-22T16:00:00Z' },
  },
  { kind: 'fits' },
  { kind: 'landed', ready: false, notReadyReason: 'ImagePullBackOff', outdated: true },
  {
    kind: 'skipped',
    by: 'untolerated taint',
    intent: 'likely-gap',
    detail: 'taint nodepool/stable:NoSchedule is not tolerated; no pod is made there, no event tells',
    taint: { key: 'nodepool/stable', effect: 'NoSchedule' },
  },
  {
    kind: 'skipped',
    by: 'untolerated taint',
    intent: 'unknown',
    detail: 'taint nvidia.com/gpu:NoSchedule is not tolerated',
    taint: { key: 'nvidia.com/gpu', effect: 'NoSchedule' },
  },
  { kind: 'skipped', by: 'selector', intent: 'meant', detail: 'nodeSelector disk=ssd does not match' },
  { kind: 'landed', ready: true },
]

export function daemonSet(groups: readonly VerdictGroup[], more: Partial<DaemonSetCoverage> = {}): DaemonSetCoverage {
  return {
    namespace: 'agents',
    name: 'datadog-agent',
    asks: { cpu: '200m', memory: '256Mi' },
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    source: { kind: 'helm', text: 'Helm release datadog, chart datadog-3.150.1' },
    should: groups.reduce((sum, { nodes }) => sum + nodes.length, 0),
    landed: 0,
    ready: 0,
    groups,
    ...more,
  }
}

export function coverage(
  daemonSets: readonly DaemonSetCoverage[],
  causes: readonly Cause[] = [],
  more: Partial<Coverage> = {},
): Coverage {
  return {
    apiVersion: 'everynode.dev/v1alpha1',
    kind: 'Coverage',
    cluster: {
      name: 'prod-eu',
      kubernetesVersion: 'v1.36.2',
      kubernetesVersionFrom: 'dump',
      model: '1.36',
      karpenter: true,
      nodes: 214,
      daemonSets: daemonSets.length,
      takenAt: '2026-11-22T17:05:00Z',
    },
    daemonSets,
    causes,
    questions: [],
    unknown: [],
    selfCheck: { messages: { agree: 52, of: 52, stale: 0 }, placements: { agree: 6412, of: 6412 }, differences: [] },
    ...more,
  }
}

/** A document that has every field that the contract knows. */
export const COMPLETE: Coverage = coverage(
  [
    daemonSet(
      EVERY_VERDICT.map((verdict, index) =>
        group(verdict, nodeNames(index + 1), {
          heldBy: [
            { owner: 'Deployment/api', priority: 0, pods: 8, requested: { cpu: '800m', memory: '1Gi' } },
            { owner: 'DaemonSets', priority: 2_000_001_000, lowestPriority: 0, pods: 4, requested: { cpu: '300m' } },
          ],
          message: '0/8 nodes are available: 1 Insufficient cpu.',
          since: '2026-11-22T16:39:00Z',
          waitingWhy: 'no pod leaves by itself',
          ...(index === 12 ? { uncounted: true as const } : {}),
          ...(verdict.kind === 'preempts'
            ? { evictions: [{ owner: 'Deployment/web', priority: 0, pods: 6, daemon: false }] }
            : {}),
        }),
      ),
      {
        priorityClassName: 'agents',
        revision: { number: 7, since: '2026-11-19T08:00:00Z' },
        status: { desired: 8, current: 8, ready: 1, available: 1, updated: 8, misscheduled: 0 },
        statusLies: 'says 8 of 8: it does not count 3 nodes',
        remedy: {
          kind: 'class',
          change: 'priorityClassName: qovery-high-priority (1000000)',
          where: 'agents.priorityClassName in the values of release datadog',
          tolerations: [
            { key: 'nodepool/stable', operator: 'Exists', value: '', effect: 'NoSchedule', tolerationSeconds: 60 },
          ],
          priorityClassName: 'qovery-high-priority',
          priority: 1_000_000,
          coveredBefore: 0,
          coveredAfter: 8,
          of: 8,
          evictions: [{ owner: 'Deployment/api', pods: 4, daemon: false }],
          pdbViolations: 0,
          daemonsLost: 1,
          restarts: 3,
          graceSeconds: 30,
          newNodes: 'not known yet',
          costPerHour: 'not known yet',
          caution: 'evicts a daemon that has no class',
        },
      },
    ),
    daemonSet([group(FULL, nodeNames(3))], { name: 'falco', noRemedy: 'every pod there has the same priority' }),
  ],
  [
    {
      kind: 'full',
      text: '34 nodes of default are full',
      nodes: 34,
      daemonSets: [{ namespace: 'agents', name: 'datadog-agent', nodes: 34 }],
      since: '2026-11-22T02:41:00Z',
      waitingHelps: false,
      severity: 'missing',
    },
  ],
  {
    questions: [
      {
        taint: 'nvidia.com/gpu:NoSchedule',
        pool: 'gpu',
        nodes: 3,
        daemonSets: ['agents/datadog-agent', 'agents/falco'],
      },
    ],
    unknown: [{ list: 'podDisruptionBudgets', effect: 'which evictions break a budget is not known' }],
    selfCheck: {
      messages: { agree: 51, of: 52, stale: 1 },
      placements: { agree: 6412, of: 6412 },
      differences: [
        { pod: 'agents/datadog-agent-x', node: 'n1', theirs: '1 Insufficient cpu', ours: '1 Insufficient memory' },
      ],
    },
    expiredIntent: [
      {
        says: 'meant',
        taint: 'nvidia.com/gpu',
        pool: 'gpu',
        daemonSets: ['agents/falco'],
        reason: 'GPU nodes run training',
        expires: '2026-01-01',
      },
    ],
  },
)
