import { forbidden, invalid, notSupported, required } from '../field-errors.ts'
import { headerNameErrors, named, portNameErrors, portNumberErrors } from '../names.ts'
import type { FullContainer, Handler, HttpGet, Probe } from '../pod-model.ts'

const SCHEMES: readonly string[] = ['HTTP', 'HTTPS']
const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

/** Field errors of the three probes (`validateLivenessProbe` and others, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function probesErrors(container: FullContainer, path: string, grace: number): readonly string[] {
  const { livenessProbe, readinessProbe, startupProbe } = container
  return [
    ...probeErrors(livenessProbe, `${path}.livenessProbe`, grace, 'liveness'),
    ...probeErrors(readinessProbe, `${path}.readinessProbe`, grace, 'readiness'),
    ...probeErrors(startupProbe, `${path}.startupProbe`, grace, 'startup'),
  ]
}

function probeErrors(
  probe: Probe | undefined,
  path: string,
  grace: number,
  kind: 'liveness' | 'readiness' | 'startup',
): readonly string[] {
  if (probe === undefined) return []
  const { terminationGracePeriodSeconds: own, successThreshold = 0 } = probe
  const errors: string[] = [...handlerErrors(probe, path, grace)]
  for (const name of COUNTS) {
    const value = probe[name] ?? 0
    if (value < 0) errors.push(invalid(`${path}.${name}`, value, 'must be greater than or equal to 0'))
  }
  const at = `${path}.terminationGracePeriodSeconds`
  if (own !== undefined && own <= 0) errors.push(invalid(at, own, 'must be greater than 0'))
  if (kind !== 'readiness') {
    if (successThreshold !== 1) errors.push(invalid(`${path}.successThreshold`, successThreshold, 'must be 1'))
  } else if (own !== undefined) errors.push(invalid(at, own, 'must not be set for readinessProbes'))
  return errors
}

/** Field errors of what runs when a container starts and stops (`validateLifecycle`, same file). */
export function lifecycleErrors(lifecycle: FullContainer['lifecycle'], path: string, grace: number): readonly string[] {
  if (lifecycle === undefined) return []
  const { postStart, preStop } = lifecycle
  const errors: string[] = []
  if (postStart !== undefined) errors.push(...handlerErrors(postStart, `${path}.postStart`, grace))
  if (preStop !== undefined) errors.push(...handlerErrors(preStop, `${path}.preStop`, grace))
  return errors
}

function handlerErrors(handler: Handler, path: string, grace: number): readonly string[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  const errors: string[] = []
  let count = 0
  const each = (name: string, present: boolean, check: (at: string) => readonly string[]): void => {
    if (!present) return
    const at = `${path}.${name}`
    if (count > 0) errors.push(forbidden(at, 'may not specify more than 1 handler type'))
    else errors.push(...check(at))
    count++
  }
  each('exec', exec !== undefined, at => ((exec?.command ?? []).length === 0 ? [required(`${at}.command`)] : []))
  each('httpGet', httpGet !== undefined, at => (httpGet === undefined ? [] : httpErrors(httpGet, at)))
  each('tcpSocket', tcpSocket !== undefined, at => portErrors(tcpSocket?.port ?? 0, `${at}.port`))
  each('grpc', grpc !== undefined, at => portErrors(grpc?.port ?? 0, `${at}.port`))
  each('sleep', sleep !== undefined, at => {
    const seconds = sleep?.seconds ?? 0
    if (seconds >= 0 && seconds <= grace) return []
    return [invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
  })
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
  return errors
}

function httpErrors(
  { path: target = '', port, scheme = '', httpHeaders = [] }: HttpGet,
  path: string,
): readonly string[] {
  const errors: string[] = []
  if (target === '') errors.push(required(`${path}.path`))
  errors.push(...portErrors(port ?? 0, `${path}.port`))
  if (!SCHEMES.includes(scheme)) errors.push(notSupported(`${path}.scheme`, scheme, SCHEMES))
  for (const { name } of httpHeaders) errors.push(...named(`${path}.httpHeaders`, name, headerNameErrors(name)))
  return errors
}

function portErrors(port: string | number, path: string): readonly string[] {
  if (typeof port === 'string') return named(path, port, portNameErrors(port))
  return portNumberErrors(port).map(complaint => invalid(path, port, complaint))
}
