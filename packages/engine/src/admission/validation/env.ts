import { formatQuantity, quantitySign } from '../../quantity.ts'
import { invalid, notSupported, required } from '../field-errors.ts'
import { byText } from '../json.ts'
import {
  configKeyErrors,
  dnsLabelErrors,
  envNameErrors,
  maskTrailingDash,
  named,
  qualifiedNameErrors,
  subdomainErrors,
} from '../names.ts'
import type { EnvFrom, EnvVar, KeyRef } from '../pod-model.ts'
import { quantity } from '../quantities.ts'
import { backstepErrors } from './paths.ts'

const ENV_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
const VOLUME_FIELDS: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]
const CONVERTIBLE: ReadonlySet<string> = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
])
const RESOURCE_FIELDS: readonly string[] = ['limits', 'requests']
  .flatMap(list => ['cpu', 'ephemeral-storage', 'memory'].map(name => `${list}.${name}`))
  .sort(byText)
const BYTES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

/** Field errors of environment variables (`ValidateEnv`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function envErrors(variables: readonly EnvVar[] | undefined, path: string): readonly string[] {
  return (variables ?? []).flatMap((variable, index) => {
    const at = `${path}[${index}]`
    const name =
      variable.name === '' ? [required(`${at}.name`)] : named(`${at}.name`, variable.name, envNameErrors(variable.name))
    return [...name, ...valueFromErrors(variable, `${at}.valueFrom`)]
  })
}

function valueFromErrors({ value = '', valueFrom }: EnvVar, path: string): readonly string[] {
  if (valueFrom === undefined) return []
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom
  const errors: string[] = []
  if (fieldRef !== undefined) errors.push(...fieldRefErrors(fieldRef, ENV_FIELDS, `${path}.fieldRef`))
  if (resourceFieldRef !== undefined) {
    errors.push(...resourceRefErrors(resourceFieldRef, `${path}.resourceFieldRef`, false))
  }
  if (configMapKeyRef !== undefined) errors.push(...keyRefErrors(configMapKeyRef, `${path}.configMapKeyRef`))
  if (secretKeyRef !== undefined) errors.push(...keyRefErrors(secretKeyRef, `${path}.secretKeyRef`))
  if (fileKeyRef !== undefined) errors.push(...fileRefErrors(fileKeyRef, `${path}.fileKeyRef`))
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef]
  const count = sources.filter(source => source !== undefined).length
  if (count === 0) {
    const choices = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    errors.push(invalid(path, '', `must specify one of: ${choices}`))
  } else if (value !== '') errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  return errors
}

/** Field errors of a reference to a field of the pod; `volume` files may name all labels or annotations. */
export function fieldRefErrors(
  reference: { readonly apiVersion?: string; readonly fieldPath: string },
  fields: 'volume' | readonly string[],
  path: string,
): readonly string[] {
  const { apiVersion = 'v1', fieldPath } = reference
  if (fieldPath === '') return [required(`${path}.fieldPath`)]
  const converting = (why: string): readonly string[] => [
    invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ]
  if (apiVersion !== 'v1') return converting(`unsupported pod version: ${apiVersion}`)
  const subscript = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/s.exec(fieldPath)
  if (subscript !== null) {
    const key = subscript[2] ?? ''
    return named(path, key, qualifiedNameErrors(subscript[1] === 'metadata.labels' ? key : key.toLowerCase()))
  }
  const convertible = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  if (/\['.*'\]$/s.test(fieldPath)) return converting(`field label does not support subscript: ${fieldPath}`)
  if (!CONVERTIBLE.has(convertible)) return converting(`field label not supported: ${fieldPath}`)
  const allowed = fields === 'volume' ? VOLUME_FIELDS : fields
  return allowed.includes(convertible) ? [] : [notSupported(`${path}.fieldPath`, convertible, allowed)]
}

/** Field errors of a reference to a container's resource; volume files must name the container. */
export function resourceRefErrors(
  reference: { readonly containerName?: string; readonly resource: string; readonly divisor?: string | number },
  path: string,
  volume: boolean,
): readonly string[] {
  const { resource, divisor = '0' } = reference
  const errors: string[] = []
  const pages = /^(requests|limits)\.hugepages-/.test(resource)
  if (volume && !reference.containerName) errors.push(required(`${path}.containerName`))
  else if (resource === '') errors.push(required(`${path}.resource`))
  else if (!RESOURCE_FIELDS.includes(resource) && !pages) {
    errors.push(notSupported(`${path}.resource`, resource, RESOURCE_FIELDS))
  }
  const amount = quantity(divisor)
  if (quantitySign(amount) === 0) return errors
  const text = formatQuantity(amount)
  const at = `${path}.divisor`
  const bytes = `only divisor's values ${BYTES.join(', ')} are supported with the`
  if (resource.endsWith('.cpu')) {
    if (text !== '1m' && text !== '1') {
      errors.push(invalid(at, resource, "only divisor's values 1m and 1 are supported with the cpu resource"))
    }
  } else if (!BYTES.includes(text)) {
    if (resource.endsWith('.memory')) errors.push(invalid(at, resource, `${bytes} memory resource`))
    else if (resource.endsWith('.ephemeral-storage')) {
      errors.push(invalid(at, resource, `${bytes} local ephemeral storage resource`))
    } else if (pages) errors.push(invalid(at, resource, `${bytes} hugepages resource`))
  }
  return errors
}

function keyRefErrors({ name = '', key }: KeyRef, path: string): readonly string[] {
  return [
    ...named(`${path}.name`, name, subdomainErrors(name)),
    ...(key === '' ? [required(`${path}.key`)] : named(`${path}.key`, key, configKeyErrors(key))),
  ]
}

function fileRefErrors(
  { key, volumeName, path: file }: NonNullable<NonNullable<EnvVar['valueFrom']>['fileKeyRef']>,
  path: string,
): readonly string[] {
  return [
    ...(key === '' ? [required(`${path}.key`)] : named(`${path}.key`, key, envNameErrors(key))),
    ...(volumeName === ''
      ? [required(`${path}.volumeName`)]
      : named(`${path}.volumeName`, volumeName, dnsLabelErrors(volumeName))),
    ...(file === '' ? [required(`${path}.path`)] : backstepErrors(file, `${path}.path`)),
  ]
}

/** Field errors of whole ConfigMaps and Secrets taken as variables (`ValidateEnvFrom`, same file). */
export function envFromErrors(sources: readonly EnvFrom[] | undefined, path: string): readonly string[] {
  const errors: string[] = []
  sources?.forEach(({ prefix = '', configMapRef, secretRef }, index) => {
    const at = `${path}[${index}]`
    if (prefix !== '') errors.push(...named(`${at}.prefix`, prefix, envNameErrors(prefix)))
    if (configMapRef !== undefined) errors.push(...sourceErrors(configMapRef.name, `${at}.configMapRef.name`))
    if (secretRef !== undefined) errors.push(...sourceErrors(secretRef.name, `${at}.secretRef.name`))
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
    }
  })
  return errors
}

function sourceErrors(name: string | undefined, path: string): readonly string[] {
  if (!name) return [required(path)]
  return named(path, name, subdomainErrors(maskTrailingDash(name)))
}
