import type { DaemonSet, IntOrString } from '../../api/apps.ts'
import { compileLabelSelector } from '../../labels.ts'
import { forbidden, invalid, notSupported, required, sortedObject } from '../field-errors.ts'
import { percentErrors, subdomainErrors } from '../names.ts'
import { asJson } from '../pod-model.ts'
import { metadataErrors } from './metadata.ts'
import { podTemplateErrors } from './pod.ts'
import { labelSelectorErrors } from './selectors.ts'

const STRATEGIES: readonly string[] = ['RollingUpdate', 'OnDelete']

/** Field errors of a DaemonSet on creation; `hasLabels` tells that its template came with labels, be there none in them (`ValidateDaemonSet`, kubernetes `pkg/apis/apps/validation/validation.go`, v1.36.2). */
export function daemonSetErrors({ metadata, spec }: DaemonSet, hasLabels = false): readonly string[] {
  const { selector, template, minReadySeconds = 0, revisionHistoryLimit = 0 } = spec
  const labels = template.metadata?.labels
  const errors: string[] = [
    ...metadataErrors(metadata, { namespaced: true, nameErrors: subdomainErrors }),
    ...labelSelectorErrors(selector, 'spec.selector'),
  ]
  const compiled = compileLabelSelector(selector)
  if (compiled.kind === 'selector' && !compiled.matches(labels)) {
    const value = labels !== undefined ? sortedObject(labels) : hasLabels ? {} : null
    errors.push(invalid('spec.template.metadata.labels', value, '`selector` does not match template `labels`'))
  }
  if (selector !== undefined) {
    const { matchLabels = {}, matchExpressions = [] } = selector
    if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
      errors.push(invalid('spec.selector', asJson(selector), 'empty selector is invalid for daemonset'))
    }
  }
  errors.push(...podTemplateErrors(template, 'spec.template'))
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec
  if (restartPolicy !== 'Always')
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    const rule = 'activeDeadlineSeconds in DaemonSet is not Supported'
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', rule))
  }
  errors.push(...negativeErrors(minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...strategyErrors(spec.updateStrategy ?? {}, 'spec.updateStrategy'))
  errors.push(...negativeErrors(revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  return errors
}

function strategyErrors(
  { type = '', rollingUpdate }: NonNullable<DaemonSet['spec']['updateStrategy']>,
  path: string,
): readonly string[] {
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') {
    // Upstream prints the whole strategy, by the field names of its internal type.
    const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
    const value = {
      Type: type,
      RollingUpdate: rollingUpdate === undefined ? null : { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge },
    }
    return [notSupported(path, value, STRATEGIES)]
  }
  const at = `${path}.rollingUpdate`
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
  const errors: string[] = [
    ...amountErrors(maxUnavailable, `${at}.maxUnavailable`),
    ...amountErrors(maxSurge, `${at}.maxSurge`),
    ...overErrors(maxUnavailable, `${at}.maxUnavailable`),
    ...overErrors(maxSurge, `${at}.maxSurge`),
  ]
  const unavailable = amountOf(maxUnavailable) !== 0
  const surge = amountOf(maxSurge) !== 0
  if (unavailable && surge) {
    errors.push(invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  } else if (!unavailable && !surge) {
    errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  }
  return errors
}

function amountErrors(amount: IntOrString, path: string): readonly string[] {
  if (typeof amount === 'number') return negativeErrors(amount, path)
  return percentErrors(amount).map(complaint => invalid(path, amount, complaint))
}

function overErrors(amount: IntOrString, path: string): readonly string[] {
  const isOver = typeof amount === 'string' && isPercent(amount) && amountOf(amount) > 100
  return isOver ? [invalid(path, amount, 'must not be greater than 100%')] : []
}

/** A percentage by its number; another text is read as a number, and 0 if it is none. */
function amountOf(amount: IntOrString): number {
  if (typeof amount === 'number') return amount
  if (isPercent(amount)) return Number(amount.slice(0, -1))
  return /^[+-]?[0-9]+$/.test(amount) ? Number(amount) : 0
}

function isPercent(text: string): boolean {
  return percentErrors(text).length === 0
}

function negativeErrors(value: number, path: string): readonly string[] {
  return value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []
}
