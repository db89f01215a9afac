/**
 * The API types that admission reads, by Go name: fields in order as `name:type`, or what a named type stands for
 * (k8s.io/api core/v1, apps/v1, scheduling/v1, node/v1 `types.go`, v0.36.2; list and map relationships from its OpenAPI v3).
 *
 * Types: string, bool, int32, int64, bytes, quantity, intOrString, time, any, a name of this table, `*T` where an absent
 * value differs from a zero one, `[]T` an atomic list, `[k1,k2]T` a list of elements with keys, `[=]T` a set,
 * `{}T` a map, `{!}T` an atomic map. A field ends in `!` if it is written even when it is empty, and a struct begins
 * with `!` if it is merged as a whole. `Embedded.name` is a field of a struct that is embedded, which errors of the decoder name.
 */
export const API_TYPES: Readonly<Record<string, string>> = {
  AWSElasticBlockStoreVolumeSource: 'volumeID:string! fsType:string partition:int32 readOnly:bool',
  Affinity: 'nodeAffinity:*NodeAffinity podAffinity:*PodAffinity podAntiAffinity:*PodAntiAffinity',
  AppArmorProfile: 'type:AppArmorProfileType! localhostProfile:*string',
  AppArmorProfileType: 'string',
  AzureDataDiskCachingMode: 'string',
  AzureDataDiskKind: 'string',
  AzureDiskVolumeSource:
    'diskName:string! diskURI:string! cachingMode:*AzureDataDiskCachingMode fsType:*string readOnly:*bool kind:*AzureDataDiskKind',
  AzureFileVolumeSource: 'secretName:string! shareName:string! readOnly:bool',
  CSIVolumeSource:
    'driver:string! readOnly:*bool fsType:*string volumeAttributes:{}string nodePublishSecretRef:*LocalObjectReference',
  Capabilities: 'add:[]Capability drop:[]Capability',
  Capability: 'string',
  CephFSVolumeSource:
    'monitors:[]string! path:string user:string secretFile:string secretRef:*LocalObjectReference readOnly:bool',
  CinderVolumeSource: 'volumeID:string! fsType:string readOnly:bool secretRef:*LocalObjectReference',
  ClusterTrustBundleProjection:
    'name:*string signerName:*string labelSelector:*LabelSelector optional:*bool path:string!',
  ConditionStatus: 'string',
  ConfigMapEnvSource: 'LocalObjectReference.name:string optional:*bool',
  ConfigMapKeySelector: '! LocalObjectReference.name:string key:string! optional:*bool',
  ConfigMapProjection: 'LocalObjectReference.name:string items:[]KeyToPath optional:*bool',
  ConfigMapVolumeSource: 'LocalObjectReference.name:string items:[]KeyToPath defaultMode:*int32 optional:*bool',
  Container:
    'name:string! image:string command:[]string args:[]string workingDir:string ports:[containerPort,protocol]ContainerPort envFrom:[]EnvFromSource env:[name]EnvVar resources:ResourceRequirements! resizePolicy:[]ContainerResizePolicy restartPolicy:*ContainerRestartPolicy restartPolicyRules:[]ContainerRestartRule volumeMounts:[mountPath]VolumeMount volumeDevices:[devicePath]VolumeDevice livenessProbe:*Probe readinessProbe:*Probe startupProbe:*Probe lifecycle:*Lifecycle terminationMessagePath:string terminationMessagePolicy:TerminationMessagePolicy imagePullPolicy:PullPolicy securityContext:*SecurityContext stdin:bool stdinOnce:bool tty:bool',
  ContainerPort: 'name:string hostPort:int32 containerPort:int32! protocol:Protocol hostIP:string',
  ContainerResizePolicy: 'resourceName:ResourceName! restartPolicy:ResourceResizeRestartPolicy!',
  ContainerRestartPolicy: 'string',
  ContainerRestartRule: 'action:ContainerRestartRuleAction exitCodes:*ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleAction: 'string',
  ContainerRestartRuleOnExitCodes: 'operator:ContainerRestartRuleOnExitCodesOperator values:[]int32',
  ContainerRestartRuleOnExitCodesOperator: 'string',
  DNSPolicy: 'string',
  DaemonSet: 'kind:string apiVersion:string metadata:ObjectMeta! spec:DaemonSetSpec! status:any!',
  DaemonSetSpec:
    'selector:*LabelSelector! template:PodTemplateSpec! updateStrategy:DaemonSetUpdateStrategy! minReadySeconds:int32 revisionHistoryLimit:*int32',
  DaemonSetUpdateStrategy: 'type:DaemonSetUpdateStrategyType rollingUpdate:*RollingUpdateDaemonSet',
  DaemonSetUpdateStrategyType: 'string',
  DownwardAPIProjection: 'items:[]DownwardAPIVolumeFile',
  DownwardAPIVolumeFile:
    'path:string! fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector mode:*int32',
  DownwardAPIVolumeSource: 'items:[]DownwardAPIVolumeFile defaultMode:*int32',
  EmptyDirVolumeSource: 'medium:StorageMedium sizeLimit:*quantity',
  EnvFromSource: 'prefix:string configMapRef:*ConfigMapEnvSource secretRef:*SecretEnvSource',
  EnvVar: 'name:string! value:string valueFrom:*EnvVarSource',
  EnvVarSource:
    'fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector configMapKeyRef:*ConfigMapKeySelector secretKeyRef:*SecretKeySelector fileKeyRef:*FileKeySelector',
  EphemeralContainer:
    'EphemeralContainerCommon.name:string! EphemeralContainerCommon.image:string EphemeralContainerCommon.command:[]string EphemeralContainerCommon.args:[]string EphemeralContainerCommon.workingDir:string EphemeralContainerCommon.ports:[containerPort,protocol]ContainerPort EphemeralContainerCommon.envFrom:[]EnvFromSource EphemeralContainerCommon.env:[name]EnvVar EphemeralContainerCommon.resources:ResourceRequirements! EphemeralContainerCommon.resizePolicy:[]ContainerResizePolicy EphemeralContainerCommon.restartPolicy:*ContainerRestartPolicy EphemeralContainerCommon.restartPolicyRules:[]ContainerRestartRule EphemeralContainerCommon.volumeMounts:[mountPath]VolumeMount EphemeralContainerCommon.volumeDevices:[devicePath]VolumeDevice EphemeralContainerCommon.livenessProbe:*Probe EphemeralContainerCommon.readinessProbe:*Probe EphemeralContainerCommon.startupProbe:*Probe EphemeralContainerCommon.lifecycle:*Lifecycle EphemeralContainerCommon.terminationMessagePath:string EphemeralContainerCommon.terminationMessagePolicy:TerminationMessagePolicy EphemeralContainerCommon.imagePullPolicy:PullPolicy EphemeralContainerCommon.securityContext:*SecurityContext EphemeralContainerCommon.stdin:bool EphemeralContainerCommon.stdinOnce:bool EphemeralContainerCommon.tty:bool targetContainerName:string',
  EphemeralVolumeSource: 'volumeClaimTemplate:*PersistentVolumeClaimTemplate',
  ExecAction: 'command:[]string',
  FCVolumeSource: 'targetWWNs:[]string lun:*int32 fsType:string readOnly:bool wwids:[]string',
  FileKeySelector: 'volumeName:string! path:string! key:string! optional:*bool',
  FinalizerName: 'string',
  FlexVolumeSource: 'driver:string! fsType:string secretRef:*LocalObjectReference readOnly:bool options:{}string',
  FlockerVolumeSource: 'datasetName:string datasetUUID:string',
  GCEPersistentDiskVolumeSource: 'pdName:string! fsType:string partition:int32 readOnly:bool',
  GRPCAction: 'port:int32! service:*string!',
  GitRepoVolumeSource: 'repository:string! revision:string directory:string',
  GlusterfsVolumeSource: 'endpoints:string! path:string! readOnly:bool',
  HTTPGetAction: 'path:string port:intOrString! host:string scheme:URIScheme httpHeaders:[]HTTPHeader',
  HTTPHeader: 'name:string! value:string!',
  HostAlias: 'ip:string! hostnames:[]string',
  HostPathType: 'string',
  HostPathVolumeSource: 'path:string! type:*HostPathType',
  ISCSIVolumeSource:
    'targetPortal:string! iqn:string! lun:int32! iscsiInterface:string fsType:string readOnly:bool portals:[]string chapAuthDiscovery:bool chapAuthSession:bool secretRef:*LocalObjectReference initiatorName:*string',
  ImageVolumeSource: 'reference:string pullPolicy:PullPolicy',
  KeyToPath: 'key:string! path:string! mode:*int32',
  LabelSelector: '! matchLabels:{}string matchExpressions:[]LabelSelectorRequirement',
  LabelSelectorOperator: 'string',
  LabelSelectorRequirement: 'key:string! operator:LabelSelectorOperator! values:[]string',
  Lifecycle: 'postStart:*LifecycleHandler preStop:*LifecycleHandler',
  LifecycleHandler: 'exec:*ExecAction httpGet:*HTTPGetAction tcpSocket:*TCPSocketAction sleep:*SleepAction',
  LimitRange: 'kind:string apiVersion:string metadata:ObjectMeta! spec:LimitRangeSpec!',
  LimitRangeItem:
    'type:LimitType! max:ResourceList min:ResourceList default:ResourceList defaultRequest:ResourceList maxLimitRequestRatio:ResourceList',
  LimitRangeSpec: 'limits:[]LimitRangeItem!',
  LimitType: 'string',
  LocalObjectReference: '! name:string',
  MountPropagationMode: 'string',
  NFSVolumeSource: 'server:string! path:string! readOnly:bool',
  Namespace: 'kind:string apiVersion:string metadata:ObjectMeta! spec:NamespaceSpec! status:NamespaceStatus!',
  NamespaceCondition:
    'type:NamespaceConditionType! status:ConditionStatus! lastTransitionTime:time! reason:string message:string',
  NamespaceConditionType: 'string',
  NamespacePhase: 'string',
  NamespaceSpec: 'finalizers:[]FinalizerName',
  NamespaceStatus: 'phase:NamespacePhase conditions:[type]NamespaceCondition',
  NodeAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:*NodeSelector preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm',
  NodeInclusionPolicy: 'string',
  NodeSelector: '! nodeSelectorTerms:[]NodeSelectorTerm!',
  NodeSelectorOperator: 'string',
  NodeSelectorRequirement: 'key:string! operator:NodeSelectorOperator! values:[]string',
  NodeSelectorTerm: '! matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement',
  OSName: 'string',
  ObjectFieldSelector: '! apiVersion:string fieldPath:string!',
  ObjectMeta:
    'name:string generateName:string namespace:string selfLink:string uid:UID resourceVersion:string generation:int64 creationTimestamp:time deletionTimestamp:*time deletionGracePeriodSeconds:*int64 labels:{}string annotations:{}string ownerReferences:[uid]OwnerReference finalizers:[=]string managedFields:[]any',
  Overhead: 'podFixed:ResourceList',
  OwnerReference: '! apiVersion:string! kind:string! name:string! uid:UID! controller:*bool blockOwnerDeletion:*bool',
  PersistentVolumeAccessMode: 'string',
  PersistentVolumeClaimSpec:
    'accessModes:[]PersistentVolumeAccessMode selector:*LabelSelector resources:VolumeResourceRequirements! volumeName:string storageClassName:*string volumeMode:*PersistentVolumeMode dataSource:*TypedLocalObjectReference dataSourceRef:*TypedObjectReference volumeAttributesClassName:*string',
  PersistentVolumeClaimTemplate: 'metadata:ObjectMeta! spec:PersistentVolumeClaimSpec!',
  PersistentVolumeClaimVolumeSource: 'claimName:string! readOnly:bool',
  PersistentVolumeMode: 'string',
  PhotonPersistentDiskVolumeSource: 'pdID:string! fsType:string',
  Pod: 'kind:string apiVersion:string metadata:ObjectMeta! spec:PodSpec! status:any!',
  PodAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodAffinityTerm:
    'labelSelector:*LabelSelector namespaces:[]string topologyKey:string! namespaceSelector:*LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string',
  PodAntiAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodCertificateProjection:
    'signerName:string keyType:string maxExpirationSeconds:*int32 credentialBundlePath:string keyPath:string certificateChainPath:string userAnnotations:{}string',
  PodConditionType: 'string',
  PodDNSConfig: 'nameservers:[]string searches:[]string options:[]PodDNSConfigOption',
  PodDNSConfigOption: 'name:string value:*string',
  PodFSGroupChangePolicy: 'string',
  PodOS: 'name:OSName!',
  PodReadinessGate: 'conditionType:PodConditionType!',
  PodResourceClaim: 'name:string! resourceClaimName:*string resourceClaimTemplateName:*string',
  PodSELinuxChangePolicy: 'string',
  PodSchedulingGate: 'name:string!',
  PodSchedulingGroup: 'podGroupName:*string',
  PodSecurityContext:
    'seLinuxOptions:*SELinuxOptions windowsOptions:*WindowsSecurityContextOptions runAsUser:*int64 runAsGroup:*int64 runAsNonRoot:*bool supplementalGroups:[]int64 supplementalGroupsPolicy:*SupplementalGroupsPolicy fsGroup:*int64 sysctls:[]Sysctl fsGroupChangePolicy:*PodFSGroupChangePolicy seccompProfile:*SeccompProfile appArmorProfile:*AppArmorProfile seLinuxChangePolicy:*PodSELinuxChangePolicy',
  PodSpec:
    'volumes:[name]Volume initContainers:[name]Container containers:[name]Container! ephemeralContainers:[name]EphemeralContainer restartPolicy:RestartPolicy terminationGracePeriodSeconds:*int64 activeDeadlineSeconds:*int64 dnsPolicy:DNSPolicy nodeSelector:{!}string serviceAccountName:string serviceAccount:string automountServiceAccountToken:*bool nodeName:string hostNetwork:bool hostPID:bool hostIPC:bool shareProcessNamespace:*bool securityContext:*PodSecurityContext imagePullSecrets:[name]LocalObjectReference hostname:string subdomain:string affinity:*Affinity schedulerName:string tolerations:[]Toleration hostAliases:[ip]HostAlias priorityClassName:string priority:*int32 dnsConfig:*PodDNSConfig readinessGates:[]PodReadinessGate runtimeClassName:*string enableServiceLinks:*bool preemptionPolicy:*PreemptionPolicy overhead:*ResourceList topologySpreadConstraints:[topologyKey,whenUnsatisfiable]TopologySpreadConstraint setHostnameAsFQDN:*bool os:*PodOS hostUsers:*bool schedulingGates:[name]PodSchedulingGate resourceClaims:[name]PodResourceClaim resources:*ResourceRequirements hostnameOverride:*string schedulingGroup:*PodSchedulingGroup',
  PodTemplateSpec: 'metadata:ObjectMeta! spec:PodSpec!',
  PortworxVolumeSource: 'volumeID:string! fsType:string readOnly:bool',
  PreemptionPolicy: 'string',
  PreferredSchedulingTerm: 'weight:int32! preference:NodeSelectorTerm!',
  PriorityClass:
    'kind:string apiVersion:string metadata:ObjectMeta! value:int32! globalDefault:bool description:string preemptionPolicy:*PreemptionPolicy',
  Probe:
    'ProbeHandler.exec:*ExecAction ProbeHandler.httpGet:*HTTPGetAction ProbeHandler.tcpSocket:*TCPSocketAction ProbeHandler.grpc:*GRPCAction initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 successThreshold:int32 failureThreshold:int32 terminationGracePeriodSeconds:*int64',
  ProcMountType: 'string',
  ProjectedVolumeSource: 'sources:[]VolumeProjection! defaultMode:*int32',
  Protocol: 'string',
  PullPolicy: 'string',
  QuobyteVolumeSource: 'registry:string! volume:string! readOnly:bool user:string group:string tenant:string',
  RBDVolumeSource:
    'monitors:[]string! image:string! fsType:string pool:string user:string keyring:string secretRef:*LocalObjectReference readOnly:bool',
  RecursiveReadOnlyMode: 'string',
  ResourceClaim: 'name:string! request:string',
  ResourceFieldSelector: '! containerName:string resource:string! divisor:quantity!',
  ResourceList: '{}quantity',
  ResourceName: 'string',
  ResourceQuota:
    'kind:string apiVersion:string metadata:ObjectMeta! spec:ResourceQuotaSpec! status:ResourceQuotaStatus!',
  ResourceQuotaScope: 'string',
  ResourceQuotaSpec: 'hard:ResourceList scopes:[]ResourceQuotaScope scopeSelector:*ScopeSelector',
  ResourceQuotaStatus: 'hard:ResourceList used:ResourceList',
  ResourceRequirements: 'limits:ResourceList requests:ResourceList claims:[name]ResourceClaim',
  ResourceResizeRestartPolicy: 'string',
  RestartPolicy: 'string',
  RollingUpdateDaemonSet: 'maxUnavailable:*intOrString maxSurge:*intOrString',
  RuntimeClass:
    'kind:string apiVersion:string metadata:ObjectMeta! handler:string! overhead:*Overhead scheduling:*Scheduling',
  SELinuxOptions: 'user:string role:string type:string level:string',
  ScaleIOVolumeSource:
    'gateway:string! system:string! secretRef:*LocalObjectReference! sslEnabled:bool protectionDomain:string storagePool:string storageMode:string volumeName:string fsType:string readOnly:bool',
  Scheduling: 'nodeSelector:{}string tolerations:[]Toleration',
  ScopeSelector: '! matchExpressions:[]ScopedResourceSelectorRequirement',
  ScopeSelectorOperator: 'string',
  ScopedResourceSelectorRequirement: 'scopeName:ResourceQuotaScope! operator:ScopeSelectorOperator! values:*[]string',
  SeccompProfile: 'type:SeccompProfileType! localhostProfile:*string',
  SeccompProfileType: 'string',
  SecretEnvSource: 'LocalObjectReference.name:string optional:*bool',
  SecretKeySelector: '! LocalObjectReference.name:string key:string! optional:*bool',
  SecretProjection: 'LocalObjectReference.name:string items:[]KeyToPath optional:*bool',
  SecretVolumeSource: 'secretName:string items:[]KeyToPath defaultMode:*int32 optional:*bool',
  SecurityContext:
    'capabilities:*Capabilities privileged:*bool seLinuxOptions:*SELinuxOptions windowsOptions:*WindowsSecurityContextOptions runAsUser:*int64 runAsGroup:*int64 runAsNonRoot:*bool readOnlyRootFilesystem:*bool allowPrivilegeEscalation:*bool procMount:*ProcMountType seccompProfile:*SeccompProfile appArmorProfile:*AppArmorProfile',
  ServiceAccountTokenProjection: 'audience:string expirationSeconds:*int64 path:string!',
  Signal: 'string',
  SleepAction: 'seconds:int64!',
  StorageMedium: 'string',
  StorageOSVolumeSource:
    'volumeName:string volumeNamespace:string fsType:string readOnly:bool secretRef:*LocalObjectReference',
  SupplementalGroupsPolicy: 'string',
  Sysctl: 'name:string! value:string!',
  TCPSocketAction: 'port:intOrString! host:string',
  TaintEffect: 'string',
  TerminationMessagePolicy: 'string',
  Toleration: 'key:string operator:TolerationOperator value:string effect:TaintEffect tolerationSeconds:*int64',
  TolerationOperator: 'string',
  TopologySpreadConstraint:
    'maxSkew:int32! topologyKey:string! whenUnsatisfiable:UnsatisfiableConstraintAction! labelSelector:*LabelSelector minDomains:*int32 nodeAffinityPolicy:*NodeInclusionPolicy nodeTaintsPolicy:*NodeInclusionPolicy matchLabelKeys:[]string',
  TypedLocalObjectReference: '! apiGroup:*string! kind:string! name:string!',
  TypedObjectReference: 'apiGroup:*string! kind:string! name:string! namespace:*string',
  UID: 'string',
  URIScheme: 'string',
  UnsatisfiableConstraintAction: 'string',
  Volume:
    'name:string! VolumeSource.hostPath:*HostPathVolumeSource VolumeSource.emptyDir:*EmptyDirVolumeSource VolumeSource.gcePersistentDisk:*GCEPersistentDiskVolumeSource VolumeSource.awsElasticBlockStore:*AWSElasticBlockStoreVolumeSource VolumeSource.gitRepo:*GitRepoVolumeSource VolumeSource.secret:*SecretVolumeSource VolumeSource.nfs:*NFSVolumeSource VolumeSource.iscsi:*ISCSIVolumeSource VolumeSource.glusterfs:*GlusterfsVolumeSource VolumeSource.persistentVolumeClaim:*PersistentVolumeClaimVolumeSource VolumeSource.rbd:*RBDVolumeSource VolumeSource.flexVolume:*FlexVolumeSource VolumeSource.cinder:*CinderVolumeSource VolumeSource.cephfs:*CephFSVolumeSource VolumeSource.flocker:*FlockerVolumeSource VolumeSource.downwardAPI:*DownwardAPIVolumeSource VolumeSource.fc:*FCVolumeSource VolumeSource.azureFile:*AzureFileVolumeSource VolumeSource.configMap:*ConfigMapVolumeSource VolumeSource.vsphereVolume:*VsphereVirtualDiskVolumeSource VolumeSource.quobyte:*QuobyteVolumeSource VolumeSource.azureDisk:*AzureDiskVolumeSource VolumeSource.photonPersistentDisk:*PhotonPersistentDiskVolumeSource VolumeSource.projected:*ProjectedVolumeSource VolumeSource.portworxVolume:*PortworxVolumeSource VolumeSource.scaleIO:*ScaleIOVolumeSource VolumeSource.storageos:*StorageOSVolumeSource VolumeSource.csi:*CSIVolumeSource VolumeSource.ephemeral:*EphemeralVolumeSource VolumeSource.image:*ImageVolumeSource',
  VolumeDevice: 'name:string! devicePath:string!',
  VolumeMount:
    'name:string! readOnly:bool recursiveReadOnly:*RecursiveReadOnlyMode mountPath:string! subPath:string mountPropagation:*MountPropagationMode subPathExpr:string',
  VolumeProjection:
    'secret:*SecretProjection downwardAPI:*DownwardAPIProjection configMap:*ConfigMapProjection serviceAccountToken:*ServiceAccountTokenProjection clusterTrustBundle:*ClusterTrustBundleProjection podCertificate:*PodCertificateProjection',
  VolumeResourceRequirements: 'limits:ResourceList requests:ResourceList',
  VsphereVirtualDiskVolumeSource: 'volumePath:string! fsType:string storagePolicyName:string storagePolicyID:string',
  WeightedPodAffinityTerm: 'weight:int32! podAffinityTerm:PodAffinityTerm!',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpecName:*string gmsaCredentialSpec:*string runAsUserName:*string hostProcess:*bool',
}
