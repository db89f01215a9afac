import { KeyTable } from './key-table.ts'

/**
 * Keys whose objects and arrays no shape looks into, at any depth: the scanner passes over them without tokens.
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
  'projected',
  'configMap',
  'secret',
  'downwardAPI',
  'emptyDir',
  'hostPath',
  'running',
  'terminated',
]

const TABLE = new KeyTable(SKIPPED_KEYS)

export function isSkippedKey(bytes: Uint8Array, start: number, end: number): boolean {
  return TABLE.find(bytes, start, end) >= 0
}
