/** What a reason of kube-scheduler means, and what changes it. */
export interface ReasonMeaning {
  readonly plugin: string
  /** True if removing other pods from the node can make the reason go. */
  readonly evictable: boolean
  readonly means: string
  readonly helps: string
}

type Row = readonly [pattern: RegExp, plugin: string, evictable: boolean, means: string, helps: string]

const FULL_HELPS = 'a PriorityClass above the pods on that node, fewer or smaller pods there, or a smaller request'
const PORT_HELPS = 'another hostPort, or a PriorityClass above the holder if it may go'
const SPREAD_HELPS =
  'a larger maxSkew or whenUnsatisfiable: ScheduleAnyway; no constraint at all for a DaemonSet pod, which has one node only'
const VOLUME_HELPS = 'check the claim and its volume; no priority and no toleration helps'

/** Order matters: the first pattern that matches gives the meaning. Texts of kube-scheduler v1.34.1 to v1.37.2. */
const ROWS: readonly Row[] = [
  [
    /^Insufficient (\S+)$/,
    'NodeResourcesFit',
    true,
    'the pod requests more $1 than is free: allocatable minus the requests of the pods there',
    FULL_HELPS,
  ],
  [
    /^Too many pods$/,
    'NodeResourcesFit',
    true,
    'every pod slot of the node is taken (allocatable pods, often bound by network interfaces); cpu and memory may be free',
    'a PriorityClass above the pods on that node, fewer pods there, or node types with more slots',
  ],
  [
    /^node\(s\) had untolerated taint \{(.+)\}$/,
    'TaintToleration',
    false,
    'the node has the taint {$1} and the pod does not tolerate it',
    'a toleration for that taint; no priority helps',
  ],
  [
    /^node\(s\) had untolerated taint\(s\)$/,
    'TaintToleration',
    false,
    'the node has a taint that the pod does not tolerate (since 1.34.3 the text does not name it)',
    'a toleration for the taints of the node; no priority helps',
  ],
  [
    /^node\(s\) had taints? (?:\{.+\}, )?that the pod didn't tolerate$/,
    'TaintToleration',
    false,
    'the node has a taint that the pod does not tolerate',
    'a toleration for that taint; no priority helps',
  ],
  [
    /^node\(s\) didn't satisfy plugin\(s\) \[(.+)\]( simultaneously)?$/,
    'NodeAffinity',
    false,
    'these nodes were never looked at: the pod is pinned to another node ([$1]). For a DaemonSet pod that is all nodes but its own',
    'nothing: this count is the rest of the cluster, not a fault',
  ],
  [
    /^node\(s\) didn't match Pod's node affinity(?:\/selector)?$/,
    'NodeAffinity',
    false,
    'nodeSelector or required node affinity of the pod does not match the node. For a DaemonSet pod of a scheduler before 1.31 that is also all nodes but its own',
    'labels on the node or another selector; no priority helps',
  ],
  [
    /^node\(s\) didn't match scheduler-enforced node affinity$/,
    'NodeAffinity',
    false,
    "the scheduler's own configuration (addedAffinity) keeps the pod off the node",
    "the scheduler's configuration",
  ],
  [
    /^node\(s\) didn't have free ports for the requested pod ports$/,
    'NodePorts',
    true,
    'another pod on the node has a hostPort that this pod wants; with hostNetwork every containerPort is one',
    PORT_HELPS,
  ],
  [
    /^node\(s\) were unschedulable$/,
    'NodeUnschedulable',
    false,
    'the node is cordoned; DaemonSet pods pass this filter, so the pod is no DaemonSet pod',
    'kubectl uncordon',
  ],
  [
    /^node\(s\) didn't match the requested node name$/,
    'NodeName',
    false,
    'spec.nodeName names another node',
    'take spec.nodeName out of the template',
  ],
  [
    /^node\(s\) had no available disk$/,
    'VolumeRestrictions',
    true,
    'an in-tree disk of the pod is in use by another pod of the node',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod$/,
    'VolumeRestrictions',
    true,
    'a ReadWriteOncePod claim is in use by another pod',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) exceed max volume count$/,
    'NodeVolumeLimits',
    true,
    'the node has no attachment left for this CSI driver',
    'fewer volumes on the node, or types with more attachments',
  ],
  [
    /^node\(s\) didn't match PersistentVolume's node affinity$|^node\(s\) had volume node affinity conflict$/,
    'VolumeBinding',
    false,
    'the volume of a claim lives elsewhere than on this node',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) didn't find available persistent volumes to bind$/,
    'VolumeBinding',
    false,
    'no volume can be bound for a claim on this node',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) did not have enough free storage$/,
    'VolumeBinding',
    false,
    'the storage driver reports too little capacity for this node',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) unavailable due to one or more pvc\(s\) bound to non-existent pv\(s\)$/,
    'VolumeBinding',
    false,
    'a claim is bound to a volume that does not exist',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) had no available volume zone$/,
    'VolumeZone',
    false,
    'the volume is in another zone than the node',
    VOLUME_HELPS,
  ],
  [
    /^node\(s\) didn't match pod topology spread constraints \(missing required label\)$/,
    'PodTopologySpread',
    false,
    'the node lacks the label that a spread constraint names',
    'that label on the node, or another topologyKey',
  ],
  [
    /^node\(s\) didn't match pod topology spread constraints$/,
    'PodTopologySpread',
    true,
    'a spread constraint would be violated there',
    SPREAD_HELPS,
  ],
  [
    /^node\(s\) didn't match pod affinity rules$/,
    'InterPodAffinity',
    false,
    'no pod that the pod affinity asks for runs there',
    'drop or soften the pod affinity',
  ],
  [
    /^node\(s\) didn't match pod anti-affinity rules$/,
    'InterPodAffinity',
    true,
    'a pod runs there that the pod anti-affinity excludes',
    'drop or soften the anti-affinity',
  ],
  [
    /^node\(s\) didn't satisfy existing pods anti-affinity rules$/,
    'InterPodAffinity',
    true,
    'a pod on the node excludes this one by its own anti-affinity',
    'the anti-affinity of that pod',
  ],
  [
    /^node\(s\) didn't match Pod's required features$/,
    'NodeDeclaredFeatures',
    false,
    'the kubelet does not declare a feature that the pod needs',
    'a newer kubelet',
  ],
  [
    /^No preemption victims found for incoming pod\.?$/,
    'DefaultPreemption',
    false,
    'no pod on that node has a lower priority, so nothing can be evicted; equal priority is not enough',
    'a PriorityClass above the priority of the pods there',
  ],
  [
    /^Preemption is not helpful for scheduling\.?$/,
    'DefaultPreemption',
    false,
    'evicting pods there cannot make this pod fit: wrong node, taint, selector, or a request above allocatable',
    'see the reasons before `preemption:`',
  ],
  [/^persistentvolumeclaim "(.+)" not found$/, 'VolumeBinding', false, 'the claim $1 does not exist', VOLUME_HELPS],
  [/^persistentvolume "(.+)" not found$/, 'VolumeZone', false, 'the volume $1 does not exist', VOLUME_HELPS],
  [
    /^persistentvolumeclaim "(.+)" (?:bound to non-existent persistentvolume "(.+)"|is being deleted)$/,
    'VolumeBinding',
    false,
    'the claim $1 cannot be used',
    VOLUME_HELPS,
  ],
  [
    /^waiting for ephemeral volume controller to create the persistentvolumeclaim "(.+)"$/,
    'VolumeBinding',
    false,
    'the claim $1 of an ephemeral volume is not made yet',
    'wait',
  ],
  [
    /^pod has unbound immediate PersistentVolumeClaims\.?$/,
    'VolumeBinding',
    false,
    'a claim with immediate binding has no volume yet',
    VOLUME_HELPS,
  ],
  [
    /^pod affinity terms conflict$/,
    'NodeAffinity',
    false,
    'the terms of the required node affinity exclude each other',
    'the affinity of the template',
  ],
  [
    /^waiting for scheduling gates: \[(.*)\]$/,
    'SchedulingGates',
    false,
    'the pod carries scheduling gates ($1) that nobody lifted',
    'the controller that owns the gates',
  ],
  [
    /^waiting for the preemption for this pod to be finished$/,
    'DefaultPreemption',
    false,
    'victims are being deleted for this pod',
    'wait',
  ],
]

/** The meaning of one reason text of kube-scheduler 1.34–1.37; undefined for a text that none of them writes. */
export function meaningOf(text: string): ReasonMeaning | undefined {
  for (const [pattern, plugin, evictable, means, helps] of ROWS) {
    const match = pattern.exec(text)
    if (match)
      return { plugin, evictable, means: means.replace(/\$(\d)/g, (_, i: string) => match[Number(i)] ?? ''), helps }
  }
  return undefined
}
