import type { LabelSelector } from '../../api/meta.ts'
import { REVISION_HASH_LABEL } from '../daemon-pod.ts'
import { claimDaemonPods } from '../status.ts'
import { NOTHING_DRAWN } from './draw.ts'
import { nameOf, syncFacts } from './facts.ts'
import { manage } from './manage.ts'
import { cleanupHistory, constructHistory, type History } from './revisions.ts'
import { type RolloutStep, rollingUpdate } from './rolling-update.ts'
import { statusWrite } from './status-write.ts'
import type { Choose, DaemonSetSync, DaemonSetSyncInput } from './types.ts'

const NOTHING: DaemonSetSync = {
  creates: NOTHING_DRAWN,
  deletes: NOTHING_DRAWN,
  adopts: [],
  releases: [],
  revisions: [],
  relabels: [],
  kills: [],
  events: [],
}

const SELECTING_ALL: DaemonSetSync = {
  ...NOTHING,
  events: [
    {
      type: 'Warning',
      reason: 'SelectingAll',
      message: 'This daemon set is selecting all pods. A non-empty selector is required.',
    },
  ],
}

const NO_STEP: RolloutStep = { kind: 'step', creates: NOTHING_DRAWN, deletes: NOTHING_DRAWN }

const takeFirst: Choose = (n, from) => from.slice(0, n)

/**
 * One sync of the DaemonSet controller: what it creates and deletes to repair, or else for the rollout, and what it writes about the
 * DaemonSet, its pods and revisions. Where the real code draws lots, `choose` decides, and the answer names all that it may take. All
 * writes are taken to succeed; none is seen by the sync itself, so a caller applies them and syncs again (`syncDaemonSet`, kubernetes
 * `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function syncDaemonSet(input: DaemonSetSyncInput, choose: Choose = takeFirst): DaemonSetSync {
  const { daemonSet, pods } = input
  if (isEmpty(daemonSet.spec.selector)) return SELECTING_ALL
  if (daemonSet.metadata.deletionTimestamp) return NOTHING

  const history = historyOf(input)
  if (history.kind === 'error') {
    const { writes, status, text } = history
    return {
      ...NOTHING,
      revisions: writes,
      ...(status && { status }),
      error: `failed to construct revisions of DaemonSet: ${text}`,
    }
  }
  const { hash, writes } = history
  const claims = claimDaemonPods(daemonSet, pods)
  const { claimed, adopts, releases } = claims
  const facts = syncFacts(input, claims, hash)
  const repairs = manage(facts, choose)
  const isRepaired = repairs.creates.taken.length + repairs.deletes.taken.length === 0
  const rolls = isRepaired && daemonSet.spec.updateStrategy?.type === 'RollingUpdate'
  const step = rolls ? rollingUpdate(facts, choose) : NO_STEP
  const cleanup = step.kind === 'step' ? cleanupHistory(daemonSet, history.old, claimed) : []
  const { status, waits } = statusWrite(facts)
  const allWaits = [...repairs.waits, ...waits]
  const { creates, deletes } = rolls && step.kind === 'step' ? step : repairs
  const ofOtherHash = claimed.filter(({ metadata }) => (metadata.labels?.[REVISION_HASH_LABEL] ?? '') !== hash)
  return {
    creates,
    deletes,
    adopts: adopts.map(nameOf),
    releases: releases.map(nameOf),
    hash,
    revisions: [...writes, ...cleanup],
    relabels: history.relabels ? ofOtherHash.map(nameOf) : [],
    kills: repairs.kills,
    ...(status && { status }),
    ...(allWaits.length > 0 && { requeueAfter: Math.min(...allWaits) }),
    events: repairs.events,
    ...(step.kind === 'error' && { error: step.text }),
  }
}

function historyOf(input: DaemonSetSyncInput): History {
  const { hash } = input
  return hash === undefined ? constructHistory(input) : { kind: 'history', hash, old: [], writes: [], relabels: false }
}

/** A selector of nothing but itself, which the controller refuses; an absent one selects nothing instead. */
function isEmpty(selector: LabelSelector | undefined): boolean {
  return Boolean(selector) && !selector?.matchLabels && !selector?.matchExpressions
}
