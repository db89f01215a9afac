import type { PodDisruptionBudget, PodSpec, ResourceList, Workload } from '@everynode/engine'
import { suffix, uid } from './names.ts'

/** An application of the demo: what owns its pods and what one of them asks. */
export interface App {
  readonly kind: 'Deployment' | 'StatefulSet'
  readonly namespace: string
  readonly name: string
  readonly requests: ResourceList
  /** A system class; user services get the class of the variant. */
  readonly systemClass?: string
  /** Runs in NodePool `stable`, on Fargate, or wherever it fits. */
  readonly place: 'stable' | 'fargate' | 'anywhere'
  readonly graceSeconds?: number
  /** `maxUnavailable` of its PodDisruptionBudget, and how many pods that is. */
  readonly budget?: { readonly maxUnavailable: string | number; readonly allows: number }
}

export const APPS = {
  web: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    requests: { cpu: '800m', memory: '1Gi' },
    place: 'anywhere',
  },
  api: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'api',
    requests: { cpu: '800m', memory: '1536Mi' },
    place: 'anywhere',
  },
  checkout: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'checkout',
    requests: { cpu: '900m', memory: '1Gi' },
    place: 'anywhere',
    budget: { maxUnavailable: '25%', allows: 3 },
  },
  worker: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'worker',
    requests: { cpu: '500m', memory: '1Gi' },
    place: 'anywhere',
  },
  cache: {
    kind: 'StatefulSet',
    namespace: 'data',
    name: 'cache',
    requests: { cpu: '500m', memory: '6976Mi' },
    place: 'anywhere',
    graceSeconds: 60,
    budget: { maxUnavailable: 1, allows: 1 },
  },
  ledger: {
    kind: 'StatefulSet',
    namespace: 'data',
    name: 'ledger',
    requests: { cpu: '800m', memory: '2Gi' },
    place: 'stable',
    graceSeconds: 60,
  },
  billing: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'billing',
    requests: { cpu: '600m', memory: '1Gi' },
    place: 'stable',
  },
  coredns: {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    requests: { cpu: '100m', memory: '70Mi' },
    place: 'stable',
    systemClass: 'system-cluster-critical',
  },
  karpenter: {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'karpenter',
    requests: { cpu: '1', memory: '1Gi' },
    place: 'fargate',
    systemClass: 'system-cluster-critical',
  },
} as const satisfies Readonly<Record<string, App>>

/** What the pods of an app are made of; `userClass` is the class of user services in this variant. */
export function podSpecOf(app: App, userClass: string | undefined): PodSpec {
  const priorityClassName = app.systemClass ?? userClass
  return {
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...(app.place === 'stable' ? { nodeSelector: { 'karpenter.sh/nodepool': 'stable' } } : {}),
    ...(app.graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: app.graceSeconds }),
    tolerations:
      app.place === 'stable'
        ? [{ key: 'nodepool/stable', operator: 'Exists', effect: 'NoSchedule' }]
        : app.place === 'fargate'
          ? [{ key: 'eks.amazonaws.com/compute-type', operator: 'Equal', value: 'fargate', effect: 'NoSchedule' }]
          : [],
    containers: [
      { name: app.name, image: `registry.example/${app.name}:2.7.1`, resources: { requests: app.requests } },
    ],
  }
}

export function labelsOf(app: App): Readonly<Record<string, string>> {
  return { app: app.name }
}

/** `pod-template-hash` of a Deployment's one ReplicaSet. */
export function templateHash(app: App, userClass: string | undefined): string {
  return suffix(`${app.namespace}/${app.name} ${userClass ?? ''}`, 10)
}

/** The objects that own the pods of an app: the Deployment and its ReplicaSet, or the StatefulSet. */
export function ownersOf(
  app: App,
  replicas: number,
  userClass: string | undefined,
  created: string,
): readonly Workload[] {
  const { kind, namespace, name } = app
  const labels = labelsOf(app)
  const template = { metadata: { labels }, spec: podSpecOf(app, userClass) }
  const owner: Workload = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, uid: uid(`${kind} ${namespace}/${name}`), creationTimestamp: created, labels },
    spec: { replicas, selector: { matchLabels: labels }, template },
    status: { replicas, readyReplicas: replicas },
  }
  if (kind === 'StatefulSet') return [owner]
  const hash = templateHash(app, userClass)
  const setLabels = { ...labels, 'pod-template-hash': hash }
  const replicaSet: Workload = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: uid(`ReplicaSet ${namespace}/${name}-${hash}`),
      creationTimestamp: created,
      labels: setLabels,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind, name, uid: uid(`${kind} ${namespace}/${name}`), controller: true },
      ],
    },
    spec: {
      replicas,
      selector: { matchLabels: setLabels },
      template: { ...template, metadata: { labels: setLabels } },
    },
    status: { replicas, readyReplicas: replicas },
  }
  return [owner, replicaSet]
}

/** The budget of an app that has one, with the counts that the disruption controller writes while all pods are healthy. */
export function budgetOf(app: App, replicas: number, created: string): PodDisruptionBudget | undefined {
  if (app.budget === undefined) return undefined
  const { namespace, name } = app
  return {
    metadata: { name, namespace, uid: uid(`pdb ${namespace}/${name}`), creationTimestamp: created },
    spec: { selector: { matchLabels: labelsOf(app) }, maxUnavailable: app.budget.maxUnavailable },
    status: {
      disruptionsAllowed: app.budget.allows,
      currentHealthy: replicas,
      desiredHealthy: replicas - app.budget.allows,
      expectedPods: replicas,
    },
  }
}
