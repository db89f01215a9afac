import type { Condition, DaemonSet, OwnerReference, Pod, PodSpec, PriorityClass, Toleration } from '@everynode/engine'
import { suffix, uid } from './names.ts'

/** Where a pod stands: running since a time, created and not started on its node, or refused by the scheduler in its own words. */
export type PodPlace =
  | { readonly kind: 'running'; readonly node: string; readonly since: string }
  | { readonly kind: 'starting'; readonly node: string; readonly since: string }
  | { readonly kind: 'pending'; readonly node: string; readonly since: string; readonly message: string }

const WORKLOAD_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
]

// Added to each pod by the DaemonSet controller (pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations, v1.36.2).
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const HOST_NETWORK_TOLERATION: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

function statusOf(place: PodPlace): NonNullable<Pod['status']> {
  const at = place.since
  const yes = (type: string): Condition => ({ type, status: 'True', lastTransitionTime: at })
  switch (place.kind) {
    case 'running':
      return {
        phase: 'Running',
        startTime: at,
        qosClass: 'Burstable',
        conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(yes),
      }
    case 'starting': {
      const reason = 'ContainersNotReady'
      return {
        phase: 'Pending',
        startTime: at,
        qosClass: 'Burstable',
        conditions: [
          yes('PodScheduled'),
          { type: 'ContainersReady', status: 'False', reason, lastTransitionTime: at },
          { type: 'Ready', status: 'False', reason, lastTransitionTime: at },
        ],
      }
    }
    case 'pending':
      return {
        phase: 'Pending',
        qosClass: 'Burstable',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: place.message,
            lastTransitionTime: at,
          },
        ],
      }
  }
}

function admitted(spec: PodSpec, classes: readonly PriorityClass[]): PodSpec {
  const found = classes.find(one => one.metadata.name === spec.priorityClassName)
  return {
    ...spec,
    priority: found?.value ?? 0,
    preemptionPolicy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
  }
}

/** A pod of a Deployment's ReplicaSet or of a StatefulSet, as the API server stores it. */
export function workloadPod(
  name: string,
  namespace: string,
  owner: OwnerReference,
  labels: Readonly<Record<string, string>>,
  spec: PodSpec,
  place: PodPlace,
  classes: readonly PriorityClass[],
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: uid(`pod ${namespace}/${name}`),
      creationTimestamp: place.since,
      labels,
      ownerReferences: [owner],
    },
    spec: {
      ...admitted(spec, classes),
      tolerations: [...(spec.tolerations ?? []), ...WORKLOAD_TOLERATIONS],
      nodeName: place.node,
    },
    status: statusOf(place),
  }
}

/** A pod of a DaemonSet for one node: pinned, with the controller's tolerations, as the API server stores it. */
export function daemonPod(
  daemonSet: DaemonSet,
  revisionHash: string,
  place: PodPlace,
  classes: readonly PriorityClass[],
): Pod {
  const { name = '', namespace = '', uid: owner = '', generation = 1 } = daemonSet.metadata
  const template = daemonSet.spec.template
  const podName = `${name}-${suffix(`${name} ${revisionHash} ${place.node}`)}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName,
      generateName: `${name}-`,
      namespace,
      uid: uid(`pod ${namespace}/${podName}`),
      creationTimestamp: place.since,
      labels: {
        ...template.metadata?.labels,
        'controller-revision-hash': revisionHash,
        'pod-template-generation': `${generation}`,
      },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid: owner, controller: true }],
    },
    spec: {
      ...admitted(template.spec, classes),
      ...(place.kind === 'pending' ? {} : { nodeName: place.node }),
      affinity: {
        ...template.spec.affinity,
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [place.node] }] }],
          },
        },
      },
      tolerations: [
        ...(template.spec.tolerations ?? []),
        ...DAEMON_TOLERATIONS,
        ...(template.spec.hostNetwork === true ? [HOST_NETWORK_TOLERATION] : []),
      ],
    },
    status: statusOf(place),
  }
}
