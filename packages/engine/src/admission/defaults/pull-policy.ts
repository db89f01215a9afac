const TAG = '[\\w][\\w.-]{0,127}'
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const PATH = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const REFERENCE = new RegExp(`^(?:${DOMAIN}/)?${PATH}(?:/${PATH})*(?::(${TAG}))?(?:@(${DIGEST}))?$`)
const MAX_REFERENCE = 4_096

/**
 * `Always` for the tag `latest`, which is also meant if there is neither tag nor digest, else `IfNotPresent`, also for what is no
 * image reference (`SetDefaults_Container`, kubernetes `pkg/apis/core/v1/defaults.go`, v1.36.2; github.com/distribution/reference v0.6.0).
 */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const match = image.length > MAX_REFERENCE ? null : REFERENCE.exec(image)
  if (match === null) return 'IfNotPresent'
  const [, tag, digest] = match
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent'
}
