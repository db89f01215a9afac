import type { FullContainer, Handler, Probe } from '../pod-model.ts'
import { defaultPullPolicy } from './pull-policy.ts'
import { roundedResources } from './resources.ts'

/** A container of a pod or of a template, completed (generated `SetObjectDefaults_Pod`, kubernetes `pkg/apis/core/v1`, v1.36.2). */
export function defaultContainer(container: FullContainer): FullContainer {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = container
  return {
    ...container,
    resources: roundedResources(container.resources ?? {}),
    imagePullPolicy: container.imagePullPolicy ?? defaultPullPolicy(container.image ?? ''),
    terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy ?? 'File',
    ...(ports === undefined ? {} : { ports: ports.map(port => ({ ...port, protocol: port.protocol ?? 'TCP' })) }),
    ...(env === undefined ? {} : { env: env.map(defaultEnv) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: defaultProbe(livenessProbe) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: defaultProbe(readinessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: defaultProbe(startupProbe) }),
    ...(lifecycle === undefined ? {} : { lifecycle: defaultLifecycle(lifecycle) }),
  }
}

/** With host networking a container port is the host's port as well; a port that is set stays. */
export function withHostPorts<T extends FullContainer>(container: T): T {
  const { ports } = container
  if (ports === undefined) return container
  return {
    ...container,
    ports: ports.map(port => (port.hostPort || !port.containerPort ? port : { ...port, hostPort: port.containerPort })),
  }
}

function defaultEnv(variable: NonNullable<FullContainer['env']>[number]): typeof variable {
  const { valueFrom } = variable
  if (valueFrom === undefined) return variable
  const { fieldRef, fileKeyRef } = valueFrom
  return {
    ...variable,
    valueFrom: {
      ...valueFrom,
      ...(fieldRef === undefined ? {} : { fieldRef: { ...fieldRef, apiVersion: fieldRef.apiVersion ?? 'v1' } }),
      ...(fileKeyRef === undefined ? {} : { fileKeyRef: { optional: false, ...fileKeyRef } }),
    },
  }
}

function defaultProbe(probe: Probe): Probe {
  return {
    ...defaultHandler(probe),
    ...(probe.grpc === undefined ? {} : { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } }),
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  }
}

function defaultLifecycle(lifecycle: NonNullable<FullContainer['lifecycle']>): typeof lifecycle {
  const { postStart, preStop } = lifecycle
  return {
    ...lifecycle,
    ...(postStart === undefined ? {} : { postStart: defaultHandler(postStart) }),
    ...(preStop === undefined ? {} : { preStop: defaultHandler(preStop) }),
  }
}

function defaultHandler<T extends Handler>(handler: T): T {
  const { httpGet } = handler
  if (httpGet === undefined) return handler
  return { ...handler, httpGet: { ...httpGet, path: httpGet.path ?? '/', scheme: httpGet.scheme ?? 'HTTP' } }
}
