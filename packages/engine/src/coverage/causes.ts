import { byText } from './holders.ts'
import { formatTaint } from './node-shapes.ts'
import type { Cause, DaemonSetCoverage, VerdictGroup } from './types.ts'
import { isTooBig, virtualLabel } from './why-no-preemption.ts'

interface Building {
  readonly kind: Cause['kind']
  readonly severity: Cause['severity']
  readonly tell: (nodes: number) => string
  readonly nodes: Set<string>
  readonly daemonSets: Map<string, { readonly namespace: string; readonly name: string; nodes: number }>
  since: string | undefined
  waitingHelps: boolean
}

/** What a group is a case of; undefined for groups without trouble. */
interface Kind {
  readonly kind: Cause['kind']
  readonly severity: Cause['severity']
  /** Tells causes of one kind apart. */
  readonly detail: string
  readonly tell: (nodes: number) => string
}

/** The causes across all DaemonSets, missing before waiting, larger first: a line each. */
export function causesOf(daemonSets: readonly DaemonSetCoverage[]): readonly Cause[] {
  const found = new Map<string, Building>()
  for (const daemonSet of daemonSets) {
    for (const group of daemonSet.groups) {
      const kind = kindOf(group)
      if (kind) addTo(found, kind, daemonSet, group)
    }
  }
  return [...found.values()]
    .map(({ tell, nodes, daemonSets: by, since, ...cause }) => ({
      kind: cause.kind,
      text: tell(nodes.size),
      nodes: nodes.size,
      daemonSets: [...by.values()].sort(
        (a, b) => b.nodes - a.nodes || byText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`),
      ),
      ...(since === undefined ? {} : { since }),
      waitingHelps: cause.waitingHelps,
      severity: cause.severity,
    }))
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.nodes - a.nodes || byText(a.text, b.text),
    )
}

const SEVERITIES: readonly Cause['severity'][] = ['missing', 'waits', 'unknown']

function addTo(
  found: Map<string, Building>,
  kind: Kind,
  { namespace, name }: DaemonSetCoverage,
  group: VerdictGroup,
): void {
  const key = `${kind.kind}\0${kind.severity}\0${group.pool ?? ''}\0${kind.detail}`
  let cause = found.get(key)
  if (cause === undefined) {
    cause = { ...kind, nodes: new Set(), daemonSets: new Map(), since: undefined, waitingHelps: true }
    found.set(key, cause)
  }
  for (const node of group.nodes) cause.nodes.add(node)
  const daemonSet = cause.daemonSets.get(`${namespace}/${name}`)
  if (daemonSet) daemonSet.nodes += group.nodes.length
  else cause.daemonSets.set(`${namespace}/${name}`, { namespace, name, nodes: group.nodes.length })
  if (group.since !== undefined && (cause.since === undefined || group.since < cause.since)) cause.since = group.since
  cause.waitingHelps &&= group.waitingHelps
}

function kindOf(group: VerdictGroup): Kind | undefined {
  const { verdict, pool } = group
  const of = (nodes: number): string =>
    `${nodes} ${nodes === 1 ? 'node' : 'nodes'}${pool === undefined ? '' : ` of ${pool}`}`
  const are = (nodes: number): string => (nodes === 1 ? 'is' : 'are')
  const make = (
    kind: Cause['kind'],
    severity: Cause['severity'],
    detail: string,
    tell: (nodes: number) => string,
  ): Kind => ({ kind, severity, detail, tell })
  const one = (nodes: number, singular: string, plural: string): string => (nodes === 1 ? singular : plural)
  switch (verdict.kind) {
    case 'landed':
      if (verdict.ready || group.uncounted) return undefined
      if (group.waitingHelps) return joiningKind(of, are, make)
      return make(
        'not ready',
        'waits',
        verdict.notReadyReason ?? '',
        n =>
          `pods on ${of(n)} are not ready${verdict.notReadyReason === undefined ? '' : `: ${verdict.notReadyReason}`}`,
      )
    case 'fits':
      return group.uncounted
        ? undefined
        : make('fits', 'waits', '', n => `${of(n)} ${one(n, 'has', 'have')} room: about to be bound`)
    case 'preempts': {
      if (group.uncounted) return undefined
      const short = verdict.amounts.some(({ missing }) => missing !== '0')
      const why = verdict.reasons.join(', ')
      return make(
        'preempting',
        'waits',
        short ? '' : why,
        n => `${of(n)}${short ? ` ${one(n, 'is', 'are')} full` : `: ${why}`}: pods of lower priority will be evicted`,
      )
    }
    case 'waits':
      return waitsKind(verdict, of, are, make)
    case 'blocked':
      return group.uncounted ? undefined : blockedKind(verdict, of, are, make)
    case 'refused':
      return group.uncounted
        ? undefined
        : make('refused', 'missing', `${verdict.by}`, n => `pods for ${of(n)} are refused by ${verdict.by}`)
    case 'skipped': {
      if (verdict.intent !== 'likely-gap' || group.uncounted || verdict.taint === undefined) return undefined
      const taint = formatTaint(verdict.taint)
      return make('taint', 'missing', taint, n => `${of(n)} ${are(n)} tainted ${taint}`)
    }
    case 'unknown':
      return make(
        'unknown',
        'unknown',
        verdict.needs.join() || verdict.detail,
        n =>
          `cannot tell for ${of(n)}${verdict.needs.length > 0 ? ` without ${verdict.needs.join(', ')}` : `: ${verdict.detail}`}`,
      )
  }
}

type Make = (kind: Cause['kind'], severity: Cause['severity'], detail: string, tell: (nodes: number) => string) => Kind
type Words = (nodes: number) => string

function waitsKind(
  verdict: Extract<VerdictGroup['verdict'], { kind: 'waits' }>,
  of: Words,
  are: Words,
  make: Make,
): Kind {
  switch (verdict.for) {
    case 'node joining':
      return joiningKind(of, are, make)
    case 'node leaving':
      return make('leaving', 'waits', '', n => `${of(n)} ${are(n)} leaving`)
    case 'startup taint': {
      const taint = verdict.taint === undefined ? 'a startup taint' : `startup taint ${formatTaint(verdict.taint)}`
      return make('waiting', 'waits', taint, n => `${of(n)} ${n === 1 ? 'waits' : 'wait'} for ${taint} to be lifted`)
    }
    case 'victims':
      return make('waiting', 'waits', 'victims', n => `${of(n)} ${n === 1 ? 'waits' : 'wait'} for pods that are ending`)
    case 'old pod':
      return make('waiting', 'waits', 'old pod', n => `${of(n)} ${n === 1 ? 'replaces' : 'replace'} an old pod`)
  }
}

function joiningKind(of: Words, are: Words, make: Make): Kind {
  return make('joining', 'waits', '', n => `${of(n)} ${are(n)} joining (usually 1 min)`)
}

function blockedKind(
  verdict: Extract<VerdictGroup['verdict'], { kind: 'blocked' }>,
  of: Words,
  are: Words,
  make: Make,
): Kind {
  const { reasons, plugins, amounts, taint, port } = verdict
  const missing = amounts.filter(amount => amount.missing !== '0')
  const virtual = virtualLabel(verdict.whyNoPreemption)
  if (virtual !== undefined)
    return make('other', 'missing', virtual, n => `${of(n)} ${are(n)} virtual (${virtual}): no DaemonSet runs there`)
  if (taint !== undefined)
    return make('taint', 'missing', formatTaint(taint), n => `${of(n)} ${are(n)} tainted ${formatTaint(taint)}`)
  if (port !== undefined) return make('port', 'missing', port, n => `port ${port} is taken on ${of(n)}`)
  if (plugins.includes('NodeAffinity'))
    return make('affinity', 'missing', reasons.join(), n => `the pod's own selector does not match ${of(n)}`)
  if (isTooBig(verdict.whyNoPreemption)) {
    return make(
      'too big',
      'missing',
      missing.map(({ resource }) => resource).join(),
      n =>
        `${of(n)} ${n === 1 ? 'is' : 'are'} too small for the request: ${missing.map(({ resource }) => resource).join(', ')}`,
    )
  }
  if (missing.length > 0 && missing.every(({ resource }) => resource === 'pods'))
    return make('pod slots', 'missing', '', n => `${of(n)} ${n === 1 ? 'has' : 'have'} no pod slot left`)
  if (missing.length > 0) return make('full', 'missing', '', n => `${of(n)} ${are(n)} full`)
  return make('other', 'missing', reasons.join(), n => `${of(n)}: ${reasons.join(', ')}`)
}
