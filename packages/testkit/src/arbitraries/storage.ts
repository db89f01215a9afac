import type { CSINode, PersistentVolume, PersistentVolumeClaim, StorageClass, Volume } from '@everynode/engine'
import fc from 'fast-check'

const DRIVER = 'ebs.csi.aws.com'

/** Storage objects of a small cluster whose nodes have the labels `zone` and `kubernetes.io/hostname`. */
export interface ArbitraryStorage {
  readonly persistentVolumeClaims: readonly PersistentVolumeClaim[]
  readonly persistentVolumes: readonly PersistentVolume[]
  readonly storageClasses: readonly StorageClass[]
  readonly csiNodes: readonly CSINode[]
  readonly csiDrivers: readonly []
  readonly csiStorageCapacities: readonly []
  readonly volumeAttachments: readonly []
}

const BOUND = ['claim-0', 'claim-1', 'claim-2', 'claim-3'] as const

const claimed = (names: readonly string[]): fc.Arbitrary<Volume> =>
  fc.constantFrom(...names).map(claimName => ({ name: claimName, persistentVolumeClaim: { claimName } }))
const disk = fc
  .constantFrom('vol-1', 'vol-2')
  .map((volumeID): Volume => ({ name: volumeID, awsElasticBlockStore: { volumeID } }))
const once: Volume = { name: 'once', persistentVolumeClaim: { claimName: 'once' } }

const someOf = (...kinds: readonly fc.Arbitrary<Volume>[]): fc.Arbitrary<readonly Volume[]> =>
  fc.uniqueArray(fc.oneof(...kinds), { maxLength: 2, selector: ({ name }) => name })

/** Volumes of a bound pod: claims, also the one for one pod at a time if `shared`, and disks. */
export const arbitraryVolumes = ({ shared }: { readonly shared: boolean }): fc.Arbitrary<readonly Volume[]> =>
  shared ? someOf(claimed(BOUND), disk, fc.constant(once)) : someOf(claimed(BOUND.slice(1)), disk)

/** Volumes of a pod that comes: `shared` with bound pods or not, also a claim that waits for its first pod or is not there. */
export const arbitraryNewVolumes = ({ shared }: { readonly shared: boolean }): fc.Arbitrary<readonly Volume[]> =>
  fc
    .tuple(
      shared ? arbitraryVolumes({ shared }) : someOf(claimed(BOUND.slice(0, 1)), disk),
      fc.constantFrom('', '', '', '', '', '', 'local', 'provisioned', 'missing'),
    )
    .map(([volumes, more]) =>
      more === '' ? volumes : [...volumes, { name: more, persistentVolumeClaim: { claimName: more } }],
    )

const inZone = (zone: string | undefined): Pick<NonNullable<PersistentVolume['spec']>, 'nodeAffinity'> =>
  zone === undefined
    ? {}
    : {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }],
          },
        },
      }

function boundClaim(name: string, mode: string): PersistentVolumeClaim {
  return {
    metadata: { name, namespace: 'default', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: { volumeName: `volume-${name}`, storageClassName: 'fast', accessModes: [mode] },
    status: { phase: 'Bound' },
  }
}

function waitingClaim(name: string, storageClassName: string): PersistentVolumeClaim {
  return {
    metadata: { name, namespace: 'default' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
    status: { phase: 'Pending' },
  }
}

export function arbitraryStorage(nodeNames: readonly string[]): fc.Arbitrary<ArbitraryStorage> {
  const zone = fc.constantFrom(undefined, undefined, undefined, 'a', 'b')
  return fc
    .record({
      zones: fc.tuple(zone, zone, zone, zone, zone),
      free: fc.array(fc.record({ zone, size: fc.constantFrom('5Gi', '10Gi', '20Gi') }), { maxLength: 2 }),
      allowed: zone,
      limits: fc.tuple(...nodeNames.map(() => fc.constantFrom(undefined, undefined, 1, 2, 3))),
    })
    .map(({ zones, free, allowed, limits }) => ({
      persistentVolumeClaims: [
        ...BOUND.map(name => boundClaim(name, 'ReadWriteOnce')),
        boundClaim('once', 'ReadWriteOncePod'),
        waitingClaim('local', 'local'),
        waitingClaim('provisioned', 'fast'),
      ],
      persistentVolumes: [
        ...[...BOUND, 'once'].map((name, index) => ({
          metadata: { name: `volume-${name}` },
          spec: { csi: { driver: DRIVER, volumeHandle: name }, storageClassName: 'fast', ...inZone(zones[index]) },
          status: { phase: 'Bound' },
        })),
        ...free.map(({ zone: where, size }, index) => ({
          metadata: { name: `free-${index}` },
          spec: {
            capacity: { storage: size },
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'local',
            ...inZone(where),
          },
          status: { phase: 'Available' },
        })),
      ],
      storageClasses: [
        {
          metadata: { name: 'fast' },
          provisioner: DRIVER,
          volumeBindingMode: 'WaitForFirstConsumer',
          ...(allowed !== undefined && {
            allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: [allowed] }] }],
          }),
        },
        {
          metadata: { name: 'local' },
          provisioner: 'kubernetes.io/no-provisioner',
          volumeBindingMode: 'WaitForFirstConsumer',
        },
      ],
      csiNodes: nodeNames.map((name, index) => {
        const count = limits[index]
        return {
          metadata: { name },
          spec: { drivers: [{ name: DRIVER, ...(count !== undefined && { allocatable: { count } }) }] },
        }
      }),
      csiDrivers: [],
      csiStorageCapacities: [],
      volumeAttachments: [],
    }))
}
