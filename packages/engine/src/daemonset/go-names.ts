import type { KubernetesVersion } from '../versions.ts'

/** Go's names of fields that are not the JSON name with a capital letter (k8s.io/api core/v1, apimachinery meta/v1 `types.go`, v0.36.2). */
const GO_NAMES: Readonly<Record<string, string>> = {
  apiGroup: 'APIGroup',
  apiVersion: 'APIVersion',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  chapAuthDiscovery: 'DiscoveryCHAPAuth',
  chapAuthSession: 'SessionCHAPAuth',
  csi: 'CSI',
  diskURI: 'DataDiskURI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  endpoints: 'EndpointsName',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  iqn: 'IQN',
  iscsi: 'ISCSI',
  iscsiInterface: 'ISCSIInterface',
  metadata: 'ObjectMeta',
  nfs: 'NFS',
  os: 'OS',
  pdName: 'PDName',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  serviceAccount: 'DeprecatedServiceAccount',
  sslEnabled: 'SSLEnabled',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  tty: 'TTY',
  uid: 'UID',
  wwids: 'WWIDs',
}

/** Those that only one struct spells so. */
const GO_NAMES_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RBDVolumeSource: { image: 'RBDImage', monitors: 'CephMonitors', pool: 'RBDPool', user: 'RadosUser' },
}

/** A field's name in Go. */
export function goName(struct: string, field: string): string {
  return GO_NAMES_OF[struct]?.[field] ?? GO_NAMES[field] ?? `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`
}

/** A struct within a struct whose fields JSON does not tell apart: its name and the range of fields that it holds. */
export interface Embedded {
  readonly name: string
  readonly from: number
  readonly to: number
}

const REFERENCE: Embedded = { name: 'LocalObjectReference', from: 0, to: 1 }

export const EMBEDDED: Readonly<Record<string, Embedded>> = {
  ConfigMapEnvSource: REFERENCE,
  ConfigMapKeySelector: REFERENCE,
  ConfigMapProjection: REFERENCE,
  ConfigMapVolumeSource: REFERENCE,
  EphemeralContainer: { name: 'EphemeralContainerCommon', from: 0, to: -1 },
  Probe: { name: 'ProbeHandler', from: 0, to: 4 },
  SecretEnvSource: REFERENCE,
  SecretKeySelector: REFERENCE,
  SecretProjection: REFERENCE,
  Volume: { name: 'VolumeSource', from: 1, to: Number.POSITIVE_INFINITY },
}

/** How the structs of a version differ from those of v0.36: fields that are not there, and Go's dump of those that come last. */
export interface StructDifferences {
  readonly without: Readonly<Record<string, string>>
  readonly more: Readonly<Record<string, string>>
}

const DEFAULT_USER = 'DefaultUser:(*int64)<nil>'
const USER = 'User:(*int64)<nil>'

/** k8s.io/api core/v1 `types.go`, v0.34.4, v0.35.4 and v0.37.2. A field that v0.36 does not have is dumped as one that is not set. */
export const STRUCT_DIFFERENCES: Readonly<Record<KubernetesVersion, StructDifferences>> = {
  '1.34': {
    without: { PodCertificateProjection: 'userAnnotations', PodSpec: 'schedulingGroup' },
    more: {},
  },
  '1.35': {
    without: { PodSpec: 'schedulingGroup' },
    more: { PodSpec: 'WorkloadRef:(*v1.WorkloadReference)<nil>' },
  },
  '1.36': { without: {}, more: {} },
  '1.37': {
    without: {},
    more: {
      ClusterTrustBundleProjection: USER,
      ConfigMapVolumeSource: DEFAULT_USER,
      DownwardAPIVolumeFile: USER,
      DownwardAPIVolumeSource: DEFAULT_USER,
      EmptyDirVolumeSource: 'Mode:(*int32)<nil>',
      GRPCAction: 'Mode:(*v1.GRPCProbeMode)<nil>',
      HTTPGetAction: 'Protocol:(*v1.HTTPProtocol)<nil>',
      KeyToPath: USER,
      PodCertificateProjection: USER,
      PodSpec: 'EvictionResponders:([]v1.EvictionResponder)<nil>',
      ProjectedVolumeSource: DEFAULT_USER,
      SecretVolumeSource: DEFAULT_USER,
      ServiceAccountTokenProjection: USER,
      VolumeMount: 'BindMountOptions:([]string)<nil>',
    },
  },
}
