import type { Volume } from '../../api/core.ts'
import type { ObjectMeta } from '../../api/meta.ts'
import { goQuote } from '../../go-text.ts'
import { quantitySign } from '../../quantity.ts'
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../field-errors.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { dnsLabelErrors, named, subdomainErrors } from '../names.ts'
import { quantity } from '../quantities.ts'
import { choiceErrors, PULL_POLICIES } from './choices.ts'
import { claimTemplateErrors } from './claim-template.ts'
import { inTreeVolumeErrors } from './in-tree-volumes.ts'
import { backstepErrors } from './paths.ts'
import { projectionErrors } from './projections.ts'
import { downwardFileErrors, itemsErrors, modeErrors, needed, objects, textOf } from './volume-files.ts'

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
const MAX_DRIVER = 63

/** What volumes are checked against: pods may leave nothing out that templates may. */
interface VolumeContext {
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
  // The server keeps the field's older name in errors.
  const at = `${path}.${name === 'gcePersistentDisk' ? 'persistentDisk' : name}`
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
      const secret = source['nodePublishSecretRef']
      const secretName = isJsonObject(secret) ? textOf(secret, 'name') : undefined
      return [
        ...needed(source, 'driver', at),
        ...(driver.length > MAX_DRIVER ? [tooLong(`${at}.driver`, MAX_DRIVER)] : []),
        ...(driver === '' ? [] : named(`${at}.driver`, driver, subdomainErrors(driver.toLowerCase()))),
        ...(secretName === '' ? [required(`${at}.nodePublishSecretRef.name`)] : []),
        ...(secretName ? named(`${at}.name`, secretName, subdomainErrors(secretName)) : []),
      ]
    }
    case 'ephemeral':
      return ephemeralErrors(source, volume.name, path, context)
    case 'image': {
      const policy = textOf(source, 'pullPolicy')
      return [
        ...(context.isPod ? needed(source, 'reference', at) : []),
        ...choiceErrors(policy, `${at}.pullPolicy`, PULL_POLICIES),
      ]
    }
    default:
      return inTreeVolumeErrors(name, source, at)
  }
}

function ephemeralErrors(
  source: JsonObject,
  name: string,
  path: string,
  { metadata }: VolumeContext,
): readonly string[] {
  const errors: string[] = []
  const template = source['volumeClaimTemplate']
  const at = `${path}.ephemeral.volumeClaimTemplate`
  errors.push(...(isJsonObject(template) ? claimTemplateErrors(template, at) : [required(at)]))
  if (metadata?.name && name !== '') {
    const claim = `${metadata.name}-${name}`
    for (const complaint of subdomainErrors(claim)) {
      errors.push(invalid(`${path}.name`, name, `PVC name ${goQuote(claim)}: ${complaint}`))
    }
  }
  return errors
}
