import type { DaemonSet } from '../api/apps.ts'
import type { Affinity, Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { parseInt64 } from '../go-text.ts'
import { subdomainErrors } from '../labels/syntax.ts'
import { daemonTolerations } from './tolerations.ts'

const NAME_FIELD = 'metadata.name'

/** Label of a daemon pod with the hash of its revision. */
export const REVISION_HASH_LABEL = 'controller-revision-hash'
/** Label of a daemon pod with its DaemonSet's deprecated template generation. */
export const TEMPLATE_GENERATION_LABEL = 'pod-template-generation'
const TEMPLATE_GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation'

export interface DaemonPodOptions {
  /** Hash of the revision; without it the pod has no such label. */
  readonly hash?: string
  /** Instead of the one that the DaemonSet's annotation says. */
  readonly templateGeneration?: number | bigint
}

/**
 * The pod that the DaemonSet controller sends to the API server for a node: template, added tolerations, labels, owner, and
 * required node affinity replaced by the node's name; it has a generateName and no name yet (`CreatePodTemplate`,
 * `ReplaceDaemonSetPodNodeNameNodeAffinity`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2).
 */
export function daemonPod(daemonSet: DaemonSet, nodeName: string, options: DaemonPodOptions = {}): Pod {
  const { metadata } = daemonSet
  const { template } = daemonSet.spec
  const name = metadata.name ?? ''
  const { annotations, finalizers } = template.metadata ?? {}
  return {
    metadata: {
      generateName: podNamePrefix(name),
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: podLabels(daemonSet, options),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name,
          ...(metadata.uid !== undefined && { uid: metadata.uid }),
          controller: true,
        },
      ],
    },
    spec: {
      ...template.spec,
      tolerations: daemonTolerations(template.spec),
      affinity: pinned(template.spec.affinity, nodeName),
    },
  }
}

function podLabels(daemonSet: DaemonSet, options: DaemonPodOptions): StringMap {
  const generation = options.templateGeneration ?? templateGeneration(daemonSet)
  return {
    ...daemonSet.spec.template.metadata?.labels,
    ...(generation !== undefined && { [TEMPLATE_GENERATION_LABEL]: String(generation) }),
    ...(options.hash && { [REVISION_HASH_LABEL]: options.hash }),
  }
}

/** The deprecated generation of a DaemonSet's template, if its annotation is an int64 (`GetTemplateGeneration`, as above). */
export function templateGeneration(daemonSet: DaemonSet): number | bigint | undefined {
  const text = daemonSet.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION]
  return text === undefined ? undefined : parseInt64(text)
}

/** A dash behind the name, unless that makes no valid start of a pod's name (`getPodsPrefix`, kubernetes `pkg/controller/controller_utils.go`, v1.36.2). */
function podNamePrefix(name: string): string {
  const prefix = `${name}-`
  // Validation of a prefix puts a letter for the last two characters.
  const complete = prefix.length > 1 ? `${prefix.slice(0, -2)}a` : prefix
  return subdomainErrors(complete).length > 0 ? name : prefix
}

function pinned(affinity: Affinity | undefined, nodeName: string): Affinity {
  const term = { matchFields: [{ key: NAME_FIELD, operator: 'In', values: [nodeName] }] }
  const { nodeAffinity } = affinity ?? {}
  return {
    ...affinity,
    nodeAffinity: {
      ...nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        ...nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
        nodeSelectorTerms: [term],
      },
    },
  }
}

/**
 * The node that a daemon pod is bound to or made for; undefined if its affinity does not name exactly one
 * (`GetTargetNodeName`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2).
 */
export function targetNodeName(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const term of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key === NAME_FIELD && operator === 'In') return values?.length === 1 ? values[0] : undefined
    }
  }
  return undefined
}
