import type { Pod } from '../api/core.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
/** The most and the least that one pod counts; an ordinary pod counts 1. */
const LIMIT = 10

/**
 * What evicting a pod costs, from −10 to 10: 1, plus its pod-deletion-cost annotation by 2^27, plus its priority by 2^25; an
 * annotation that is no number is ignored (`EvictionCost`, sigs.k8s.io/karpenter `pkg/utils/disruption/disruption.go`, v1.14.1).
 */
export function evictionCost({ metadata, spec }: Pod): number {
  let cost = 1
  const annotation = metadata.annotations?.[DELETION_COST]
  const deletionCost = annotation === undefined ? undefined : parseFloat64(annotation)
  if (deletionCost !== undefined) cost += deletionCost / 2 ** 27
  if (spec.priority !== undefined && spec.priority !== null) cost += spec.priority / 2 ** 25
  return cost < -LIMIT ? -LIMIT : cost > LIMIT ? LIMIT : cost
}

/** What evicting a node's pods costs, which is how static NodePools and versions until 1.13 order nodes. */
export function reschedulingCost(pods: readonly Pod[]): number {
  return pods.reduce((sum, pod) => sum + evictionCost(pod), 0)
}

/** The cost of draining a node at all. */
export const BASE_DISRUPTION_COST = 1

/**
 * Base cost of a node plus the eviction costs of the pods that have to move, negative ones as 0
 * (`computeRescheduleDisruptionCost`, sigs.k8s.io/karpenter `pkg/controllers/disruption/types.go`, v1.14.1).
 */
export function disruptionCost(reschedulable: readonly Pod[]): number {
  return reschedulable.reduce((sum, pod) => sum + Math.max(0, evictionCost(pod)), BASE_DISRUPTION_COST)
}

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/
const SPECIAL = /^(?:([+-]?)(?:inf|infinity)|(nan))$/i
// An underscore stands between digits, or between a prefix and a digit.
const DECIMAL_UNDERSCORE = /(?<=[0-9])_(?=[0-9])/g
const HEXADECIMAL_UNDERSCORE = /(?<=[0-9a-fA-F]|0[xX])_(?=[0-9a-fA-F])/g

/** Reads a float as `strconv.ParseFloat(text, 64)`, or undefined; a number that no double holds is none. */
function parseFloat64(text: string): number | undefined {
  const special = SPECIAL.exec(text)
  if (special) return special[2] ? Number.NaN : special[1] === '-' ? -Infinity : Infinity
  const decimal = text.replace(DECIMAL_UNDERSCORE, '')
  const value = DECIMAL.test(decimal) ? Number(decimal) : parseHexadecimal(text.replace(HEXADECIMAL_UNDERSCORE, ''))
  return value === undefined || Number.isFinite(value) ? value : undefined
}

function parseHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const shift = Number(exponent) - 4 * fraction.length
  // More digits than a double has, or an exponent near its ends, would round twice; no annotation needs them.
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** shift
  return sign === '-' ? -value : value
}
