import type { ObjectMeta } from '../api/meta.ts'
import type { Source } from './types.ts'

const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id'
const FLUX_HELM = 'helm.toolkit.fluxcd.io'
const FLUX_KUSTOMIZE = 'kustomize.toolkit.fluxcd.io'

/**
 * Who wrote an object and where a change belongs, from its own metadata: a GitOps tool first, because it reverts what others write,
 * then the operator that owns it, the managed add-on, the Helm release.
 */
export function sourceOf(meta: ObjectMeta): Source {
  const labels = meta.labels ?? {}
  const annotations = meta.annotations ?? {}
  const chart = labels['helm.sh/chart']
  const withChart = chart === undefined ? '' : `, chart ${chart}`
  const application = annotations[ARGO_TRACKING]?.split(':')[0] ?? labels['argocd.argoproj.io/instance']
  if (application !== undefined && application !== '')
    return { kind: 'argocd', text: `Argo CD application ${application}${withChart}` }
  const helmRelease = labels[`${FLUX_HELM}/name`]
  if (helmRelease !== undefined)
    return { kind: 'flux', text: `Flux HelmRelease ${inNamespace(labels, FLUX_HELM, helmRelease)}${withChart}` }
  const kustomization = labels[`${FLUX_KUSTOMIZE}/name`]
  if (kustomization !== undefined) {
    return {
      kind: 'flux',
      text: `Flux Kustomization ${inNamespace(labels, FLUX_KUSTOMIZE, kustomization)}${withChart}`,
    }
  }
  const owner =
    (meta.ownerReferences ?? []).find(reference => reference.controller === true) ?? meta.ownerReferences?.[0]
  if (owner !== undefined) return { kind: 'operator', text: `operator of ${owner.kind} ${owner.name}` }
  const managers = (meta.managedFields ?? []).map(field => field.manager)
  if (managers.includes('eks')) return { kind: 'eks-addon', text: 'EKS add-on' }
  const release = annotations['meta.helm.sh/release-name']
  if (release !== undefined) return { kind: 'helm', text: `Helm release ${release}${withChart}` }
  if (labels['app.kubernetes.io/managed-by'] === 'Helm' || chart !== undefined)
    return { kind: 'helm', text: `Helm${withChart || ' release'}` }
  const manager = managers.find(
    name => name !== undefined && name !== 'kube-controller-manager' && name !== 'everynode',
  )
  if (
    annotations['kubectl.kubernetes.io/last-applied-configuration'] !== undefined ||
    manager?.startsWith('kubectl') === true
  ) {
    return { kind: 'manifest', text: 'a manifest applied with kubectl' }
  }
  return manager === undefined
    ? { kind: 'unknown', text: 'nothing tells who wrote it' }
    : { kind: 'manifest', text: `a manifest applied by ${manager}` }
}

function inNamespace(labels: Readonly<Record<string, string>>, group: string, name: string): string {
  const namespace = labels[`${group}/namespace`]
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** Where a change of a field of the DaemonSet is written: the field itself, and through whom it must go so that it stays. */
export function placeOf(source: Source, meta: ObjectMeta, field: string): string {
  const release = meta.annotations?.['meta.helm.sh/release-name']
  switch (source.kind) {
    case 'helm':
      return release === undefined
        ? `${field}, by the values of its Helm release`
        : `${field}, by the values of release ${release}`
    case 'argocd':
    case 'flux':
      return `${field}, in the repository of ${source.text}`
    case 'operator':
      return `${field}, by the custom resource of the ${source.text}`
    case 'eks-addon':
      return `${field}, by configurationValues of the EKS add-on`
    case 'manifest':
    case 'unknown':
      return field
  }
}
