import { describe, expect, test } from 'vitest'
import type { Node, Pod, SnapshotObjects, Volume } from '../src/index.ts'
import { ClusterSnapshot, explainNode, preparePod, scheduleOne } from '../src/index.ts'

const node = (name: string, zone: string): Node => ({
  metadata: { name, labels: { zone, 'kubernetes.io/hostname': name } },
  status: { allocatable: { cpu: '2', memory: '2Gi', pods: '10' } },
})

const podWith = (name: string, volumes: readonly Volume[], nodeName?: string): Pod => ({
  metadata: { name, namespace: 'default', uid: name },
  spec: { containers: [{ name: 'main' }], volumes, ...(nodeName !== undefined && { nodeName }) },
})

const claimed = (claimName: string): Volume => ({ name: claimName, persistentVolumeClaim: { claimName } })

/** Nodes in zones a and b, nothing else; every list of storage objects is known. */
const CLUSTER = {
  nodes: [node('one', 'a'), node('two', 'b')],
  pods: [],
  persistentVolumeClaims: [],
  persistentVolumes: [],
  storageClasses: [
    { metadata: { name: 'fast' }, provisioner: 'csi.example.com', volumeBindingMode: 'WaitForFirstConsumer' },
  ],
  csiNodes: [],
  csiDrivers: [],
  csiStorageCapacities: [],
  volumeAttachments: [],
} satisfies SnapshotObjects

const waiting = (name: string, storage = '10Gi') => ({
  metadata: { name, namespace: 'default' },
  spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  status: { phase: 'Pending' },
})

const bound = (name: string) => ({
  metadata: { name, namespace: 'default', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  spec: { volumeName: `volume-${name}`, storageClassName: 'fast', accessModes: ['ReadWriteOnce'] },
  status: { phase: 'Bound' },
})

const volume = (claim: string, source: object = { csi: { driver: 'csi.example.com', volumeHandle: claim } }) => ({
  metadata: { name: `volume-${claim}` },
  spec: { capacity: { storage: '10Gi' }, storageClassName: 'fast', ...source },
  status: { phase: 'Bound' },
})

const texts = (objects: SnapshotObjects, pod: Pod): readonly (string | undefined)[] => {
  const snapshot = new ClusterSnapshot(objects)
  const { filtered } = scheduleOne(pod, snapshot)
  return snapshot.nodes.map((_, index) => filtered.get(index)?.rejection?.texts.join(', '))
}

describe('a pod with a claim', () => {
  test('is not judged where claims are unknown, and is where they are known to be none', () => {
    const pod = podWith('new', [claimed('data')])
    const { nodes, pods } = CLUSTER
    expect(preparePod(pod, new ClusterSnapshot({ nodes, pods })).notModelled).toEqual([
      'VolumeRestrictions',
      'NodeVolumeLimits',
      'VolumeBinding',
      'VolumeZone',
    ])
    const known = preparePod(pod, new ClusterSnapshot(CLUSTER))
    expect(known.notModelled).toEqual([])
    expect(known.rejection?.message).toBe('persistentvolumeclaim "data" not found')
  })

  test('that must be provisioned goes where the driver has room, if the driver counts it', () => {
    const capacity = (zone: string, amount: string) => ({
      metadata: { name: `in-${zone}` },
      storageClassName: 'fast',
      nodeTopology: { matchLabels: { zone } },
      capacity: amount,
    })
    const objects = {
      ...CLUSTER,
      persistentVolumeClaims: [waiting('data')],
      csiDrivers: [{ metadata: { name: 'csi.example.com' }, spec: { storageCapacity: true } }],
      csiStorageCapacities: [capacity('a', '9Gi'), capacity('b', '10Gi')],
    }
    const pod = podWith('new', [claimed('data')])
    expect(texts(objects, pod)).toEqual(['node(s) did not have enough free storage', undefined])
    expect(texts({ ...objects, csiDrivers: [] }, pod)).toEqual([undefined, undefined])
    const { csiDrivers: _, ...unknown } = objects
    expect(preparePod(pod, new ClusterSnapshot(unknown)).notModelled).toEqual(['VolumeBinding'])
  })

  test('counts what VolumeAttachments hold against the limit of a node', () => {
    const objects = {
      ...CLUSTER,
      persistentVolumeClaims: [bound('new'), bound('old')],
      persistentVolumes: [volume('new'), volume('old')],
      csiNodes: [
        { metadata: { name: 'one' }, spec: { drivers: [{ name: 'csi.example.com', allocatable: { count: 1 } }] } },
      ],
    }
    const pod = podWith('pod', [claimed('new')])
    const attachment = (name: string) => ({
      metadata: { name },
      spec: { attacher: 'csi.example.com', nodeName: 'one', source: { persistentVolumeName: 'volume-old' } },
    })
    expect(texts(objects, pod)).toEqual([undefined, undefined])
    const attached = { ...objects, volumeAttachments: [attachment('first'), attachment('second')] }
    expect(texts(attached, pod)).toEqual(['node(s) exceed max volume count', undefined])
    expect(explainNode(preparePod(pod, new ClusterSnapshot(attached)), 0)).toMatchObject([
      { volumes: { driver: 'csi.example.com', asked: 1, attached: 1, limit: 1 } },
    ])
    // The same volume in use by a pod of the node counts once.
    const used = { ...attached, pods: [podWith('old', [claimed('old')], 'one')] }
    expect(texts(used, pod)).toEqual(['node(s) exceed max volume count', undefined])
    const roomy = {
      metadata: { name: 'one' },
      spec: { drivers: [{ name: 'csi.example.com', allocatable: { count: 2 } }] },
    }
    expect(texts({ ...used, csiNodes: [roomy] }, pod)).toEqual([undefined, undefined])
    const { volumeAttachments: _, ...unknown } = attached
    expect(preparePod(pod, new ClusterSnapshot(unknown)).notModelled).toEqual(['NodeVolumeLimits'])
  })

  test('whose volume an in-tree source names is not judged, as a driver may have taken it over', () => {
    const objects = {
      ...CLUSTER,
      persistentVolumeClaims: [bound('data')],
      persistentVolumes: [volume('data', { awsElasticBlockStore: { volumeID: 'aws://a/vol-1' } })],
    }
    expect(preparePod(podWith('new', [claimed('data')]), new ClusterSnapshot(objects)).notModelled).toEqual([
      'VolumeBinding',
    ])
  })

  test('takes the smallest volume that is left, claim by claim from the smallest on', () => {
    const free = (name: string, storage: string, host: string) => ({
      metadata: { name },
      spec: {
        capacity: { storage },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local',
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
            ],
          },
        },
      },
      status: { phase: 'Available' },
    })
    const local = (name: string, storage: string) => {
      const claim = waiting(name, storage)
      return { ...claim, spec: { ...claim.spec, storageClassName: 'local' } }
    }
    const objects = {
      ...CLUSTER,
      storageClasses: [
        {
          metadata: { name: 'local' },
          provisioner: 'kubernetes.io/no-provisioner',
          volumeBindingMode: 'WaitForFirstConsumer',
        },
      ],
      persistentVolumeClaims: [local('large', '10Gi'), local('small', '5Gi')],
      persistentVolumes: [free('a', '10Gi', 'one'), free('b', '5Gi', 'one'), free('c', '10Gi', 'two')],
    }
    const pod = podWith('new', [claimed('large'), claimed('small')])
    expect(texts(objects, pod)).toEqual([undefined, "node(s) didn't find available persistent volumes to bind"])
  })
})

describe('an explanation', () => {
  test('names the claim whose volume is elsewhere', () => {
    const inB = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] }] }
    const objects = {
      ...CLUSTER,
      persistentVolumeClaims: [bound('near'), bound('far')],
      persistentVolumes: [volume('near'), { ...volume('far'), spec: { nodeAffinity: { required: inB } } }],
    }
    const prepared = preparePod(podWith('new', [claimed('near'), claimed('far')]), new ClusterSnapshot(objects))
    expect(explainNode(prepared, 0)).toMatchObject([{ plugin: 'VolumeBinding', claim: 'far' }])
    expect(explainNode(prepared, 1)).toEqual([])
  })

  test('has the counts of a skew', () => {
    const web = { app: 'web' }
    const running = { ...podWith('old', [], 'one'), metadata: { name: 'old', namespace: 'default', labels: web } }
    const constraint = {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: web },
    }
    const pod: Pod = {
      metadata: { name: 'new', namespace: 'default', labels: web },
      spec: { containers: [{ name: 'main' }], topologySpreadConstraints: [constraint] },
    }
    const prepared = preparePod(pod, new ClusterSnapshot({ ...CLUSTER, pods: [running] }))
    expect(explainNode(prepared, 0)).toMatchObject([
      { skew: { topologyKey: 'zone', domain: 'a', count: 2, lowest: 0, maxSkew: 1 } },
    ])
  })
})

describe('a pod that no filter here judges', () => {
  test.each([
    ['DynamicResources', { resourceClaims: [{ name: 'gpu' }] }],
    ['SchedulingGates', { schedulingGates: [{ name: 'wait' }] }],
    ['NodeDeclaredFeatures', { hostNetwork: true, hostUsers: false }],
  ])('is named: %s', (plugin, spec) => {
    const pod = { metadata: { name: 'new' }, spec: { containers: [{ name: 'main' }], ...spec } }
    expect(preparePod(pod, new ClusterSnapshot(CLUSTER)).notModelled).toEqual([plugin])
  })
})
