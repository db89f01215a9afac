import { type ClusterDump, podOwner, type Subject, type SubjectKind } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { nearNames } from './near-names.ts'
import { compareText, count, someOf } from './render/words.ts'

/** Names that kubectl takes for a kind (`kubectl api-resources`, v1.36.2). */
const KINDS: readonly (readonly [kind: SubjectKind, words: RegExp, prefix: string])[] = [
  ['Pod', /^(po|pods?)$/, 'pod'],
  ['Deployment', /^(deploy|deployments?(\.apps)?)$/, 'deploy'],
  ['ReplicaSet', /^(rs|replicasets?(\.apps)?)$/, 'rs'],
  ['StatefulSet', /^(sts|statefulsets?(\.apps)?)$/, 'sts'],
  ['Job', /^jobs?(\.batch)?$/, 'job'],
]

/** Something that is no DaemonSet, as the command line names it. */
export interface NamedSubject {
  readonly kind: SubjectKind
  readonly name: string
  readonly namespace?: string
  readonly text: string
}

/** Reads `pod/NAME`, `deploy/NAMESPACE/NAME`, or the two words of `pod NAME`; undefined for what names no such kind. */
export function parseSubject(first: string | undefined, second: string | undefined): NamedSubject | undefined {
  if (first === undefined) return undefined
  const text = first.includes('/') || second === undefined ? first : `${first}/${second}`
  const [word = '', one, two, more] = text.split('/')
  const found = KINDS.find(([, words]) => words.test(word.toLowerCase()))
  if (found === undefined || one === undefined || one === '' || two === '' || more !== undefined) return undefined
  const [kind] = found
  return two === undefined ? { kind, name: one, text } : { kind, namespace: one, name: two, text }
}

/** `deploy/web`: how a subject is asked about. */
export function subjectWords({ kind, name }: Pick<Subject, 'kind' | 'name'>): string {
  return `${KINDS.find(([known]) => known === kind)?.[2] ?? kind}/${name}`
}

type Selected = { readonly subject: Subject } | { readonly problem: Diagnostic }

/** The object that is meant; near names if it is not there. */
export function selectSubject(
  dump: ClusterDump,
  wanted: NamedSubject,
  options: { readonly namespace?: string; readonly allNamespaces?: boolean },
): Selected {
  if (dump.pods === undefined)
    return {
      problem: failure(
        'missing-list',
        `"${wanted.text}" cannot be looked up: no list of pods was read`,
        'Take pods into the dump.',
      ),
    }
  const all = subjectsOf(dump, wanted.kind)
  const namespace = wanted.namespace ?? (options.allNamespaces === true ? undefined : options.namespace)
  const there = namespace === undefined ? all : all.filter(subject => subject.namespace === namespace)
  const matching = there.filter(({ name }) => name === wanted.name)
  const [subject] = matching
  if (subject === undefined) return { problem: unknown(wanted, namespace, there, all) }
  if (matching.length === 1) return { subject }
  const places = matching.map(found => `${found.namespace}/${found.name}`).sort(compareText)
  return {
    problem: failure(
      `ambiguous-${wanted.kind.toLowerCase()}`,
      `${matching.length} ${nounOf(wanted.kind)}s are named "${wanted.name}"`,
      `Say which with -n: ${someOf(places, 5)}.`,
    ),
  }
}

/** All objects of a kind; where their list is not known, those that pods name as their owner. */
function subjectsOf(dump: ClusterDump, kind: SubjectKind): readonly Subject[] {
  const lists = {
    Pod: dump.pods,
    Deployment: dump.deployments,
    ReplicaSet: dump.replicaSets,
    StatefulSet: dump.statefulSets,
    Job: dump.jobs,
  }
  const listed = lists[kind]
  const named =
    listed?.map(({ metadata }) => ({ kind, namespace: metadata.namespace ?? 'default', name: metadata.name ?? '' })) ??
    (dump.pods ?? []).flatMap(pod => podOwner(dump, pod) ?? []).filter(owner => owner.kind === kind)
  return [...new Map(named.map(subject => [`${subject.namespace}/${subject.name}`, subject])).values()]
}

function unknown(
  { kind, name, namespace: own }: NamedSubject,
  namespace: string | undefined,
  there: readonly Subject[],
  all: readonly Subject[],
): Diagnostic {
  const noun = nounOf(kind)
  const place = namespace === undefined ? '' : ` in namespace "${namespace}"`
  const near = nearSubjects(name, there)
  const elsewhere = all.filter(subject => subject.name === name)
  const note =
    elsewhere.length > 0
      ? `There is ${someOf(elsewhere.map(one => `${one.namespace}/${one.name}`).sort(compareText), 3)}.`
      : near.length > 0
        ? `Did you mean ${near.map(one => `${one.namespace}/${one.name}`).join(', ')}?`
        : there.length === 0
          ? `There is no ${noun}${place}.`
          : `There are ${kind === 'Pod' && there.length > 6 ? count(there.length, noun) : someOf(there.map(one => `${one.namespace}/${one.name}`).sort(compareText), 6)}${place}.`
  return failure(
    `unknown-${kind.toLowerCase()}`,
    `no ${noun} is named "${name}"${own === undefined ? place : ` in namespace "${own}"`}`,
    note,
  )
}

/** Names that begin alike first: of a pod nobody knows the end by heart. */
function nearSubjects(name: string, subjects: readonly Subject[]): readonly Subject[] {
  const beginning = subjects.filter(subject => subject.name.startsWith(name))
  if (beginning.length > 0) return [...beginning].sort((a, b) => compareText(a.name, b.name)).slice(0, 3)
  const names = nearNames(
    name,
    subjects.map(subject => subject.name),
  )
  return names.flatMap(near => subjects.find(subject => subject.name === near) ?? [])
}

function nounOf(kind: SubjectKind): string {
  return kind === 'Pod' ? 'pod' : kind
}
