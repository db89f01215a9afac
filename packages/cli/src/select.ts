import type { ClusterDump, DaemonSet, Node } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { nearNames } from './near-names.ts'
import { compareText, someOf } from './render/words.ts'
import { matchesSelector, parseSelector } from './selector-text.ts'
import { subjectWords } from './subject.ts'

export interface SelectArguments {
  readonly daemonSet?: string
  readonly namespace?: string
  readonly allNamespaces?: boolean
  readonly selector?: string
}

type Selected =
  | { readonly keys: ReadonlySet<string>; readonly problem?: never }
  | { readonly problem: Diagnostic; readonly keys?: never }

/** The DaemonSets that the command line asks about, as `namespace/name`. */
export function selectDaemonSets(dump: ClusterDump, options: SelectArguments): Selected {
  const daemonSets = dump.daemonSets ?? []
  const named = options.daemonSet ?? options.namespace ?? options.selector
  if (dump.daemonSets === undefined && named !== undefined)
    return {
      problem: failure(
        'missing-list',
        `"${named}" cannot be looked up: no list of DaemonSets was read`,
        'Take daemonsets into the dump.',
      ),
    }
  const namespace = options.allNamespaces === true ? undefined : options.namespace
  let candidates =
    namespace === undefined ? daemonSets : daemonSets.filter(daemonSet => namespaceOf(daemonSet) === namespace)
  if (namespace !== undefined && candidates.length === 0) return { problem: unknownNamespace(namespace, daemonSets) }
  if (options.selector !== undefined) {
    const parsed = parseSelector(options.selector)
    if ('problem' in parsed) return { problem: failure('usage', `-l ${options.selector}: ${parsed.problem}`) }
    candidates = candidates.filter(({ metadata }) => matchesSelector(parsed.selector, metadata.labels ?? {}))
    if (candidates.length === 0)
      return {
        problem: failure(
          'unknown-daemonset',
          `no DaemonSet matches -l ${options.selector}`,
          'It asks for labels of the DaemonSets themselves (kubectl get ds -A --show-labels), not of their pods.',
        ),
      }
  }
  if (options.daemonSet === undefined) return { keys: new Set(candidates.map(keyOf)) }
  const wanted = parseName(options.daemonSet)
  if (wanted === undefined)
    return {
      problem: failure(
        'usage',
        `"${options.daemonSet}" is no name of a DaemonSet`,
        'Write name, namespace/name or daemonset/name; pod/NAME, deploy/NAME, sts/, rs/ or job/NAME for other pods.',
      ),
    }
  const matching = candidates.filter(
    daemonSet =>
      daemonSet.metadata.name === wanted.name &&
      (wanted.namespace === undefined || namespaceOf(daemonSet) === wanted.namespace),
  )
  const keys = new Set(matching.map(keyOf))
  if (keys.size === 0) return { problem: unknownDaemonSet(options.daemonSet, wanted.name, candidates, dump) }
  if (keys.size > 1)
    return {
      problem: failure(
        'ambiguous-daemonset',
        `${keys.size} DaemonSets are named "${wanted.name}"`,
        `Say which: ${someOf([...keys].sort(compareText), 5)}.`,
      ),
    }
  return { keys }
}

/** The node that the command line names; near names if it is not there. */
export function selectNode(
  dump: ClusterDump,
  wanted: string,
): { readonly name: string } | { readonly problem: Diagnostic } {
  const name = wanted.replace(/^nodes?\//, '')
  if (dump.nodes === undefined)
    return {
      problem: failure(
        'missing-list',
        `"${wanted}" cannot be looked up: no list of nodes was read`,
        'Take nodes into the dump.',
      ),
    }
  const names = dump.nodes.map(({ metadata }: Node) => metadata.name ?? '')
  if (names.includes(name)) return { name }
  const prefixed = names.filter(candidate => candidate.startsWith(name))
  const near = prefixed.length > 0 ? prefixed.sort(compareText) : nearNames(name, names)
  return {
    problem: failure(
      'unknown-node',
      `no node is named "${name}"`,
      near.length === 0 ? `The cluster has ${names.length} nodes.` : `Did you mean ${someOf(near, 3)}?`,
    ),
  }
}

/** A DaemonSet as the command line names it; undefined for what is no such name. */
export function parseName(text: string): { readonly name: string; readonly namespace?: string } | undefined {
  const parts = text.split('/')
  if (parts.some(part => part === '')) return undefined
  const [first = '', second, third] = parts
  const isKind = /^(ds|daemonsets?(\.apps)?)$/.test(first)
  if (second === undefined) return { name: first }
  if (third === undefined) return isKind ? { name: second } : { namespace: first, name: second }
  return isKind && parts.length === 3 ? { namespace: second, name: third } : undefined
}

/** Kinds of kubectl that people try, and that have no pods of their own here. */
const OTHER_KINDS =
  /^(no|nodes?|svc|services?|cj|cronjobs?|ns|namespaces?|np|nodepools?|nodeclaims?|rc|replicationcontrollers?|cm|configmaps?|hpa|ing|ingress(?:es)?|pvc|pv)\/(?=.)/i

function unknownDaemonSet(text: string, name: string, candidates: readonly DaemonSet[], dump: ClusterDump): Diagnostic {
  const node = text.replace(/^(no|nodes?)\//, '')
  const isNode = (dump.nodes ?? []).some(({ metadata }) => metadata.name === node)
  if (isNode)
    return failure(
      'unknown-daemonset',
      `"${node}" is a node, not a DaemonSet`,
      `Write everynode why DAEMONSET ${node}.`,
    )
  const kind = OTHER_KINDS.exec(text)?.[1]
  if (kind !== undefined && (dump.namespaces ?? []).every(({ metadata }) => metadata.name !== kind))
    return failure(
      'usage',
      `"${text}": why knows no kind "${kind}"`,
      'Write name, namespace/name or daemonset/name; pod/NAME, deploy/NAME, sts/, rs/ or job/NAME for other pods.',
    )
  const other = otherKind(name, dump)
  if (other !== undefined) {
    const [kind, words] = other
    return failure(
      'unknown-daemonset',
      `no DaemonSet is named "${text}", but a ${kind} is`,
      `Write everynode why ${words}.`,
    )
  }
  const byName = new Map(candidates.map(daemonSet => [daemonSet.metadata.name ?? '', keyOf(daemonSet)]))
  const near = nearNames(name, byName.keys())
  const names = [...byName.keys()].sort(compareText)
  const note =
    near.length > 0
      ? `Did you mean ${near.map(found => byName.get(found)).join(', ')}?`
      : names.length === 0
        ? 'The cluster has no DaemonSet.'
        : `There are ${someOf(names, 6)}.`
  return failure('unknown-daemonset', `no DaemonSet is named "${text}"`, note)
}

/** Something else of that name: its kind, and how it is asked about. */
function otherKind(name: string, dump: ClusterDump): readonly [kind: string, words: string] | undefined {
  const lists = [
    ['Deployment', dump.deployments],
    ['StatefulSet', dump.statefulSets],
    ['Job', dump.jobs],
    ['Pod', dump.pods],
  ] as const
  const found = lists.find(([, list]) => list?.some(({ metadata }) => metadata.name === name))
  return found && [found[0], subjectWords({ kind: found[0], name })]
}

function unknownNamespace(namespace: string, daemonSets: readonly DaemonSet[]): Diagnostic {
  const namespaces = [...new Set(daemonSets.map(namespaceOf))].sort(compareText)
  const near = nearNames(namespace, namespaces)
  const note =
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : namespaces.length === 0
        ? 'The cluster has no DaemonSet.'
        : `There are DaemonSets in ${someOf(namespaces, 6)}.`
  return failure('unknown-namespace', `no DaemonSet is in namespace "${namespace}"`, note)
}

function namespaceOf({ metadata }: DaemonSet): string {
  return metadata.namespace ?? 'default'
}

function keyOf(daemonSet: DaemonSet): string {
  return `${namespaceOf(daemonSet)}/${daemonSet.metadata.name ?? ''}`
}
