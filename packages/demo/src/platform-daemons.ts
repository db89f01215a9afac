import type { Affinity, DaemonSet, ObjectMeta, PodSpec } from '@everynode/engine'

// Requests, classes and tolerations as the projects' own manifests have them, summed up as the four usual daemons: 300m and 192Mi a node.

const NOT_FARGATE: Affinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
            { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] },
            { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
          ],
        },
      ],
    },
  },
}
const EVERYWHERE: PodSpec = { affinity: NOT_FARGATE, tolerations: [{ operator: 'Exists' }] }

function daemonSet(metadata: ObjectMeta, spec: PodSpec, maxUnavailable: string): DaemonSet {
  const labels = { 'app.kubernetes.io/name': metadata.name ?? '' }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...metadata, labels: { ...labels, ...metadata.labels } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    },
  }
}

const AWS_NODE = daemonSet(
  { name: 'aws-node', namespace: 'kube-system', managedFields: [{ manager: 'eks' }] },
  {
    ...EVERYWHERE,
    priorityClassName: 'system-node-critical',
    hostNetwork: true,
    terminationGracePeriodSeconds: 10,
    initContainers: [
      { name: 'aws-vpc-cni-init', image: 'registry.example/cni-init:1.23.1', resources: { requests: { cpu: '25m' } } },
    ],
    containers: [
      {
        name: 'aws-node',
        image: 'registry.example/cni:1.23.1',
        ports: [{ name: 'metrics', containerPort: 61678, hostPort: 61678, protocol: 'TCP' }],
        resources: { requests: { cpu: '25m' } },
      },
      { name: 'aws-eks-nodeagent', image: 'registry.example/nodeagent:1.3.2', resources: { requests: { cpu: '25m' } } },
    ],
  },
  '10%',
)

const KUBE_PROXY = daemonSet(
  { name: 'kube-proxy', namespace: 'kube-system', managedFields: [{ manager: 'eks' }] },
  {
    ...EVERYWHERE,
    priorityClassName: 'system-node-critical',
    hostNetwork: true,
    containers: [
      { name: 'kube-proxy', image: 'registry.example/kube-proxy:1.36.2', resources: { requests: { cpu: '100m' } } },
    ],
  },
  '10%',
)

const NODE_EXPORTER = daemonSet(
  {
    name: 'node-exporter',
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'prometheus-node-exporter-4.55.0' },
    annotations: { 'meta.helm.sh/release-name': 'node-exporter', 'meta.helm.sh/release-namespace': 'monitoring' },
    managedFields: [{ manager: 'helm' }],
  },
  {
    ...EVERYWHERE,
    priorityClassName: 'system-cluster-critical',
    hostNetwork: true,
    hostPID: true,
    containers: [
      {
        name: 'node-exporter',
        image: 'registry.example/node-exporter:1.11.0',
        ports: [{ name: 'metrics', containerPort: 9100, hostPort: 9100, protocol: 'TCP' }],
        resources: { requests: { cpu: '50m', memory: '64Mi' } },
      },
    ],
  },
  '10%',
)

/** No class: the one platform daemon that preemption may take. */
const FLUENT_BIT = daemonSet(
  {
    name: 'fluent-bit',
    namespace: 'logging',
    annotations: { 'argocd.argoproj.io/tracking-id': 'platform-logging:apps/DaemonSet:logging/fluent-bit' },
    managedFields: [{ manager: 'argocd-controller' }],
  },
  {
    ...EVERYWHERE,
    containers: [
      {
        name: 'fluent-bit',
        image: 'registry.example/fluent-bit:4.2.0',
        resources: { requests: { cpu: '100m', memory: '128Mi' } },
      },
    ],
  },
  '10%',
)

export const PLATFORM_DAEMONS: readonly DaemonSet[] = [AWS_NODE, KUBE_PROXY, NODE_EXPORTER, FLUENT_BIT]
