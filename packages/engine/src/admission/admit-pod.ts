import type { Affinity, Pod } from '../api/core.ts'
import { Admission } from './admission.ts'
import type { AdmissionAnswer, AdmissionWorld } from './types.ts'

const SOME_NODE = 'node'
const SOME_UID = '00000000-0000-0000-0000-000000000000'

/**
 * What the API server makes of one pod; `new Admission(world)` is cheaper for several. The pod may be one that a controller has not
 * made yet: a daemon pod whose pin names no node, and an owner without uid, are admitted as if they had one.
 */
export function admitPod(pod: Pod, world: AdmissionWorld): AdmissionAnswer {
  const answer = new Admission(world).admitPod({
    ...pod,
    metadata: withOwnerUids(pod.metadata),
    spec: { ...pod.spec, ...pinnedTo(pod.spec.affinity, '', SOME_NODE) },
  })
  if (answer.kind !== 'admitted') return answer
  const { metadata, spec } = answer.pod
  const owners = pod.metadata.ownerReferences
  return {
    ...answer,
    pod: {
      ...answer.pod,
      metadata: { ...metadata, ...(owners === undefined ? {} : { ownerReferences: owners }) },
      spec: { ...spec, ...(isPinnedTo(pod.spec.affinity, '') ? pinnedTo(spec.affinity, SOME_NODE, '') : {}) },
    },
  }
}

function withOwnerUids(metadata: Pod['metadata']): Pod['metadata'] {
  const owners = metadata.ownerReferences
  if (owners === undefined) return metadata
  return { ...metadata, ownerReferences: owners.map(owner => ({ ...owner, uid: owner.uid || SOME_UID })) }
}

function isPinnedTo(affinity: Affinity | undefined, nodeName: string): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const fields = terms?.length === 1 ? terms[0]?.matchFields : undefined
  const values = fields?.length === 1 ? fields[0]?.values : undefined
  return values?.length === 1 && values[0] === nodeName
}

/** The affinity with the pin to one node changed to another; nothing if it has no such pin. */
function pinnedTo(affinity: Affinity | undefined, from: string, to: string): { readonly affinity?: Affinity } {
  if (affinity === undefined || !isPinnedTo(affinity, from)) return {}
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [to] }]
  const required = { nodeSelectorTerms: [{ matchFields }] }
  return {
    affinity: {
      ...affinity,
      nodeAffinity: { ...affinity.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
    },
  }
}
