import type { Condition, LabelSelector, ObjectMeta, ResourceList, SelectorRequirement, StringMap } from './meta.ts'

// The fields of core/v1 that decide placement, admission or an explanation (k8s.io/api core/v1/types.go, v1.36.2).

export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
  /** RFC 3339. */
  readonly timeAdded?: string
}

export interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
  readonly tolerationSeconds?: number
}

export interface ResourceRequirements {
  readonly requests?: ResourceList
  readonly limits?: ResourceList
  readonly claims?: readonly { readonly name: string; readonly request?: string }[]
}

export interface ContainerPort {
  readonly name?: string
  readonly containerPort?: number
  readonly hostPort?: number
  readonly hostIP?: string
  readonly protocol?: string
}

export interface Capabilities {
  readonly add?: readonly string[]
  readonly drop?: readonly string[]
}

/** Read by Pod Security only. */
export interface SecurityContext {
  readonly privileged?: boolean
  readonly capabilities?: Capabilities
  readonly runAsNonRoot?: boolean
  readonly runAsUser?: number
  readonly allowPrivilegeEscalation?: boolean
  readonly procMount?: string
  readonly seccompProfile?: { readonly type: string; readonly localhostProfile?: string }
  readonly seLinuxOptions?: {
    readonly type?: string
    readonly user?: string
    readonly role?: string
    readonly level?: string
  }
  readonly appArmorProfile?: { readonly type: string }
  readonly windowsOptions?: { readonly hostProcess?: boolean }
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[]
}

export interface Container {
  readonly name: string
  readonly image?: string
  readonly resources?: ResourceRequirements
  readonly ports?: readonly ContainerPort[]
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string
  readonly securityContext?: SecurityContext
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly SelectorRequirement[]
  readonly matchFields?: readonly SelectorRequirement[]
}

export interface NodeSelector {
  readonly nodeSelectorTerms?: readonly NodeSelectorTerm[]
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly preference: NodeSelectorTerm
  }[]
}

export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: LabelSelector
  readonly topologyKey: string
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: PodAffinityTerm
  }[]
}

export interface Affinity {
  readonly nodeAffinity?: NodeAffinity
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAffinity
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: string
  readonly labelSelector?: LabelSelector
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: string
  readonly nodeTaintsPolicy?: string
  readonly matchLabelKeys?: readonly string[]
}

/** A volume; every source but the few that a filter reads is an opaque object under its API name. */
export interface Volume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean }
  readonly ephemeral?: object
  readonly [source: string]: unknown
}

export interface PodSpec {
  readonly nodeName?: string
  readonly nodeSelector?: StringMap
  readonly affinity?: Affinity
  readonly tolerations?: readonly Toleration[]
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly overhead?: ResourceList
  /** Pod-level resources. */
  readonly resources?: ResourceRequirements
  readonly priority?: number
  readonly priorityClassName?: string
  readonly preemptionPolicy?: string
  readonly schedulerName?: string
  readonly restartPolicy?: string
  readonly runtimeClassName?: string
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly hostUsers?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly activeDeadlineSeconds?: number
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  readonly schedulingGates?: readonly { readonly name: string }[]
  readonly volumes?: readonly Volume[]
  readonly resourceClaims?: readonly { readonly name: string }[]
  readonly securityContext?: SecurityContext
  readonly serviceAccountName?: string
  readonly os?: { readonly name: string }
}

export interface ContainerStatus {
  readonly name: string
  readonly ready?: boolean
  readonly resources?: ResourceRequirements
  readonly allocatedResources?: ResourceList
  readonly restartCount?: number
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } }
}

export interface PodStatus {
  readonly phase?: string
  readonly reason?: string
  readonly message?: string
  readonly conditions?: readonly Condition[]
  /** RFC 3339. */
  readonly startTime?: string
  readonly nominatedNodeName?: string
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly resources?: ResourceRequirements
  readonly allocatedResources?: ResourceList
  readonly resize?: string
  readonly qosClass?: string
}

export interface Pod {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec: PodSpec
  readonly status?: PodStatus
}

export interface NodeSpec {
  readonly unschedulable?: boolean
  readonly taints?: readonly Taint[]
  readonly providerID?: string
}

export interface NodeStatus {
  readonly capacity?: ResourceList
  readonly allocatable?: ResourceList
  readonly conditions?: readonly Condition[]
  readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[]
  readonly nodeInfo?: {
    readonly kubeletVersion?: string
    readonly operatingSystem?: string
    readonly architecture?: string
  }
  readonly declaredFeatures?: readonly string[]
}

export interface Node {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec?: NodeSpec
  readonly status?: NodeStatus
}

export interface Namespace {
  readonly metadata: ObjectMeta
}

export interface LimitRangeItem {
  readonly type: string
  readonly max?: ResourceList
  readonly min?: ResourceList
  readonly default?: ResourceList
  readonly defaultRequest?: ResourceList
  readonly maxLimitRequestRatio?: ResourceList
}

export interface LimitRange {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly limits?: readonly LimitRangeItem[] }
}

export interface ScopeSelector {
  readonly matchExpressions?: readonly {
    readonly scopeName: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export interface ResourceQuota {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly hard?: ResourceList
    readonly scopes?: readonly string[]
    readonly scopeSelector?: ScopeSelector
  }
  readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList }
}

export interface Service {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly selector?: StringMap }
}

export interface PersistentVolumeClaim {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly volumeName?: string
    readonly storageClassName?: string
    readonly accessModes?: readonly string[]
    readonly resources?: ResourceRequirements
    readonly selector?: LabelSelector
    readonly volumeMode?: string
    readonly volumeAttributesClassName?: string
  }
  readonly status?: { readonly phase?: string }
}

export interface PersistentVolume {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly capacity?: ResourceList
    readonly accessModes?: readonly string[]
    readonly storageClassName?: string
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string }
    readonly nodeAffinity?: { readonly required?: NodeSelector }
    readonly volumeMode?: string
    readonly volumeAttributesClassName?: string
    readonly csi?: { readonly driver?: string; readonly volumeHandle?: string }
    readonly [source: string]: unknown
  }
  readonly status?: { readonly phase?: string }
}

/** An event about an object; `FailedCreate` of a DaemonSet stands only here. */
export interface KubeEvent {
  readonly metadata: ObjectMeta
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly note?: string
  readonly count?: number
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  readonly eventTime?: string | null
  readonly involvedObject?: {
    readonly kind?: string
    readonly namespace?: string
    readonly name?: string
    readonly uid?: string
  }
  readonly regarding?: {
    readonly kind?: string
    readonly namespace?: string
    readonly name?: string
    readonly uid?: string
  }
}
