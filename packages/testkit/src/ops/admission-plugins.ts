import {
  Admission,
  type AdmissionPlugins,
  type KubernetesVersion,
  type OptionalPlugin,
  type Pod,
  type RuntimeClass,
} from '@everynode/engine'
import type { Op } from './op.ts'

interface Input {
  readonly plugins?: readonly OptionalPlugin[]
  readonly namespace: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> }
  readonly podNodeSelector?: Readonly<Record<string, string>>
  readonly podTolerationRestriction?: AdmissionPlugins['podTolerationRestriction']
  readonly runtimeClasses?: readonly RuntimeClass[]
  readonly pod: Pod
}

/** What plugins that change node selectors and tolerations make of a pod, those that are off by default among them. */
export const admissionPluginsOp: Op = {
  name: 'admissionPlugins',
  answer(input, { version, expect }) {
    const given = input as Input
    const answer = answerTo(given, version)
    const drawn = errorOf(expect)
    if (drawn === undefined || errorOf(answer) === undefined || errorOf(answer) === drawn) return answer
    return conflictsOneByOne(given, version).find(one => errorOf(one) === drawn) ?? answer
  },
}

function answerTo(input: Input, version: KubernetesVersion): object {
  const { pod, namespace } = input
  const named = { ...pod, metadata: { ...pod.metadata, namespace: namespace.name } }
  const answer = new Admission(worldOf(input, version)).admitPod(named)
  switch (answer.kind) {
    case 'admitted': {
      const { nodeSelector, tolerations } = answer.pod.spec
      return {
        ...(nodeSelector === undefined ? {} : { nodeSelector }),
        ...(tolerations === undefined ? {} : { tolerations }),
      }
    }
    case 'refused':
      return { error: answer.message, code: answer.code }
    case 'unknown':
      return { unknown: answer.detail }
  }
}

/**
 * Of several keys in which a RuntimeClass's nodeSelector contradicts the pod's, the plugin names the one that Go's map gives first
 * (setScheduling, plugin/pkg/admission/runtimeclass/admission.go v1.36.2): the answers with each key alone are all that it can draw.
 */
function conflictsOneByOne(input: Input, version: KubernetesVersion): readonly object[] {
  return (input.runtimeClasses ?? []).flatMap(one =>
    Object.entries(one.scheduling?.nodeSelector ?? {}).map(([key, value]) => {
      const alone = { ...one, scheduling: { ...one.scheduling, nodeSelector: { [key]: value } } }
      const runtimeClasses = (input.runtimeClasses ?? []).map(other => (other === one ? alone : other))
      return answerTo({ ...input, runtimeClasses }, version)
    }),
  )
}

function errorOf(answer: unknown): string | undefined {
  const error = (answer as { readonly error?: unknown } | undefined)?.error
  return typeof error === 'string' ? error : undefined
}

function worldOf(given: Input, version: KubernetesVersion): ConstructorParameters<typeof Admission>[0] {
  const { plugins = [], namespace, podNodeSelector, podTolerationRestriction, runtimeClasses = [] } = given
  return {
    version,
    namespaces: [{ metadata: namespace }],
    priorityClasses: [],
    runtimeClasses,
    admissionPlugins: {
      on: plugins,
      ...(podNodeSelector === undefined ? {} : { podNodeSelector }),
      ...(podTolerationRestriction === undefined ? {} : { podTolerationRestriction }),
    },
  }
}
