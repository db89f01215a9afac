import type { NodeClaimTemplate, NodePool } from '../api/karpenter.ts'
import type { StringMap } from '../api/meta.ts'
import { parseGoDuration } from './go-duration.ts'

/** The version of the hash that this file computes, as annotations name it. */
export const NODE_POOL_HASH_VERSION = 'v3'

export const NODE_POOL_HASH = 'karpenter.sh/nodepool-hash'
export const NODE_POOL_HASH_VERSION_ANNOTATION = 'karpenter.sh/nodepool-hash-version'

/**
 * The hash of a NodePool's template, by which Karpenter sees that a NodeClaim was made from another one: labels, annotations,
 * taints, nodeClassRef, expireAfter and terminationGracePeriod count, requirements do not, and lists are sets (`NodePool.Hash`,
 * sigs.k8s.io/karpenter `pkg/apis/v1/nodepool.go`, v1.14.1, with github.com/mitchellh/hashstructure v2.0.2).
 */
export function nodePoolHash({ spec }: NodePool): string {
  return hashTemplate(spec?.template ?? {}).toString()
}

/** Fields of a struct in the order of the Go type; one that is zero is left out before it gets here. */
type Fields = readonly (readonly [name: string, hash: bigint])[]

function hashTemplate({ metadata, spec = {} }: NodeClaimTemplate): bigint {
  const objectMeta: Fields = [
    ...present('Labels', metadata?.labels, hashMap),
    ...present('Annotations', metadata?.annotations, hashMap),
  ]
  const claimSpec: Fields = [
    ...present('Taints', spec.taints, hashTaints),
    ...present('StartupTaints', spec.startupTaints, hashTaints),
    ...present('NodeClassRef', spec.nodeClassRef, ({ kind, name, group }) =>
      hashStruct('NodeClassReference', [...text('Kind', kind), ...text('Name', name), ...text('Group', group)]),
    ),
    ...present('TerminationGracePeriod', spec.terminationGracePeriod, duration =>
      hashStruct('Duration', nonZeroDuration(duration)),
    ),
    // A pointer to a duration of 0 is not zero.
    ...present('ExpireAfter', spec.expireAfter === 'Never' ? undefined : spec.expireAfter, duration =>
      hashStruct('NillableDuration', [['Duration', hashInt64(parseGoDuration(duration) ?? 0n)]]),
    ),
  ]
  return hashStruct('NodeClaimTemplate', [
    ...(objectMeta.length > 0 ? ([['ObjectMeta', hashStruct('ObjectMeta', objectMeta)]] as const) : []),
    ...(claimSpec.length > 0 || hasRequirements(spec)
      ? ([['Spec', hashStruct('NodeClaimTemplateSpec', claimSpec)]] as const)
      : []),
  ])
}

/** Requirements are not hashed, but a spec that has a list of them is not zero. */
function hasRequirements({ requirements }: NonNullable<NodeClaimTemplate['spec']>): boolean {
  return requirements !== undefined && requirements !== null
}

function hashTaints(taints: NonNullable<NonNullable<NodeClaimTemplate['spec']>['taints']>): bigint {
  return taints.reduce(
    (sum, { key, value, effect, timeAdded }) =>
      sum ^
      hashStruct('Taint', [
        ...text('Key', key),
        ...text('Value', value),
        ...text('Effect', effect),
        ...present('TimeAdded', timeAdded, time => hashStruct('Time', [['Time', hashTime(Date.parse(time))]])),
      ]),
    0n,
  )
}

function present<T>(name: string, value: T | undefined | null, hash: (value: T) => bigint): Fields {
  return value === undefined || value === null ? [] : [[name, hash(value)]]
}

function text(name: string, value: string | undefined): Fields {
  return value ? [[name, hashText(value)]] : []
}

function nonZeroDuration(duration: string): Fields {
  const nanoseconds = parseGoDuration(duration) ?? 0n
  return nanoseconds === 0n ? [] : [['Duration', hashInt64(nanoseconds)]]
}

/** Hardened after each field, so that the order of fields counts. */
function hashStruct(name: string, fields: Fields): bigint {
  let hash = hashText(name)
  for (const [field, value] of fields) hash = finish(hash ^ hashPair(hashText(field), value))
  return hash
}

function hashMap(map: StringMap): bigint {
  const entries = Object.entries(map)
  return finish(entries.reduce((sum, [key, value]) => sum ^ hashPair(hashText(key), hashText(value)), 0n))
}

function hashPair(a: bigint, b: bigint): bigint {
  return fnv64([...littleEndian(a), ...littleEndian(b)])
}

function finish(hash: bigint): bigint {
  return fnv64(littleEndian(hash))
}

function hashInt64(value: bigint): bigint {
  return fnv64(littleEndian(BigInt.asUintN(64, value)))
}

/** A time as Go marshals it in a process whose zone is UTC: version, seconds since the year 1, nanoseconds, offset in minutes. */
function hashTime(ms: number): bigint {
  const seconds = BigInt(Math.floor(ms / 1000)) + 62_135_596_800n
  return fnv64([1, ...littleEndian(BigInt.asUintN(64, seconds)).reverse(), 0, 0, 0, 0, 0, 0])
}

function littleEndian(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
}

function hashText(value: string): bigint {
  return fnv64(utf8(value))
}

function utf8(value: string): number[] {
  const bytes: number[] = []
  for (const rune of value) {
    const code = rune.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code))
    else if (code >= 0xd800 && code < 0xe000) bytes.push(0xef, 0xbf, 0xbd)
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code))
    else bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code))
  }
  return bytes
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f)
}

const OFFSET_BASIS = 0xcbf29ce484222325n
const PRIME = 0x100000001b3n

/** FNV-1 of 64 bits (Go 1.26 src/hash/fnv, `New64`). */
function fnv64(bytes: readonly number[]): bigint {
  return bytes.reduce((hash, byte) => BigInt.asUintN(64, hash * PRIME) ^ BigInt(byte), OFFSET_BASIS)
}
