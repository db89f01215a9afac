import type { Container, ContainerPort, Pod, PodSpec, SecurityContext, Volume } from '../api/core.ts'
import type { ObjectMeta, ResourceList } from '../api/meta.ts'
import type { JsonObject } from './json.ts'

// A pod as the server's decoder leaves it: the fields of `api/core.ts` and those that only validation reads. What has no
// rule of its own here stays JSON.

/** A pod with every field that admission reads. */
export interface FullPod extends Pod {
  readonly metadata: ObjectMeta
  readonly spec: FullPodSpec
}

/** The spec of a pod or of a template, with every field that admission reads. */
export interface FullPodSpec extends PodSpec {
  readonly containers?: readonly FullContainer[]
  readonly initContainers?: readonly FullContainer[]
  readonly ephemeralContainers?: readonly FullContainer[]
  readonly volumes?: readonly Volume[]
  readonly dnsPolicy?: string
  readonly dnsConfig?: DnsConfig
  readonly hostname?: string
  readonly subdomain?: string
  readonly hostnameOverride?: string
  readonly setHostnameAsFQDN?: boolean
  readonly shareProcessNamespace?: boolean
  readonly serviceAccount?: string
  readonly automountServiceAccountToken?: boolean
  readonly enableServiceLinks?: boolean
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[]
  readonly readinessGates?: readonly { readonly conditionType: string }[]
  readonly imagePullSecrets?: readonly { readonly name?: string }[]
  readonly resourceClaims?: readonly PodResourceClaim[]
  readonly securityContext?: FullSecurityContext
}

/** A container of any list of a pod. */
export interface FullContainer extends Container {
  readonly env?: readonly EnvVar[]
  readonly envFrom?: readonly EnvFrom[]
  readonly volumeMounts?: readonly VolumeMount[]
  readonly volumeDevices?: readonly { readonly name: string; readonly devicePath: string }[]
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  /** Of ephemeral containers. */
  readonly targetContainerName?: string
  readonly lifecycle?: { readonly postStart?: Handler; readonly preStop?: Handler }
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
  readonly imagePullPolicy?: string
  readonly resizePolicy?: readonly { readonly resourceName: string; readonly restartPolicy: string }[]
  readonly restartPolicyRules?: readonly RestartRule[]
  readonly ports?: readonly ContainerPort[]
  readonly securityContext?: FullSecurityContext
}

/** Of a pod or of a container; each has fields that the other lacks. */
export interface FullSecurityContext extends SecurityContext {
  readonly runAsGroup?: number
  readonly fsGroup?: number
  readonly fsGroupChangePolicy?: string
  readonly supplementalGroups?: readonly number[]
  readonly supplementalGroupsPolicy?: string
  readonly seLinuxChangePolicy?: string
  readonly readOnlyRootFilesystem?: boolean
  readonly appArmorProfile?: { readonly type: string; readonly localhostProfile?: string }
  readonly windowsOptions?: {
    readonly hostProcess?: boolean
    readonly gmsaCredentialSpecName?: string
    readonly gmsaCredentialSpec?: string
    readonly runAsUserName?: string
  }
}

interface DnsConfig {
  readonly nameservers?: readonly string[]
  readonly searches?: readonly string[]
  readonly options?: readonly { readonly name?: string; readonly value?: string }[]
}

/** A claim of the pod for devices. */
export interface PodResourceClaim {
  readonly name: string
  readonly resourceClaimName?: string
  readonly resourceClaimTemplateName?: string
}

/** One variable of a container. */
export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string }
    readonly resourceFieldRef?: {
      readonly containerName?: string
      readonly resource: string
      readonly divisor?: string | number
    }
    readonly configMapKeyRef?: KeyRef
    readonly secretKeyRef?: KeyRef
    readonly fileKeyRef?: {
      readonly volumeName: string
      readonly path: string
      readonly key: string
      readonly optional?: boolean
    }
  }
}

/** A key of a ConfigMap or Secret. */
export interface KeyRef {
  readonly name?: string
  readonly key: string
}

/** A source of many variables. */
export interface EnvFrom {
  readonly prefix?: string
  readonly configMapRef?: { readonly name?: string }
  readonly secretRef?: { readonly name?: string }
}

/** Where a volume appears in a container. */
export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: boolean
  readonly subPath?: string
  readonly subPathExpr?: string
  readonly mountPropagation?: string
  readonly recursiveReadOnly?: string
}

/** What the kubelet does to a container: run, ask or wait. */
export interface Handler {
  readonly exec?: { readonly command?: readonly string[] }
  readonly httpGet?: HttpGet
  readonly tcpSocket?: { readonly port: string | number; readonly host?: string }
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly sleep?: { readonly seconds: number }
}

/** An HTTP request of the kubelet. */
export interface HttpGet {
  readonly host?: string
  readonly path?: string
  readonly port: string | number
  readonly scheme?: string
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[]
}

/** A question that the kubelet asks again and again. */
export interface Probe extends Handler {
  readonly initialDelaySeconds?: number
  readonly timeoutSeconds?: number
  readonly periodSeconds?: number
  readonly successThreshold?: number
  readonly failureThreshold?: number
  readonly terminationGracePeriodSeconds?: number
}

interface RestartRule {
  readonly action: string
  readonly exitCodes?: { readonly operator: string; readonly values?: readonly number[] }
}

/** Containers and init containers, in the order in which upstream visits them. */
export function allContainers(spec: FullPodSpec): readonly FullContainer[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
}

/** A sidecar: an init container that is restarted. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

/** Limits or requests of a container. */
export function resourcesOf(container: Container, list: 'requests' | 'limits'): ResourceList | undefined {
  return container.resources?.[list]
}

/** A JSON view of an API object, for generic code. */
export function asJson(object: object): JsonObject {
  return object as JsonObject
}
