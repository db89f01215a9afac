/** Annotations that a decision or an explanation reads. Others are never stored: they may hold anything, secrets too. */
const NAMES: ReadonlySet<string> = new Set([
  'deprecated.daemonset.template.generation',
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/restartedAt',
  'kubernetes.io/limit-ranger',
  'kubernetes.io/config.mirror',
  'kubernetes.io/config.source',
  'controller.kubernetes.io/pod-deletion-cost',
  'storageclass.kubernetes.io/is-default-class',
  'volume.kubernetes.io/selected-node',
  'volume.beta.kubernetes.io/storage-class',
  'pv.kubernetes.io/bind-completed',
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/instance',
  'addonmanager.kubernetes.io/mode',
  'seccomp.security.alpha.kubernetes.io/pod',
])

const PREFIXES: readonly string[] = [
  'everynode.dev/',
  'karpenter.sh/',
  'karpenter.k8s.aws/',
  'meta.helm.sh/',
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'cluster-autoscaler.kubernetes.io/',
  'scheduler.alpha.kubernetes.io/',
  'container.apparmor.security.beta.kubernetes.io/',
  'container.seccomp.security.alpha.kubernetes.io/',
]

/** kwok's stages: the delays of a recorded cluster. */
const STAGE = '.stage.kwok.x-k8s.io/'

export function isReadAnnotation(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some(prefix => name.startsWith(prefix)) || name.includes(STAGE)
}
