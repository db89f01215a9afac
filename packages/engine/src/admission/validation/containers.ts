import type { ContainerPort, Volume } from '../../api/core.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, required, tooMany } from '../field-errors.ts'
import { dnsLabelErrors, named, portNameErrors, portNumberErrors } from '../names.ts'
import { type FullContainer, type FullPodSpec, isSidecar } from '../pod-model.ts'
import { choiceErrors, PULL_POLICIES } from './choices.ts'
import { envErrors, envFromErrors } from './env.ts'
import { lifecycleErrors, probesErrors } from './handlers.ts'
import { volumeDeviceErrors, volumeMountErrors } from './mounts.ts'
import { containerResourceErrors, resourcesErrors } from './resources.ts'
import { securityContextErrors } from './security-context.ts'

/** In the order of the fields in Go. */
const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const
const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP']
const RESTART_POLICIES: readonly string[] = ['Always', 'Never', 'OnFailure']
const RESIZE_POLICIES: readonly string[] = ['NotRequired', 'RestartContainer']
const MESSAGE_POLICIES: readonly string[] = ['File', 'FallbackToLogsOnError']
const MAX_RULES = 20
const MAX_EXIT_CODES = 255

/** Field errors of containers and init containers (`validateContainers`, `validateInitContainers`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function containersErrors(
  spec: FullPodSpec,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): readonly string[] {
  const { containers = [], initContainers = [], resourceClaims = [] } = spec
  const grace = spec.terminationGracePeriodSeconds ?? 0
  const claims = resourceClaims.map(({ name }) => name).filter(name => name !== '')
  const common = (container: FullContainer, at: string): readonly string[] =>
    commonErrors(container, at, spec, volumes, claims)
  const errors: string[] = []

  if (containers.length === 0) errors.push(required(`${path}.containers`))
  const names = new Set<string>()
  containers.forEach((container, index) => {
    const at = `${path}.containers[${index}]`
    errors.push(...common(container, at))
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    errors.push(...lifecycleErrors(container.lifecycle, `${at}.lifecycle`, grace))
    errors.push(...probesErrors(container, at, grace), ...restartErrors(container, at))
  })
  errors.push(...hostPortErrors(containers, `${path}.containers`))

  initContainers.forEach((container, index) => {
    const at = `${path}.initContainers[${index}]`
    errors.push(...common(container, at), ...restartErrors(container, at))
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    else if (container.name !== '') names.add(container.name)
    // Init containers run one by one, so that each is checked alone, and upstream counts from 0 for each.
    errors.push(...hostPortErrors([container], `${path}.initContainers`))
    if (isSidecar(container)) {
      errors.push(...lifecycleErrors(container.lifecycle, `${at}.lifecycle`, grace))
      errors.push(...probesErrors(container, at, grace))
    } else errors.push(...initOnlyErrors(container, at))
  })
  const others = new Set([...containers, ...initContainers].map(({ name }) => name))
  const all = new Set(others)
  spec.ephemeralContainers?.forEach((container, index) => {
    const at = `${path}.ephemeralContainers[${index}]`
    errors.push(...common(container, at), ...imagePaddingErrors(container, at))
    if (all.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    all.add(container.name)
    const { targetContainerName: target } = container
    if (target && !others.has(target)) errors.push(notFound(`${at}.targetContainerName`, target))
    errors.push(...ephemeralErrors(container, at))
  })
  return errors
}

/** An image without space around it, which templates may have (`validateContainerOnlyForPod`, same file). */
export function imagePaddingErrors({ image = '' }: FullContainer, path: string): readonly string[] {
  return image === image.trim() ? [] : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')]
}

/** What a container that is there for debugging may not have. */
function ephemeralErrors(container: FullContainer, path: string): readonly string[] {
  const refused = (at: string): string => forbidden(`${path}.${at}`, 'cannot be set for an Ephemeral Container')
  return [
    ...NOT_EPHEMERAL.filter(name => isSet(container[name])).map(refused),
    ...(container.volumeMounts ?? []).flatMap(({ subPath, subPathExpr }, index) => [
      ...(subPath ? [refused(`volumeMounts[${index}].subPath`)] : []),
      ...(subPathExpr ? [refused(`volumeMounts[${index}].subPathExpr`)] : []),
    ]),
  ]
}

function isSet(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== '{}'
}

function commonErrors(
  container: FullContainer,
  path: string,
  spec: FullPodSpec,
  volumes: ReadonlyMap<string, Volume>,
  claims: readonly string[],
): readonly string[] {
  const { name, image = '', imagePullPolicy = '', terminationMessagePolicy = '' } = container
  return [
    ...(name === '' ? [required(`${path}.name`)] : named(`${path}.name`, name, dnsLabelErrors(name))),
    ...(image === '' ? [required(`${path}.image`)] : []),
    ...choiceErrors(terminationMessagePolicy, `${path}.terminationMessagePolicy`, MESSAGE_POLICIES),
    ...portsErrors(container.ports, `${path}.ports`),
    ...envErrors(container.env, `${path}.env`),
    ...envFromErrors(container.envFrom, `${path}.envFrom`),
    ...volumeMountErrors(container, volumes, `${path}.volumeMounts`),
    ...volumeDeviceErrors(container, volumes, `${path}.volumeDevices`),
    ...choiceErrors(imagePullPolicy, `${path}.imagePullPolicy`, PULL_POLICIES),
    ...resourcesErrors(container.resources, `${path}.resources`, containerResourceErrors, claims),
    ...resizeErrors(container, `${path}.resizePolicy`, spec.restartPolicy),
    ...securityContextErrors(container.securityContext, `${path}.securityContext`, spec.hostUsers ?? true),
  ]
}

/** Field errors of container ports (`validateContainerPorts`, same file). */
function portsErrors(ports: readonly ContainerPort[] | undefined, path: string): readonly string[] {
  const errors: string[] = []
  const names = new Set<string>()
  ports?.forEach(({ name = '', containerPort = 0, hostPort = 0, protocol = '' }, index) => {
    const at = `${path}[${index}]`
    if (name !== '') {
      const complaints = portNameErrors(name)
      if (complaints.length > 0) errors.push(...named(`${at}.name`, name, complaints))
      else if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    if (containerPort === 0) errors.push(required(`${at}.containerPort`))
    else errors.push(...numberErrors(containerPort, `${at}.containerPort`))
    if (hostPort !== 0) errors.push(...numberErrors(hostPort, `${at}.hostPort`))
    errors.push(...choiceErrors(protocol, `${at}.protocol`, PROTOCOLS))
  })
  return errors
}

function numberErrors(port: number, path: string): readonly string[] {
  return portNumberErrors(port).map(complaint => invalid(path, port, complaint))
}

/** A port of the host may be taken once in a pod. */
function hostPortErrors(containers: readonly FullContainer[], path: string): readonly string[] {
  const errors: string[] = []
  const taken = new Set<string>()
  containers.forEach(({ ports }, container) => {
    ports?.forEach(({ protocol = '', hostIP = '', hostPort = 0 }, index) => {
      if (hostPort === 0) return
      const key = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(key)) errors.push(duplicate(`${path}[${container}].ports[${index}].hostPort`, key))
      taken.add(key)
    })
  })
  return errors
}

function resizeErrors(
  { resizePolicy }: FullContainer,
  path: string,
  restartPolicy: string | undefined,
): readonly string[] {
  const errors: string[] = []
  const seen = new Set<string>()
  resizePolicy?.forEach(({ resourceName, restartPolicy: restart }, index) => {
    if (seen.has(resourceName)) errors.push(duplicate(`${path}[${index}]`, resourceName))
    seen.add(resourceName)
    errors.push(...choiceErrors(resourceName, path, ['cpu', 'memory']), ...choiceErrors(restart, path, RESIZE_POLICIES))
    if (restartPolicy === 'Never' && restart !== 'NotRequired') {
      errors.push(invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
    }
  })
  return errors
}

/** Field errors of a container's own restart policy (`validateContainerRestartPolicy`, same file). */
function restartErrors({ restartPolicy, restartPolicyRules = [] }: FullContainer, path: string): readonly string[] {
  const errors: string[] = []
  if (restartPolicy === undefined) {
    if (restartPolicyRules.length === 0) return errors
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  } else if (!RESTART_POLICIES.includes(restartPolicy)) {
    errors.push(notSupported(`${path}.restartPolicy`, restartPolicy, RESTART_POLICIES))
  }
  const rules = `${path}.restartPolicyRules`
  if (restartPolicyRules.length > MAX_RULES) errors.push(tooMany(rules, restartPolicyRules.length, MAX_RULES))
  restartPolicyRules.forEach(({ action, exitCodes }, index) => {
    const at = `${rules}[${index}]`
    const actions = ['Restart', 'RestartAllContainers']
    if (!actions.includes(action)) errors.push(notSupported(`${at}.action`, action, actions))
    if (exitCodes === undefined) {
      errors.push(required(`${at}.exitCodes`, 'must be specified'))
      return
    }
    const { operator, values = [] } = exitCodes
    if (operator !== 'In' && operator !== 'NotIn') {
      errors.push(notSupported(`${at}.exitCodes.operator`, operator, ['In', 'NotIn']))
    }
    if (values.length > MAX_EXIT_CODES) {
      errors.push(tooMany(`${at}.exitCodes.values`, values.length, MAX_EXIT_CODES))
    }
  })
  return errors
}

function initOnlyErrors(container: FullContainer, path: string): readonly string[] {
  const errors: string[] = []
  for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name] === undefined) continue
    errors.push(forbidden(`${path}.${name}`, 'may not be set for init containers without restartPolicy=Always'))
  }
  container.resizePolicy?.forEach(({ restartPolicy }, index) => {
    if (restartPolicy !== 'RestartContainer') return
    const rule = "must not be set to 'RestartContainer' for non-sidecar initContainers"
    errors.push(invalid(`${path}.resizePolicy[${index}].restartPolicy`, restartPolicy, rule))
  })
  return errors
}
