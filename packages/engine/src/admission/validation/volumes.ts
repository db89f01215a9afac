import type { Volume } from '../../api/core.ts'
import type { ObjectMeta } from '../../api/meta.ts'
import { goQuote } from '../../go-text.ts'
import { quantitySign } from '../../quantity.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, required, tooLong } from '../field-errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { dnsLabelErrors, named, subdomainErrors } from '../names.ts'
import type { FullContainer, VolumeMount } from '../pod-model.ts'
import { quantity } from '../quantities.ts'
import { fieldRefErrors, resourceRefErrors } from './env.ts'
import { backstepErrors, descendingPathErrors, localPathErrors } from './paths.ts'

/** Sources in the order in which upstream looks for them. */
const SOURCES: readonly string[] = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'scaleIO',
  'projected',
  'csi',
  'ephemeral',
  'image',
]
const HOST_PATH_TYPES: readonly string[] = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]
const PROPAGATIONS: readonly string[] = ['Bidirectional', 'HostToContainer', 'None']
const RECURSIVE: readonly string[] = ['Disabled', 'Enabled', 'IfPossible']
const FILE_MODE = 'must be a number between 0 and 0777 (octal), both inclusive'
const MAX_DRIVER = 63

/** What volumes are checked against: pods may leave nothing out that templates may. */
export interface VolumeContext {
  /** Of the pod; absent for a template. */
  readonly metadata?: ObjectMeta
  readonly isPod: boolean
}

/** Volumes by name, without those that are not valid, and the field errors (`ValidateVolumes`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function checkVolumes(
  volumes: readonly Volume[] | undefined,
  path: string,
  context: VolumeContext,
): { readonly valid: ReadonlyMap<string, Volume>; readonly errors: readonly string[] } {
  const valid = new Map<string, Volume>()
  const errors: string[] = []
  const podName = context.metadata?.name
  const created = new Set(
    podName ? volumes?.filter(volume => volume.ephemeral !== undefined).map(({ name }) => `${podName}-${name}`) : [],
  )
  volumes?.forEach((volume, index) => {
    const at = `${path}[${index}]`
    const { name } = volume
    const found: string[] = [...sourceErrors(volume, at, context)]
    if (name === '') found.push(required(`${at}.name`))
    else found.push(...named(`${at}.name`, name, dnsLabelErrors(name)))
    if (valid.has(name)) found.push(duplicate(`${at}.name`, name))
    if (found.length === 0) valid.set(name, volume)
    else errors.push(...found)
    const claim = volume.persistentVolumeClaim?.claimName
    if (claim !== undefined && created.has(claim)) {
      const rule = 'must not reference a PVC that gets created for an ephemeral volume'
      errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claim, rule))
    }
  })
  return { valid, errors }
}

function sourceErrors(volume: Volume, path: string, context: VolumeContext): readonly string[] {
  const errors: string[] = []
  let count = 0
  for (const name of SOURCES) {
    const source = volume[name]
    if (!isJsonObject(source)) continue
    if (count > 0) errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'))
    else errors.push(...oneSourceErrors(name, source, volume, path, context))
    count++
  }
  return errors
}

function oneSourceErrors(
  name: string,
  source: JsonObject,
  volume: Volume,
  path: string,
  context: VolumeContext,
): readonly string[] {
  const at = `${path}.${name}`
  switch (name) {
    case 'emptyDir': {
      const size = source['sizeLimit']
      const negative = (typeof size === 'string' || typeof size === 'number') && quantitySign(quantity(size)) < 0
      return negative ? [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : []
    }
    case 'hostPath': {
      const text = textOf(source, 'path')
      const type = textOf(source, 'type')
      if (text === '') return [required(`${at}.path`)]
      return [
        ...backstepErrors(text, `${at}.path`),
        ...(HOST_PATH_TYPES.includes(type) ? [] : [notSupported(`${at}.type`, type, HOST_PATH_TYPES)]),
      ]
    }
    case 'secret':
      return [...needed(source, 'secretName', at), ...modeErrors(source, 'defaultMode', at), ...itemsErrors(source, at)]
    case 'configMap':
      return [...needed(source, 'name', at), ...modeErrors(source, 'defaultMode', at), ...itemsErrors(source, at)]
    case 'persistentVolumeClaim':
      return needed(source, 'claimName', at)
    case 'nfs': {
      const exported = textOf(source, 'path')
      const absolute = exported.startsWith('/') ? [] : [invalid(`${at}.path`, exported, 'must be an absolute path')]
      return [...needed(source, 'server', at), ...needed(source, 'path', at), ...absolute]
    }
    case 'downwardAPI':
      return [
        ...modeErrors(source, 'defaultMode', at),
        ...objects(source['items']).flatMap(item => downwardFileErrors(item, at)),
      ]
    case 'projected':
      return [...modeErrors(source, 'defaultMode', at), ...projectionErrors(source, at)]
    case 'csi': {
      const driver = textOf(source, 'driver')
      if (driver === '') return [required(`${at}.driver`)]
      return [
        ...(driver.length > MAX_DRIVER ? [tooLong(`${at}.driver`, MAX_DRIVER)] : []),
        ...named(`${at}.driver`, driver, subdomainErrors(driver.toLowerCase())),
      ]
    }
    case 'ephemeral':
      return ephemeralErrors(source, volume.name, at, context)
    case 'image':
      return context.isPod ? needed(source, 'reference', at) : []
    default:
      return []
  }
}

function ephemeralErrors(
  source: JsonObject,
  name: string,
  path: string,
  { metadata }: VolumeContext,
): readonly string[] {
  const errors: string[] = []
  if (!isJsonObject(source['volumeClaimTemplate'])) errors.push(required(`${path}.volumeClaimTemplate`))
  if (metadata?.name && name !== '') {
    const claim = `${metadata.name}-${name}`
    for (const complaint of subdomainErrors(claim)) {
      errors.push(invalid(`${path}.name`, name, `PVC name ${goQuote(claim)}: ${complaint}`))
    }
  }
  return errors
}

function projectionErrors(source: JsonObject, path: string): readonly string[] {
  const errors: string[] = []
  const taken = new Set<string>()
  const take = (file: string, owner: string): void => {
    if (file === '') return
    if (taken.has(file)) errors.push(invalid(path, owner, 'conflicting duplicate paths'))
    taken.add(file)
  }
  objects(source['sources']).forEach((projection, index) => {
    const at = `${path}.sources[${index}]`
    const { secret, configMap, downwardAPI, serviceAccountToken } = projection
    for (const [kind, keyed] of [
      ['secret', secret],
      ['configMap', configMap],
    ] as const) {
      if (!isJsonObject(keyed)) continue
      errors.push(...needed(keyed, 'name', `${at}.${kind}`))
      objects(keyed['items']).forEach((item, i) => {
        errors.push(...keyToPathErrors(item, `${at}.${kind}.items[${i}]`))
        take(textOf(item, 'path'), textOf(keyed, 'name'))
      })
    }
    if (isJsonObject(downwardAPI)) {
      for (const item of objects(downwardAPI['items'])) {
        errors.push(...downwardFileErrors(item, `${at}.downwardAPI`))
        take(textOf(item, 'path'), textOf(item, 'path'))
      }
    }
    if (isJsonObject(serviceAccountToken)) errors.push(...tokenErrors(serviceAccountToken, at, path))
    const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate']
    if (kinds.filter(kind => isJsonObject(projection[kind])).length > 1) {
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'))
    }
  })
  return errors
}

function tokenErrors(token: JsonObject, path: string, projectedPath: string): readonly string[] {
  const errors: string[] = []
  const seconds = token['expirationSeconds']
  const at = `${path}.serviceAccountToken.expirationSeconds`
  if (typeof seconds === 'number') {
    if (seconds < 600) errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > 2 ** 32) errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'))
  }
  const file = textOf(token, 'path')
  if (file === '') errors.push(required(`${projectedPath}.path`))
  else errors.push(...localPathErrors(file, `${projectedPath}.path`))
  return errors
}

function itemsErrors(source: JsonObject, path: string): readonly string[] {
  return objects(source['items']).flatMap((item, index) => keyToPathErrors(item, `${path}.items[${index}]`))
}

function keyToPathErrors(item: JsonObject, path: string): readonly string[] {
  return [
    ...needed(item, 'key', path),
    ...needed(item, 'path', path),
    ...localPathErrors(textOf(item, 'path'), `${path}.path`),
    ...modeErrors(item, 'mode', path),
  ]
}

function downwardFileErrors(item: JsonObject, path: string): readonly string[] {
  const errors: string[] = [...needed(item, 'path', path), ...localPathErrors(textOf(item, 'path'), `${path}.path`)]
  const { fieldRef, resourceFieldRef } = item
  if (isJsonObject(fieldRef)) {
    errors.push(...fieldRefErrors({ fieldPath: textOf(fieldRef, 'fieldPath') }, 'volume', `${path}.fieldRef`))
    if (resourceFieldRef !== undefined) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    }
  } else if (isJsonObject(resourceFieldRef)) {
    const divisor = resourceFieldRef['divisor']
    const reference = {
      containerName: textOf(resourceFieldRef, 'containerName'),
      resource: textOf(resourceFieldRef, 'resource'),
      ...(typeof divisor === 'string' || typeof divisor === 'number' ? { divisor } : {}),
    }
    errors.push(...resourceRefErrors(reference, `${path}.resourceFieldRef`, true))
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  return [...errors, ...modeErrors(item, 'mode', path)]
}

/** Field errors of a container's mounts (`ValidateVolumeMounts`, same file); some paths lack the index, as upstream's do. */
export function volumeMountErrors(
  container: FullContainer,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): readonly string[] {
  const errors: string[] = []
  const points = new Set<string>()
  const devices = new Map(container.volumeDevices?.map(({ name, devicePath }) => [name, devicePath]))
  container.volumeMounts?.forEach((mount, index) => {
    const at = `${path}[${index}]`
    const { name, mountPath, subPath = '', subPathExpr = '' } = mount
    if (name === '') errors.push(required(`${at}.name`))
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name))
    if (mountPath === '') errors.push(required(`${at}.mountPath`))
    if (points.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'))
    points.add(mountPath)
    if (devices.has(name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'))
    if ([...devices.values()].includes(mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'))
    }
    if (subPath !== '') errors.push(...descendingPathErrors(subPath, `${path}.subPath`))
    if (subPathExpr !== '') {
      if (subPath !== '') {
        errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
      }
      errors.push(...descendingPathErrors(subPathExpr, `${path}.subPathExpr`))
    }
    errors.push(...propagationErrors(mount, container, path), ...recursiveErrors(mount, path))
  })
  return errors
}

function propagationErrors(mount: VolumeMount, container: FullContainer, path: string): readonly string[] {
  const { mountPropagation } = mount
  if (mountPropagation === undefined) return []
  const at = `${path}.mountPropagation`
  const errors: string[] = []
  if (!PROPAGATIONS.includes(mountPropagation)) errors.push(notSupported(at, mountPropagation, PROPAGATIONS))
  if (mountPropagation === 'Bidirectional' && !container.securityContext?.privileged) {
    errors.push(forbidden(at, 'Bidirectional mount propagation is available only to privileged containers'))
  }
  return errors
}

function recursiveErrors(
  { recursiveReadOnly, readOnly, mountPropagation }: VolumeMount,
  path: string,
): readonly string[] {
  const at = `${path}.recursiveReadOnly`
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return []
  if (!RECURSIVE.includes(recursiveReadOnly)) return [notSupported(at, recursiveReadOnly, RECURSIVE)]
  const errors: string[] = []
  if (!readOnly) errors.push(forbidden(at, 'may only be specified when readOnly is true'))
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    errors.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'))
  }
  return errors
}

/** Field errors of a container's raw block devices (`ValidateVolumeDevices`, same file). */
export function volumeDeviceErrors(
  container: FullContainer,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): readonly string[] {
  const errors: string[] = []
  const names = new Set<string>()
  const paths = new Set<string>()
  const mounts = new Map(container.volumeMounts?.map(({ name, mountPath }) => [name, mountPath]))
  container.volumeDevices?.forEach(({ name, devicePath }, index) => {
    const at = `${path}[${index}]`
    const volume = volumes.get(name)
    if (name === '') errors.push(required(`${at}.name`))
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'))
    if (volume !== undefined && volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const rule = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
      errors.push(invalid(`${at}.name`, name, rule))
    }
    if (volume === undefined) errors.push(notFound(`${at}.name`, name))
    if (devicePath === '') errors.push(required(`${at}.devicePath`))
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'))
    if (devicePath.split('/').includes('..')) {
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"))
    } else paths.add(devicePath)
    if (mounts.has(name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if ([...mounts.values()].includes(devicePath)) {
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    }
    if (name !== '') names.add(name)
  })
  return errors
}

function modeErrors(source: JsonObject, name: string, path: string): readonly string[] {
  const mode = source[name]
  if (typeof mode !== 'number' || (mode >= 0 && mode <= 0o777)) return []
  return [invalid(`${path}.${name}`, mode, FILE_MODE)]
}

function needed(source: JsonObject, name: string, path: string): readonly string[] {
  return textOf(source, name) === '' ? [required(`${path}.${name}`)] : []
}

function textOf(source: JsonObject, name: string): string {
  const value = source[name]
  return typeof value === 'string' ? value : ''
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
