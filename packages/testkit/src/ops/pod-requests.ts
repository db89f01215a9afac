import {
  addQuantity,
  boundRequests,
  boundUsage,
  formatQuantity,
  isPodLevelResourceName,
  type KubernetesVersion,
  type Pod,
  podRequests,
  type QuantityText,
  readQuantity,
} from '@everynode/engine'
import type { Op } from './op.ts'

export const podRequestsOp: Op = {
  name: 'podRequests',
  answer(input, { version }) {
    const { pod } = input as { readonly pod: Pod }
    const bound = boundUsage(asSummedBefore(pod, version), version)
    const scalar = [...bound.scalar].map(([name, value]) => [name, value.toString()])
    return {
      requests: Object.fromEntries([...podRequests(pod)].map(([name, quantity]) => [name, formatQuantity(quantity)])),
      bound: {
        milliCPU: bound.milliCPU.toString(),
        memory: bound.memory.toString(),
        ephemeralStorage: bound.ephemeralStorage.toString(),
        ...(scalar.length > 0 && { scalar: Object.fromEntries(scalar) }),
      },
      nonZero: { milliCPU: bound.nonZeroMilliCPU.toString(), memory: bound.nonZeroMemory.toString() },
    }
  },
}

/**
 * The pod as the oracle has it when it asks for the bound usage. Upstream takes a pod-level request into the sum without a
 * copy (`PodRequests`, component-helpers `resource/helpers.go`, v0.36.2), and adding overhead to one of arbitrary precision
 * changes it in place: every sum that is made of the same object grows it. The oracle has made one sum before, and
 * `CalculateResource` makes a second one where the defaults for scoring count.
 */
function asSummedBefore(pod: Pod, version: KubernetesVersion): Pod {
  const once = grow(pod)
  if (once === pod || pod.status?.resources) return once
  const requests = boundRequests(pod, version)
  return requests.has('cpu') && requests.has('memory') ? once : grow(once)
}

function grow(pod: Pod): Pod {
  const { resources, overhead } = pod.spec
  const grown: Record<string, QuantityText> = {}
  for (const [name, text] of Object.entries(resources?.requests ?? {})) {
    const quantity = readQuantity(text)
    const added = readQuantity(overhead?.[name] ?? '')
    if (!isPodLevelResourceName(name) || quantity.kind === 'error' || added.kind === 'error') continue
    if (quantity.form !== 'decimal') continue
    const sum = addQuantity(quantity, added)
    // More than 18 digits, so that it is read back as what it is, a number of arbitrary precision.
    grown[name] = `${sum.unscaled}.${'0'.repeat(19)}e${sum.scale}`
  }
  if (Object.keys(grown).length === 0) return pod
  return { ...pod, spec: { ...pod.spec, resources: { ...resources, requests: { ...resources?.requests, ...grown } } } }
}
