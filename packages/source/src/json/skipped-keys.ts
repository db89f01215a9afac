/**
 * Keys whose objects and arrays no shape reads, at any depth: the scanner passes over them without tokens.
 * A value of another type under such a key (a label called `env`) is a token as usual.
 */
export const SKIPPED_KEYS: readonly string[] = [
  'fieldsV1',
  'env',
  'envFrom',
  'volumeMounts',
  'volumeDevices',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'lastState',
  'podIPs',
  'hostIPs',
  'hostAliases',
  'imagePullSecrets',
  'dnsConfig',
  'addresses',
  'daemonEndpoints',
  'volumesInUse',
  'volumesAttached',
]

const SLOTS = 128

function slotOf(length: number, first: number, last: number): number {
  return (length * 7 + first + last * 3) & (SLOTS - 1)
}

const TABLE: readonly (readonly Uint8Array[])[] = Array.from({ length: SLOTS }, (_, slot) =>
  SKIPPED_KEYS.map(key => new TextEncoder().encode(key)).filter(
    key => slotOf(key.length, key[0]!, key[key.length - 1]!) === slot,
  ),
)

export function isSkippedKey(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length === 0) return false
  for (const key of TABLE[slotOf(length, bytes[start]!, bytes[end - 1]!)]!) {
    if (key.length !== length) continue
    let at = 0
    while (at < length && bytes[start + at] === key[at]) at++
    if (at === length) return true
  }
  return false
}
