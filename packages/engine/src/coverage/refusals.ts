import type { KubeEvent } from '../api/core.ts'

/** The newest refusal of a DaemonSet's pods that its events tell of. */
export interface RefusalEvent {
  readonly by: string
  /** The API server's words, without `Error creating: `. */
  readonly message: string
  readonly first?: string
  readonly last?: string
}

const COMBINED = '(combined from similar events): '
const CREATING = 'Error creating: '
/** Who refused, where the words don't tell. */
export const SOMEBODY = 'the API server'

/** The newest FailedCreate event of each DaemonSet, by `namespace/name`; refusals by webhooks stand nowhere else. */
export function refusalEvents(events: readonly KubeEvent[]): ReadonlyMap<string, RefusalEvent> {
  const found = new Map<string, RefusalEvent>()
  for (const event of events) {
    const object = event.involvedObject ?? event.regarding
    if (event.reason !== 'FailedCreate' || object?.kind !== 'DaemonSet') continue
    const key = `${object.namespace ?? event.metadata.namespace ?? 'default'}/${object.name ?? ''}`
    const first = event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? undefined
    const last = event.lastTimestamp ?? first
    const known = found.get(key)
    const newer = known === undefined || (last !== undefined && (known.last === undefined || last > known.last))
    const oldest = [known?.first, first].filter(time => time !== undefined).sort(earlier)[0]
    const message = newer ? messageOf(event) : known.message
    const latest = newer ? last : known.last
    found.set(key, {
      by: refusedBy(message),
      message,
      ...(oldest === undefined ? {} : { first: oldest }),
      ...(latest === undefined ? {} : { last: latest }),
    })
  }
  return found
}

function earlier(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function messageOf(event: KubeEvent): string {
  let text = event.message ?? event.note ?? ''
  if (text.startsWith(COMBINED)) text = text.slice(COMBINED.length)
  return text.startsWith(CREATING) ? text.slice(CREATING.length) : text
}

/** Which part of the API server refused, from its words. */
export function refusedBy(message: string): string {
  const quota = /(?:exceeded|failed) quota: ([^,:]+)/.exec(message)
  if (quota) return `ResourceQuota ${quota[1]}`
  if (message.includes('insufficient quota to match these scopes')) return 'ResourceQuota'
  if (message.includes('no PriorityClass with name')) return 'PriorityClass'
  if (message.includes('violates PodSecurity')) return 'Pod Security'
  if (/pod node label selector (?:conflicts|labels conflict) with/.test(message)) return 'PodNodeSelector'
  if (message.startsWith('pod tolerations (possibly merged')) return 'PodTolerationRestriction'
  if (/RuntimeClass ".+" not found/.test(message)) return 'RuntimeClass'
  const webhook = /admission webhook "([^"]+)" denied/.exec(message)
  if (webhook) return `webhook ${webhook[1]}`
  if (/failed calling webhook "([^"]+)"/.test(message))
    return `webhook ${/failed calling webhook "([^"]+)"/.exec(message)![1]}`
  const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(message)
  if (policy) return `ValidatingAdmissionPolicy ${policy[1]}`
  if (/usage per (?:Container|Pod) is/.test(message)) return 'LimitRange'
  if (/serviceaccount|service account/i.test(message)) return 'ServiceAccount'
  return message.includes(' is invalid: ') ? 'validation' : SOMEBODY
}
