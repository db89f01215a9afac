import { invalid, notSupported, required } from '../field-errors.ts'
import { byText, type Json, type JsonObject } from '../json.ts'
import { dnsLabelErrors, named } from '../names.ts'
import { descendingPathErrors } from './paths.ts'

/** Texts that a volume of the kind must have, in the order in which upstream looks for them. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  rbd: ['monitors', 'image'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  storageos: ['volumeName'],
  scaleIO: ['gateway', 'system', 'volumeName'],
}
const INITIATORS: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.[0-9]{4}-[0-9]{2}\.[0-9A-Za-z\-.]+(:[^,;*&$|\s]+)$/,
  eui: /^eui.[0-9A-Za-z]{16}$/s,
  naa: /^naa.[0-9A-Za-z]{32}$/s,
}
const CACHING: readonly string[] = ['None', 'ReadOnly', 'ReadWrite']
const DISK_KINDS: readonly string[] = ['Dedicated', 'Managed', 'Shared']
const MANAGED_URI = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const BLOB_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'
const PAIRS = 'must be a host:port pair or multiple pairs separated by commas'
const MAX_TENANT = 64

/** Field errors of a volume of a storage system that Kubernetes itself knew once (`validateVolumeSource`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function inTreeVolumeErrors(kind: string, source: JsonObject, path: string): readonly string[] {
  const errors = (NEEDED[kind] ?? []).flatMap(name => (isMissing(source[name]) ? [required(`${path}.${name}`)] : []))
  switch (kind) {
    case 'gitRepo':
      errors.push(...descendingPathErrors(text(source, 'directory'), `${path}.directory`))
      break
    case 'gcePersistentDisk':
    case 'awsElasticBlockStore': {
      const partition = source['partition']
      if (typeof partition === 'number' && (partition < 0 || partition > 255)) {
        errors.push(invalid(`${path}.partition`, partition, 'must be between 1 and 255, inclusive'))
      }
      break
    }
    case 'iscsi':
      errors.push(...iscsiErrors(source, path))
      break
    case 'flocker':
      errors.push(...flockerErrors(source, path))
      break
    case 'quobyte':
      errors.push(...quobyteErrors(source, path))
      break
    case 'fc':
      errors.push(...fibreErrors(source, path))
      break
    case 'flexVolume':
      errors.push(...optionErrors(source['options'], `${path}.options`))
      break
    case 'azureDisk':
      errors.push(...azureDiskErrors(source, path))
      break
    case 'storageos': {
      const name = text(source, 'volumeName')
      const namespace = text(source, 'volumeNamespace')
      if (name !== '') errors.push(...named(`${path}.volumeName`, name, dnsLabelErrors(name)))
      if (namespace !== '') errors.push(...named(`${path}.volumeNamespace`, namespace, dnsLabelErrors(namespace)))
      break
    }
  }
  if (kind === 'cinder' || kind === 'storageos') {
    const secret = source['secretRef'] as JsonObject | undefined
    if (secret !== undefined && isMissing(secret['name'])) errors.push(required(`${path}.secretRef.name`))
  }
  return errors
}

function iscsiErrors(source: JsonObject, path: string): readonly string[] {
  const errors: string[] = []
  const iqn = text(source, 'iqn')
  if (iqn !== '') errors.push(...initiatorErrors(iqn, `${path}.iqn`))
  const { lun = 0 } = source
  if (Number(lun) < 0 || Number(lun) > 255) {
    errors.push(invalid(`${path}.lun`, lun, 'must be between 0 and 255, inclusive'))
  }
  const isChap = source['chapAuthDiscovery'] === true || source['chapAuthSession'] === true
  if (isChap && source['secretRef'] === undefined) errors.push(required(`${path}.secretRef`))
  const { initiatorName } = source
  if (typeof initiatorName === 'string') errors.push(...initiatorErrors(initiatorName, `${path}.initiatorname`))
  return errors
}

function initiatorErrors(name: string, path: string): readonly string[] {
  const pattern = INITIATORS[name.slice(0, 3)]
  if (pattern === undefined) return [invalid(path, name, 'must be valid format starting with iqn, eui, or naa')]
  return pattern.test(name) ? [] : [invalid(path, name, 'must be valid format')]
}

function flockerErrors(source: JsonObject, path: string): readonly string[] {
  const name = text(source, 'datasetName')
  const uuid = text(source, 'datasetUUID')
  const both = 'datasetName and datasetUUID can not be specified simultaneously'
  return [
    ...(name === '' && uuid === '' ? [required(path, 'one of datasetName and datasetUUID is required')] : []),
    ...(name !== '' && uuid !== '' ? [invalid(path, 'resource', both)] : []),
    ...(name.includes('/') ? [invalid(`${path}.datasetName`, name, "must not contain '/'")] : []),
  ]
}

function quobyteErrors(source: JsonObject, path: string): readonly string[] {
  const registry = text(source, 'registry')
  const errors: string[] = []
  if (registry === '') errors.push(required(`${path}.registry`, PAIRS))
  else if (text(source, 'tenant').length > MAX_TENANT) {
    errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'))
  } else {
    const wrong = registry.split(',').filter(pair => !/^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/s.test(pair))
    errors.push(...wrong.map(() => invalid(`${path}.registry`, registry, PAIRS)))
  }
  if (text(source, 'volume') === '') errors.push(required(`${path}.volume`))
  return errors
}

function fibreErrors(source: JsonObject, path: string): readonly string[] {
  const { targetWWNs, wwids, lun } = source
  const hasTargets = !isMissing(targetWWNs)
  const hasIds = !isMissing(wwids)
  const errors: string[] = []
  if (!hasTargets && !hasIds) {
    errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'))
  }
  if (hasTargets && hasIds) {
    const rule = 'targetWWNs and wwids can not be specified simultaneously'
    errors.push(invalid(`${path}.targetWWNs`, targetWWNs ?? '', rule))
  }
  if (hasTargets && lun === undefined) {
    errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'))
  } else if (hasTargets && (Number(lun) < 0 || Number(lun) > 255)) {
    errors.push(invalid(`${path}.lun`, lun ?? '', 'must be between 0 and 255, inclusive'))
  }
  return errors
}

function optionErrors(options: Json | undefined, path: string): readonly string[] {
  return Object.keys((options as JsonObject | undefined) ?? {})
    .toSorted(byText)
    .filter(key => /\.(kubernetes|k8s)\.io$/.test(`.${key.split('/')[0]?.toLowerCase()}`))
    .map(key => invalid(`${path}[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'))
}

function azureDiskErrors(source: JsonObject, path: string): readonly string[] {
  const { cachingMode, kind } = source
  const uri = text(source, 'diskURI')
  const errors: string[] = []
  if (typeof cachingMode === 'string' && !CACHING.includes(cachingMode)) {
    errors.push(notSupported(`${path}.cachingMode`, cachingMode, CACHING))
  }
  if (typeof kind !== 'string') return errors
  if (!DISK_KINDS.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, DISK_KINDS))
  const isManaged = kind === 'Managed'
  if (!uri.startsWith(isManaged ? '/subscriptions/' : 'https://')) {
    errors.push(notSupported(`${path}.diskURI`, uri, [isManaged ? MANAGED_URI : BLOB_URI]))
  }
  return errors
}

function text(source: JsonObject, name: string): string {
  const value = source[name]
  return typeof value === 'string' ? value : ''
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
