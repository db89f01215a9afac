import type { CanonicalOutcome, Counts, Outcome, OutcomeNode } from './outcome.ts'

const AVAILABLE = 'available: '

/** A scheduler's message without its numbers: whole numbers that stand alone become `#`, and the reasons of a sentence are sorted. */
export function normaliseMessage(message: string): string {
  const sentences = message
    .replace(/(?<![\w.])\d+(?![\w.%])/g, '#')
    .replace(/\.$/, '')
    .split('. ')
  const sorted = sentences.map(sentence => {
    const at = sentence.lastIndexOf(AVAILABLE)
    if (at < 0) return sentence
    const start = at + AVAILABLE.length
    return sentence.slice(0, start) + sortedTexts(sentence.slice(start).split(', ')).join(', ')
  })
  return `${sorted.join('. ')}.`
}

/** A FailedCreate message without what aggregation puts before it and without the random part of the pod's name. */
export function normaliseFailure(message: string, daemonSet: string): string {
  return message
    .replace('(combined from similar events): ', '')
    .replaceAll(new RegExp(`"${daemonSet}-[a-z0-9]*"`, 'g'), `"${daemonSet}-*"`)
}

/** The canonical form of an outcome, as the rollouts' README defines it. Throws where a node is named that `nodes` lacks. */
export function canonicalOutcome(outcome: Outcome): CanonicalOutcome {
  const shape = (name: string): string => shapeOf(outcome, name)
  const victims = outcome.preempted.filter(({ owner }) => owner !== undefined && owner !== '')
  const isOld = ({ node }: (typeof victims)[number]): boolean => outcome.nodes[node ?? '']?.before === true
  const old = victims.filter(isOld)
  const who = ({ owner, priority }: (typeof victims)[number]): string => `${owner}@${priority}`
  const perNode = new Map<string, string[]>()
  for (const victim of old) perNode.set(victim.node ?? '', [...(perNode.get(victim.node ?? '') ?? []), who(victim)])
  const claim = (one: Outcome['newNodeClaims'][number]): string =>
    `${one.nodePool}/${one.instanceType}/${one.capacityType}`
  return {
    ...daemonSetFields(outcome, shape),
    victims: counted(old.map(who)),
    victimsPerNode: sortedTexts([...perNode].map(([node, list]) => `${shape(node)}: ${textOf(counted(list))}`)),
    victimsOnNewNodes: counted(victims.filter(victim => !isOld(victim)).map(who)),
    newNodeClaims: counted(outcome.newNodeClaims.map(claim)),
    newNodeClaimPods: sortedTexts(
      outcome.newNodeClaims.map(
        one => `${claim(one)}: ${textOf(Object.fromEntries(one.pods.map(({ owner, count }) => [owner, count])))}`,
      ),
    ),
    nodesRemoved: counted(outcome.nodesRemoved.map(({ node }) => shape(node))),
    nodesAfter: counted(Object.values(outcome.nodes).flatMap(node => (node.after ? [fullShape(node)] : []))),
    pendingPods: summed(outcome.pendingPods),
  }
}

function daemonSetFields(
  { daemonSets }: Outcome,
  shape: (node: string) => string,
): Pick<CanonicalOutcome, 'daemonSets' | 'status' | 'messages' | 'failedCreate'> {
  const fields = {
    daemonSets: {} as Record<string, unknown>,
    status: {} as Record<string, unknown>,
    messages: {} as Record<string, readonly string[]>,
    failedCreate: {} as Record<string, readonly string[]>,
  }
  for (const { namespace, name, status, failedCreate, perNode } of daemonSets) {
    const id = `${namespace}/${name}`
    const states: Record<string, Record<'landed' | 'pending' | 'none', number>> = {}
    for (const [node, { state }] of Object.entries(perNode)) {
      states[shape(node)] ??= { landed: 0, pending: 0, none: 0 }
      states[shape(node)]![state]++
    }
    fields.daemonSets[id] = states
    fields.status[id] = status
    const pending = Object.values(perNode).filter(({ state }) => state === 'pending')
    const messages = pending.flatMap(({ message }) => (message ? [normaliseMessage(message)] : []))
    if (messages.length > 0) fields.messages[id] = setOf(messages)
    const failures = failedCreate.map(message => normaliseFailure(message, name))
    if (failures.length > 0) fields.failedCreate[id] = setOf(failures)
  }
  return fields
}

function shapeOf({ scenario, nodes }: Outcome, name: string): string {
  const node = nodes[name]
  if (node === undefined) throw new Error(`${scenario}: node ${name} is not in nodes`)
  return `${node.pool ?? '-'}/${node.instanceType ?? '-'}`
}

function fullShape({ pool, instanceType, capacityType }: OutcomeNode): string {
  return `${pool ?? '-'}/${instanceType ?? '-'}/${capacityType ?? '-'}`
}

function counted(texts: readonly string[]): Counts {
  return summed(texts.map(owner => ({ owner, count: 1 })))
}

function summed(list: readonly { readonly owner: string; readonly count: number }[]): Counts {
  const counts: Record<string, number> = {}
  for (const { owner, count } of list) counts[owner] = (counts[owner] ?? 0) + count
  return counts
}

/** `KEY xN, KEY xN`, sorted by KEY. */
function textOf(counts: Counts): string {
  return sortedTexts(Object.keys(counts))
    .map(key => `${key} x${counts[key]}`)
    .join(', ')
}

function setOf(texts: readonly string[]): readonly string[] {
  return sortedTexts([...new Set(texts)])
}

function sortedTexts(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
