import {
  type DaemonSetSync,
  type DaemonSetSyncInput,
  type Drawn,
  type KubeObject,
  type RevisionWrite,
  syncDaemonSet,
} from '@everynode/engine'
import type { Op } from './op.ts'

/** What one sync of the DaemonSet controller writes. */
export const daemonSetSyncOp: Op = {
  name: 'daemonSetSync',
  answer(input, { version }) {
    return answerOf(syncDaemonSet({ ...completed(input as Partial<DaemonSetSyncInput>), version }))
  },
}

/** As the oracle completes it: namespace and uid where they are missing. */
function completed(input: Partial<DaemonSetSyncInput>): DaemonSetSyncInput {
  const { daemonSet, controllerRevisions, nodes, pods, now = '', kills } = input
  if (daemonSet === undefined) throw new Error('no daemonSet')
  return {
    daemonSet: identified(daemonSet),
    controllerRevisions: (controllerRevisions ?? []).map(identified),
    nodes: nodes ?? [],
    pods: (pods ?? []).map(identified),
    now,
    ...(kills && { kills }),
  }
}

function identified<T extends KubeObject>(object: T): T {
  const { namespace = 'default', name = '', uid = `${namespace}/${name}` } = object.metadata ?? {}
  return { ...object, metadata: { ...object.metadata, namespace, uid } }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function answerOf(sync: DaemonSetSync) {
  const { creates, deletes, adopts, releases, status, requeueAfter, revisions, error } = sync
  const events = sync.events
    .filter(({ drawn }) => !drawn)
    .map(({ type, reason, message }) => ({ type, reason, message }))
    .sort((a, b) => byText(a.message, b.message))
  const writes = revisions.toSorted((a, b) => byText(a.name, b.name) || byText(a.kind, b.kind)).map(printedWrite)
  return {
    creates: printedDrawn(creates),
    deletes: printedDrawn(deletes),
    ...(adopts.length > 0 && { adopts: adopts.toSorted(byText) }),
    ...(releases.length > 0 && { releases: releases.toSorted(byText) }),
    ...(status && { status: printedStatus(status) }),
    ...(requeueAfter !== undefined && { requeueAfter }),
    ...(events.length > 0 && { events }),
    ...(writes.length > 0 && { revisions: writes }),
    ...(error !== undefined && { error }),
  }
}

function printedDrawn({ forced, chooseN, from }: Drawn) {
  return { forced, ...(from.length > 0 && { chooseN, from }) }
}

const ALWAYS: ReadonlySet<string> = new Set([
  'collisionCount',
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
])

/** As Go prints it: counts that are zero are left out but for some of them. */
function printedStatus(status: NonNullable<DaemonSetSync['status']>) {
  return Object.fromEntries(Object.entries(status).filter(([name, value]) => value !== 0 || ALWAYS.has(name)))
}

function printedWrite(write: RevisionWrite) {
  const { kind: verb, name } = write
  if (write.kind !== 'create' && write.kind !== 'update') return { verb, name }
  const hash = write.revision.metadata.labels?.['controller-revision-hash']
  const { revision } = write.revision
  return { verb, name, ...(hash && { hash }), ...(revision && { revision }) }
}
