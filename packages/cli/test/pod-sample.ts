import type { PodExplanation, PodGroup, PodNodeGroup, PodOutcome, PodRef } from '@everynode/engine'

const VICTIM: PodRef = {
  namespace: 'shop',
  name: 'batch-5f-1',
  owner: 'Deployment/batch',
  priority: 0,
  priorityClassName: 'low',
  daemon: false,
  graceSeconds: 30,
  pdbViolated: true,
}

const NODES: PodNodeGroup = {
  kind: 'blocked',
  pool: 'default',
  types: [
    { instanceType: 'm5.large', nodes: 2 },
    { instanceType: 'm5.xlarge', nodes: 1 },
  ],
  nodes: ['a-1', 'a-2', 'b-1'],
  example: 'a-2',
  reasons: ['Insufficient cpu'],
  plugins: ['NodeResourcesFit'],
  detail: 'spread over zone: a would have 2, the least has 0: more than maxSkew 1 apart',
  amounts: [{ resource: 'cpu', asked: '200m', free: '30m', allocatable: '1930m', missing: '170m' }],
  heldBy: [{ owner: 'DaemonSets', priority: 1000, lowestPriority: 0, pods: 3, requested: { cpu: '300m' } }],
  taint: { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule', timeAdded: '2026-11-22T09:00:00Z' },
  port: '8125/TCP',
  claim: 'data-db-0',
  skew: { topologyKey: 'zone', domain: 'a', count: 2, lowest: 0, maxSkew: 1 },
  volumes: { driver: 'ebs.csi.aws.com', asked: 1, attached: 25, limit: 25 },
  opponents: [
    { owner: 'Deployment/cache', pods: 1, example: 'cache-1', topologyKey: 'kubernetes.io/hostname', domain: 'a-2' },
  ],
  victims: [VICTIM],
  whyNoPreemption: 'no pod there has a priority below 0',
}

/** Every kind of outcome once. */
export const EVERY_OUTCOME: readonly PodOutcome[] = [
  {
    kind: 'blocked',
    reason: {
      plugin: 'VolumeBinding',
      text: 'persistentvolumeclaim "data" not found',
      means: 'the claim data does not exist',
      helps: 'check the claim',
    },
  },
  { kind: 'blocked' },
  { kind: 'unknown', needs: ['volumeAttachments'], detail: 'NodeVolumeLimits cannot be asked' },
  {
    kind: 'preempts',
    node: 'a-1',
    candidates: 2,
    victims: [VICTIM],
    pdbViolations: 1,
    graceSeconds: 30,
    uncertain: '2 candidates are equal, the scheduler draws',
  },
  { kind: 'waits', for: 'victims', node: 'a-1', detail: 'a pod was evicted for it and is ending', graceSeconds: 30 },
  { kind: 'gated', gates: ['kueue.x-k8s.io/admission', 'example.com/b'] },
  {
    kind: 'lands',
    choice: {
      node: 'a-1',
      score: 426,
      byPlugin: { NodeResourcesFit: 51 },
      feasible: 5,
      tied: 1,
      others: [{ node: 'b-2', score: 426 }],
      uncertain: 'among equal scores its order of nodes decides',
    },
    landing: 2,
  },
  { kind: 'bound', ready: false, reason: 'CrashLoopBackOff', nodes: [{ node: 'a-1', pods: 1 }] },
  { kind: 'terminating' },
  { kind: 'bound', ready: true, nodes: [{ node: 'a-1', pods: 2 }] },
  { kind: 'finished', phase: 'Failed', reason: 'Evicted' },
]

export function podGroup(outcome: PodOutcome, more: Partial<PodGroup> = {}): PodGroup {
  return {
    outcome,
    pods: ['web-5f-1', 'web-5f-2'],
    asks: { cpu: '200m', memory: '256Mi' },
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    nodes: [],
    waiting: 'needless',
    waitingWhy: '',
    ...more,
  }
}

/** A document that has every field that the contract knows. */
export const COMPLETE_PODS: PodExplanation = {
  apiVersion: 'everynode.dev/v1alpha1',
  kind: 'PodExplanation',
  cluster: {
    name: 'prod-eu',
    kubernetesVersion: 'v1.36.2',
    kubernetesVersionFrom: 'dump',
    model: '1.36',
    karpenter: true,
    nodes: 214,
    daemonSets: 30,
    takenAt: '2026-11-22T17:05:00Z',
  },
  subject: {
    kind: 'Pod',
    namespace: 'shop',
    name: 'web-5f-1',
    pods: 3,
    ready: 1,
    pending: 2,
    owner: 'Deployment/web',
    source: { kind: 'helm', text: 'Helm release shop' },
    wanted: 4,
    ownerPods: { pods: 3, ready: 1, pending: 2, wanted: 4 },
    notMade: { by: 'ResourceQuota compute', message: 'exceeded quota: compute', since: '2026-11-22T16:39:00Z' },
  },
  groups: EVERY_OUTCOME.map(outcome =>
    podGroup(outcome, {
      priorityClassName: 'low',
      since: '2026-11-22T16:39:00Z',
      nominatedNode: 'a-1',
      nodes: [NODES],
      message: { theirs: '0/3 nodes are available.', ours: '0/3 nodes are available.', verdict: 'agrees' },
      autoscaler: { reason: 'NotTriggerScaleUp', message: "pod didn't trigger scale-up", helps: false },
      waiting: 'does not help',
      waitingWhy: 'no pod leaves by itself',
    }),
  ),
  remedy: {
    kind: 'class',
    change: 'priorityClassName: standard (1000)',
    where: 'spec.template.spec.priorityClassName, by the values of release shop',
    tolerations: [{ key: 'gpu', operator: 'Exists', value: '', effect: 'NoSchedule', tolerationSeconds: 60 }],
    priorityClassName: 'standard',
    priority: 1000,
    landing: 1,
    of: 2,
    evictions: [{ owner: 'Deployment/batch', pods: 1, daemon: false }],
    homeless: 1,
    pdbViolations: 1,
    graceSeconds: 30,
    restarts: 1,
    newNodes: 'not known yet',
    costPerHour: 'not known yet',
    caution: '1 pod stays Pending',
  },
  noRemedy: 'nothing can be proved without volumeAttachments',
  unknown: [{ list: 'volumeAttachments', effect: 'whether its volumes keep the pod off a node' }],
  selfCheck: {
    messages: { agree: 1, of: 2, stale: 1 },
    differences: [{ pod: 'shop/web-5f-1', node: 'a-1', theirs: '1 Insufficient cpu', ours: 'it fits' }],
  },
}
