import type { Volume } from '../../api/core.ts'
import { forbidden, invalid, notFound, notSupported, required } from '../field-errors.ts'
import type { FullContainer, VolumeMount } from '../pod-model.ts'
import { descendingPathErrors } from './paths.ts'

const PROPAGATIONS: readonly string[] = ['Bidirectional', 'HostToContainer', 'None']
const RECURSIVE: readonly string[] = ['Disabled', 'Enabled', 'IfPossible']

/** Field errors of a container's mounts (`ValidateVolumeMounts`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2); some paths lack the index, as upstream's do. */
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
