import {
  anyTime,
  count,
  flag,
  int32,
  int64,
  list,
  nonEmptyText,
  object,
  presence,
  quantities,
  shared,
  text,
  texts,
} from '../project/shape.ts'
import { labelSelector, selectorRequirement } from './meta.ts'

// k8s.io/api core/v1/types.go, v1.36.2.

export const taint = shared(
  object({ key: nonEmptyText, value: text, effect: nonEmptyText, timeAdded: anyTime }, { required: ['key', 'effect'] }),
)

export const toleration = shared(
  object({ key: text, operator: text, value: text, effect: text, tolerationSeconds: int64 }),
)

export const resourceRequirements = shared(
  object({
    requests: quantities,
    limits: quantities,
    claims: list(object({ name: nonEmptyText, request: text }, { required: ['name'] })),
  }),
)

const port: { kind: 'integer'; min: number; max: number } = { kind: 'integer', min: 0, max: 65_535 }

const securityContext = object({
  privileged: flag,
  capabilities: object({ add: list(text), drop: list(text) }),
  runAsNonRoot: flag,
  runAsUser: int64,
  allowPrivilegeEscalation: flag,
  procMount: text,
  seccompProfile: object({ type: text, localhostProfile: text }, { required: ['type'] }),
  seLinuxOptions: object({ type: text, user: text, role: text, level: text }),
  appArmorProfile: object({ type: text }, { required: ['type'] }),
  windowsOptions: object({ hostProcess: flag }),
  sysctls: list(object({ name: text, value: text }, { required: ['name', 'value'] })),
})

const container = object(
  {
    name: nonEmptyText,
    image: text,
    resources: resourceRequirements,
    ports: list(object({ name: text, containerPort: port, hostPort: port, hostIP: text, protocol: text })),
    restartPolicy: text,
    securityContext,
  },
  { required: ['name'] },
)

const nodeSelectorTerm = object({
  matchExpressions: list(selectorRequirement),
  matchFields: list(selectorRequirement),
})

export const nodeSelector = object({ nodeSelectorTerms: list(nodeSelectorTerm) })

const podAffinityTerm = object(
  {
    labelSelector,
    namespaces: list(text),
    namespaceSelector: labelSelector,
    topologyKey: nonEmptyText,
    matchLabelKeys: list(text),
    mismatchLabelKeys: list(text),
  },
  { required: ['topologyKey'] },
)

const podAffinity = object({
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    object({ weight: int32, podAffinityTerm }, { required: ['weight', 'podAffinityTerm'] }),
  ),
})

const affinity = object({
  nodeAffinity: object({
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector,
    preferredDuringSchedulingIgnoredDuringExecution: list(
      object({ weight: int32, preference: nodeSelectorTerm }, { required: ['weight', 'preference'] }),
    ),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
})

const topologySpreadConstraint = object(
  {
    maxSkew: int32,
    topologyKey: nonEmptyText,
    whenUnsatisfiable: nonEmptyText,
    labelSelector,
    minDomains: int32,
    nodeAffinityPolicy: text,
    nodeTaintsPolicy: text,
    matchLabelKeys: list(text),
  },
  { required: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'] },
)

/** Sources that a filter looks into; of every other one only its name is kept. */
const volume = object(
  {
    name: nonEmptyText,
    persistentVolumeClaim: object({ claimName: nonEmptyText, readOnly: flag }, { required: ['claimName'] }),
    ephemeral: presence,
    csi: object({ driver: text, readOnly: flag }),
    gcePersistentDisk: object({ pdName: text, readOnly: flag }),
    awsElasticBlockStore: object({ volumeID: text, readOnly: flag }),
    azureDisk: object({ diskName: text, readOnly: flag }),
    cinder: object({ volumeID: text, readOnly: flag }),
    iscsi: object({ targetPortal: text, iqn: text, lun: int32, readOnly: flag }),
    rbd: object({ monitors: list(text), image: text, pool: text, readOnly: flag }),
  },
  { required: ['name'], restAsPresence: true },
)

/** The token volume that admission adds to every pod under a name of its own; no filter reads it. */
function isTokenVolume(element: unknown): boolean {
  const { name, projected } = element as { readonly name?: unknown; readonly projected?: unknown }
  return projected !== undefined && typeof name === 'string' && name.startsWith('kube-api-access-')
}

const named = object({ name: nonEmptyText }, { required: ['name'] })

const podSpecFields = {
  nodeName: text,
  nodeSelector: texts,
  affinity: shared(affinity),
  tolerations: shared(list(toleration)),
  containers: shared(list(container)),
  initContainers: shared(list(container)),
  overhead: quantities,
  resources: resourceRequirements,
  priority: int32,
  priorityClassName: text,
  preemptionPolicy: text,
  schedulerName: text,
  restartPolicy: text,
  runtimeClassName: text,
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  terminationGracePeriodSeconds: int64,
  activeDeadlineSeconds: count,
  topologySpreadConstraints: shared(list(topologySpreadConstraint)),
  schedulingGates: shared(list(named)),
  volumes: shared(list(volume, isTokenVolume)),
  resourceClaims: shared(list(named)),
  securityContext: shared(securityContext),
  serviceAccountName: text,
  os: shared(object({ name: text }, { required: ['name'] })),
}

export const podSpec = object(podSpecFields)
