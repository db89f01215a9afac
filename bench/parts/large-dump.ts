/** A cluster for the reader: `kubectl get nodes,pods,… -A -o json` as it prints, four blanks a level. */
export interface LargeDump {
  readonly pods: number
  readonly managedFields: boolean
  readonly seed: number
}

const PODS_PER_NODE = 30
const PODS_PER_WORKLOAD = 40
const CHUNK = 1 << 20
const HOLE = /"@([a-zA-Z]+)"/

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Text with holes for what differs from object to object. */
class Template {
  private readonly parts: readonly string[]
  private readonly holes: readonly string[]

  constructor(object: unknown) {
    const pieces = indented(object).split(HOLE)
    this.parts = pieces.filter((_, index) => index % 2 === 0)
    this.holes = pieces.filter((_, index) => index % 2 === 1)
  }

  fill(values: Readonly<Record<string, string>>): string {
    let text = this.parts[0]!
    for (const [index, hole] of this.holes.entries()) text += `"${values[hole] ?? ''}"${this.parts[index + 1]}`
    return text
  }
}

function indented(object: unknown): string {
  return JSON.stringify(object, undefined, 4).replaceAll('\n', '\n        ')
}

/** The dump's objects, one text each, as they stand between the list's brackets. */
export function* largeDumpObjects(dump: LargeDump): Generator<string> {
  const random = randomOf(dump.seed)
  const nodes = Math.ceil(dump.pods / PODS_PER_NODE)
  const nodeName = (index: number) =>
    `ip-10-${index >> 16}-${(index >> 8) & 255}-${index & 255}.eu-west-1.compute.internal`
  const nodeTemplate = new Template(nodeObject(dump.managedFields))
  for (let index = 0; index < nodes; index++) {
    const name = nodeName(index)
    yield nodeTemplate.fill({ name, uid: uid(random), created: time(random), zone: `eu-west-1${'abc'[index % 3]}` })
  }
  const workloads = Math.ceil(dump.pods / PODS_PER_WORKLOAD)
  let made = 0
  for (let workload = 0; workload < workloads && made < dump.pods; workload++) {
    const hash = suffix(random, 10)
    const template = new Template(podObject(dump.managedFields, workload, hash, random))
    const owner = uid(random)
    for (let copy = 0; copy < PODS_PER_WORKLOAD && made < dump.pods; copy++, made++) {
      const node = Math.floor(random() * nodes)
      const started = time(random)
      yield template.fill({
        name: `service-${workload}-${hash}-${suffix(random, 5)}`,
        uid: uid(random),
        owner,
        created: started,
        started,
        ready: time(random),
        node: nodeName(node),
        token: `kube-api-access-${suffix(random, 5)}`,
        version: String(Math.floor(random() * 1e9)),
        hostIp: `10.0.${(node >> 8) & 255}.${node & 255}`,
        podIp: `10.${1 + Math.floor(random() * 250)}.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}`,
        container: `containerd://${suffix(random, 64)}`,
      })
    }
  }
}

/** The whole dump in chunks of about 1 MiB; `spent` gets the CPU time that making it took. */
export function* largeDumpBytes(dump: LargeDump, spent: { seconds: number }): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = '{\n    "apiVersion": "v1",\n    "items": [\n'
  let began = process.cpuUsage()
  let first = true
  for (const object of largeDumpObjects(dump)) {
    text += `${first ? '' : ',\n'}        ${object}`
    first = false
    if (text.length < CHUNK) continue
    const chunk = encoder.encode(text)
    text = ''
    spent.seconds += cpuSince(began)
    yield chunk
    began = process.cpuUsage()
  }
  text += '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n'
  spent.seconds += cpuSince(began)
  yield encoder.encode(text)
}

/** Seconds of CPU time of this process, all threads. */
export function cpuSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1e6
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

function suffix(random: () => number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += LETTERS[Math.floor(random() * LETTERS.length)]
  return text
}

function uid(random: () => number): string {
  const hex = (length: number) => {
    let text = ''
    for (let i = 0; i < length; i++) text += Math.floor(random() * 16).toString(16)
    return text
  }
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
}

const YEAR = 365 * 86_400_000
const START = Date.UTC(2026, 0, 1)

function time(random: () => number): string {
  return `${new Date(START + Math.floor(random() * YEAR)).toISOString().slice(0, 19)}Z`
}

function nodeObject(managedFields: boolean): unknown {
  const resources = { cpu: '15890m', 'ephemeral-storage': '18242267924', memory: '28806752Ki', pods: '234' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      creationTimestamp: '@created',
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': '@name',
        'kubernetes.io/os': 'linux',
        'karpenter.sh/nodepool': 'default',
        'node.kubernetes.io/instance-type': 'm5.4xlarge',
        'topology.kubernetes.io/zone': '@zone',
      },
      ...(managedFields ? { managedFields: [managed('kubelet', 40), managed('karpenter', 20)] } : {}),
      name: '@name',
      resourceVersion: '812345678',
      uid: '@uid',
    },
    spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' },
    status: {
      addresses: [{ address: '10.0.0.1', type: 'InternalIP' }],
      allocatable: resources,
      capacity: resources,
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map(type => ({
        lastHeartbeatTime: '@created',
        lastTransitionTime: '@created',
        message: `kubelet has a word on ${type}`,
        reason: 'Kubelet',
        status: type === 'Ready' ? 'True' : 'False',
        type,
      })),
      images: Array.from({ length: 30 }, (_, index) => ({
        names: [
          `registry.example.com/team/image-${index}@sha256:${'0123456789abcdef'.repeat(4)}`,
          `registry.example.com/team/image-${index}:1.${index}`,
        ],
        sizeBytes: 100_000_000 + index,
      })),
      nodeInfo: {
        architecture: 'amd64',
        kubeletVersion: 'v1.36.2-eks-1',
        operatingSystem: 'linux',
        kernelVersion: '6.1.0',
      },
    },
  }
}

function managed(manager: string, fields: number): unknown {
  const tree: Record<string, unknown> = {}
  for (let index = 0; index < fields; index++) {
    tree[`f:field-${index}`] = index % 3 === 0 ? { '.': {}, 'f:name': {}, 'f:value': {} } : {}
  }
  return {
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
      'f:spec': { 'f:containers': { 'k:{"name":"app"}': tree } },
    },
    manager,
    operation: 'Update',
    time: '2026-01-01T00:00:00Z',
  }
}

function affinityOf(app: string): unknown {
  const podAffinityTerm = { labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' }
  return {
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm, weight: 100 }] },
  }
}

function podObject(managedFields: boolean, workload: number, hash: string, random: () => number): unknown {
  const cpu = `${50 * (1 + Math.floor(random() * 10))}m`
  const resources = { limits: { memory: `${128 * (1 + (workload % 8))}Mi` }, requests: { cpu, memory: '128Mi' } }
  const mount = { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: '@token', readOnly: true }
  const container = (name: string) => ({
    env: Array.from({ length: 1 }, (_, index) => ({ name: `SETTING_${index}`, value: `value of setting ${index}` })),
    image: `registry.example.com/team/${name}:1.${workload}`,
    imagePullPolicy: 'IfNotPresent',
    name,
    ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
    resources,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [mount],
  })
  const condition = (type: string, at: string) => ({
    lastProbeTime: null,
    lastTransitionTime: at,
    status: 'True',
    type,
  })
  const labels = { app: `service-${workload}`, 'app.kubernetes.io/part-of': 'shop', 'pod-template-hash': hash }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '8080',
        'checksum/config': suffix(random, 64),
      },
      creationTimestamp: '@created',
      generateName: `service-${workload}-${hash}-`,
      labels,
      ...(managedFields ? { managedFields: [managed('kube-controller-manager', 3), managed('kubelet', 2)] } : {}),
      name: '@name',
      namespace: `team-${workload % 60}`,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'ReplicaSet',
          name: `service-${workload}-${hash}`,
          uid: '@owner',
        },
      ],
      resourceVersion: '@version',
      uid: '@uid',
    },
    spec: {
      ...(workload % 4 === 0 ? { affinity: affinityOf(labels.app) } : {}),
      containers: [container('app')],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      nodeName: '@node',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      serviceAccount: 'default',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      ],
      volumes: [
        {
          name: '@token',
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
              {
                downwardAPI: {
                  items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
                },
              },
            ],
          },
        },
      ],
    },
    status: {
      conditions: [
        condition('PodReadyToStartContainers', '@ready'),
        condition('Initialized', '@started'),
        condition('Ready', '@ready'),
        condition('ContainersReady', '@ready'),
        condition('PodScheduled', '@started'),
      ],
      containerStatuses: ['app'].map(name => ({
        containerID: '@container',
        image: `registry.example.com/team/${name}:1.${workload}`,
        imageID: `registry.example.com/team/${name}@sha256:${'0123456789abcdef'.repeat(4)}`,
        lastState: {},
        name,
        ready: true,
        restartCount: 0,
        started: true,
        state: { running: { startedAt: '@ready' } },
      })),
      hostIP: '@hostIp',
      hostIPs: [{ ip: '@hostIp' }],
      phase: 'Running',
      podIP: '@podIp',
      podIPs: [{ ip: '@podIp' }],
      qosClass: 'Burstable',
      startTime: '@started',
    },
  }
}
