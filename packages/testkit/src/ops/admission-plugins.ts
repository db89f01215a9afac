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
  answer(input, { version }) {
    const { pod, namespace } = input as Input
    const named = { ...pod, metadata: { ...pod.metadata, namespace: namespace.name } }
    const answer = new Admission(worldOf(input as Input, version)).admitPod(named)
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
  },
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
