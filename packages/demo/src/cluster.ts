import type { ClusterDump, NodePool, PriorityClass, Workload } from '@everynode/engine'
import { daemonObjects } from './daemon-objects.ts'
import { machines } from './machines.ts'
import { uid } from './names.ts'
import { DEFAULT_POOL, QOVERY_HIGH_PRIORITY, QOVERY_STANDARD_PRIORITY, STABLE_POOL } from './qovery.ts'
import { TIMES } from './times.ts'
import { CHAPTERS, type DemoVariant } from './variant.ts'
import { workloadObjects } from './workload-objects.ts'

function systemClass(name: string, value: number): PriorityClass {
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    preemptionPolicy: 'PreemptLowerPriority',
  }
}

/** The image that the nodes run; what they have to give follows from it. */
const NODE_CLASS = {
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'default', creationTimestamp: TIMES.clusterCreated },
  spec: { amiSelectorTerms: [{ alias: 'al2023@latest' }] },
}

const CLASSES: readonly PriorityClass[] = [
  systemClass('system-node-critical', 2000001000),
  systemClass('system-cluster-critical', 2000000000),
  QOVERY_STANDARD_PRIORITY,
  QOVERY_HIGH_PRIORITY,
]

function identified<T extends NodePool | PriorityClass>(object: T): T {
  const name = object.metadata.name ?? ''
  const prefix = object.kind === 'NodePool' ? 'pool ' : 'class '
  return {
    ...object,
    metadata: { ...object.metadata, uid: uid(`${prefix}${name}`), creationTimestamp: TIMES.clusterCreated },
  }
}

function ofKind(owners: readonly Workload[], kind: string): readonly Workload[] {
  return owners.filter(one => one.kind === kind)
}

/**
 * The demo's cluster: 30 nodes of EKS with Karpenter, full of workloads, and a log agent that does not reach all of them.
 * The same bytes at every call; nothing in it is unknown.
 */
export function demoCluster(variant: DemoVariant = 'problem'): ClusterDump {
  const chapter = CHAPTERS[variant]
  const all = machines()
  const workloads = workloadObjects(all, chapter.userClass, CLASSES)
  const daemons = daemonObjects(all, chapter, CLASSES)
  return {
    kubernetesVersion: 'v1.36.2-eks-3f1c9d2',
    takenAt: TIMES.taken,
    nodes: all.map(machine => machine.node),
    pods: [...daemons.pods, ...workloads.pods],
    daemonSets: daemons.daemonSets,
    controllerRevisions: daemons.revisions,
    deployments: ofKind(workloads.owners, 'Deployment'),
    replicaSets: ofKind(workloads.owners, 'ReplicaSet'),
    statefulSets: ofKind(workloads.owners, 'StatefulSet'),
    jobs: [],
    priorityClasses: CLASSES.map(identified),
    podDisruptionBudgets: workloads.budgets,
    limitRanges: [],
    resourceQuotas: [],
    runtimeClasses: [],
    namespaces: ['data', 'default', 'kube-system', 'logging', 'monitoring', 'shop'].map(name => ({
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name }, creationTimestamp: TIMES.clusterCreated },
    })),
    services: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    nodePools: [DEFAULT_POOL, STABLE_POOL].map(identified),
    nodeClaims: all.flatMap(machine => (machine.claim ? [machine.claim] : [])),
    events: [],
    others: [NODE_CLASS],
  }
}
