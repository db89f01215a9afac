import type { KubeObject } from '../../api/meta.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { FullContainer, FullPod } from '../pod-model.ts'

/** What pods take from the account that they run as. */
export interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean
  readonly imagePullSecrets?: readonly { readonly name?: string }[]
}

const VOLUME_PREFIX = 'kube-api-access-'
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
/** One hour, and seven seconds by which the server knows clients that don't read the token again. */
const TOKEN_SECONDS = 3607
const MODE = 0o644

/**
 * The pod with the account's name, its token mounted in every container, and its pull secrets unless the pod has some itself;
 * `suffix` ends the volume's name (kubernetes `plugin/pkg/admission/serviceaccount/admission.go`, v1.36.2).
 */
export function applyServiceAccount(
  pod: FullPod,
  name: string,
  account: ServiceAccount | undefined,
  suffix: string,
): FullPod {
  const spec = { ...pod.spec, serviceAccountName: name, serviceAccount: name }
  const secrets = account?.imagePullSecrets ?? []
  const named: FullPod = {
    ...pod,
    spec: spec.imagePullSecrets?.length || secrets.length === 0 ? spec : { ...spec, imagePullSecrets: secrets },
  }
  const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true
  return mounts ? withToken(named, suffix) : named
}

/** What a pod that stands for a static pod may not have, as the server says it; undefined if it has nothing of it (same file). */
export function mirrorPodViolation({ spec }: FullPod): string | undefined {
  if (spec.serviceAccountName) return 'a mirror pod may not reference service accounts'
  if (referencesSecret(spec)) return 'a mirror pod may not reference secrets'
  const token = (spec.volumes ?? []).some(volume =>
    projections(volume as unknown as JsonObject).some(each => each['serviceAccountToken']),
  )
  return token ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined
}

function referencesSecret(spec: FullPod['spec']): boolean {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
  return (
    (spec.imagePullSecrets ?? []).some(({ name }) => name) ||
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name) || envFrom.some(({ secretRef }) => secretRef?.name),
    ) ||
    (spec.volumes ?? []).some(volume => hasSecret(volume as unknown as JsonObject))
  )
}

function hasSecret(volume: JsonObject): boolean {
  return Object.entries(volume).some(([kind, source]) => {
    if (!isJsonObject(source)) return false
    const names = [source['secretRef'], source['nodePublishSecretRef']].map(each => isJsonObject(each) && each['name'])
    const secrets = projections(volume).map(({ secret }) => isJsonObject(secret) && secret['name'])
    const own = (kind === 'secret' || kind === 'azureFile') && source['secretName']
    return [own, ...names, ...secrets].some(Boolean)
  })
}

function projections(volume: JsonObject): readonly JsonObject[] {
  const { projected } = volume
  const sources = isJsonObject(projected) ? projected['sources'] : undefined
  return Array.isArray(sources) ? sources.filter(isJsonObject) : []
}

function withToken(pod: FullPod, suffix: string): FullPod {
  const { spec } = pod
  const own = spec.volumes?.find(({ name }) => name?.startsWith(VOLUME_PREFIX))?.name
  const volume = own ?? VOLUME_PREFIX + suffix
  const mount = { name: volume, readOnly: true, mountPath: MOUNT_PATH }
  let isNeeded = false
  const mounted = (containers: readonly FullContainer[]): readonly FullContainer[] =>
    containers.map(container => {
      const mounts = container.volumeMounts ?? []
      if (mounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container
      isNeeded = true
      return { ...container, volumeMounts: [...mounts, mount] }
    })
  // A policy may have taken the containers away.
  const containers = mounted(spec.containers ?? [])
  const initContainers = spec.initContainers && mounted(spec.initContainers)
  if (!isNeeded) return pod
  return {
    ...pod,
    spec: {
      ...spec,
      containers,
      ...(initContainers && { initContainers }),
      ...(own === undefined && { volumes: [...(spec.volumes ?? []), tokenVolume(volume)] }),
    },
  }
}

function tokenVolume(name: string): NonNullable<FullPod['spec']['volumes']>[number] {
  return {
    name,
    projected: {
      defaultMode: MODE,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  }
}
