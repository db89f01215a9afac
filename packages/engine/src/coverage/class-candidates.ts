import type { PriorityClass } from '../api/apps.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { GroupedVerdicts } from './groups.ts'
import { byText } from './holders.ts'
import { type Change, countCovered, lostCount, type Proof, prove } from './prove.ts'
import type { World } from './world.ts'

/** What daemons get by the ladder of DESIGN §4: above reserves (90,000,000) and workloads, far below the system classes. */
export const DAEMON_CLASS = { name: 'everynode-daemons', value: 100_000_000 }
/** The greatest value of a class that a user may make (kubernetes pkg/apis/scheduling/types.go, v1.36.2). */
export const HIGHEST_USER_PRIORITY = 1_000_000_000

/** A change with its proof. */
export interface Proved {
  readonly change: Change
  readonly proof: Proof
}

/** One daemon pod lost elsewhere must bring at least this many nodes: coverage that is only moved is no remedy (failure-modes F03). */
const NODES_PER_LOST_DAEMON = 4

/** True if the change puts the pod on more nodes and takes next to nothing from other DaemonSets. */
export function isWorthIt(proof: Proof, before: Proof): boolean {
  const gained = proof.covered - before.covered
  const lost = lostCount(proof) - lostCount(before)
  return gained > 0 && lost * NODES_PER_LOST_DAEMON <= gained
}

/**
 * The least class that puts the pod on as many nodes as the greatest allowed one would: an existing class before a new one, a lower
 * value before a higher, system classes never. None if no priority gains anything; `top` is what
 * the least one would do that costs too many other daemons.
 */
export function leastClass(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  base: Proved,
): { readonly best?: Proved; readonly top?: Proof } {
  const fresh = newName(world)
  const changeTo = (name: string, value: number, isNew: boolean): Change => ({
    ...base.change,
    priorityClass: { name, value, isNew },
  })
  const most = countCovered(world, model, verdicts, changeTo(fresh, HIGHEST_USER_PRIORITY, true))
  if (most === undefined || most <= base.proof.covered) return {}
  const above = Math.min(highestBelow(world, verdicts.uncovered) + 1, HIGHEST_USER_PRIORITY)
  const candidates = [
    ...usableClasses(world.dump.priorityClasses ?? []).map(({ metadata, value }) =>
      changeTo(metadata.name!, value ?? 0, false),
    ),
    changeTo(fresh, DAEMON_CLASS.value, true),
    changeTo(fresh, above, true),
  ]
  for (const change of candidates) {
    if (countCovered(world, model, verdicts, change) !== most) continue
    const proof = prove(world, model, verdicts, change)
    if (proof === undefined) continue
    // A greater value spares whatever the least one does not need, so it would evict the same pods.
    return isWorthIt(proof, base.proof) ? { best: { change, proof } } : { top: proof }
  }
  return {}
}

function usableClasses(classes: readonly PriorityClass[]): readonly PriorityClass[] {
  return classes
    .filter(({ metadata, value, preemptionPolicy }) => {
      const named = metadata.name !== undefined && metadata.name !== '' && !metadata.name.startsWith('system-')
      return named && preemptionPolicy !== 'Never' && (value ?? 0) <= HIGHEST_USER_PRIORITY
    })
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0) || byText(a.metadata.name!, b.metadata.name!))
}

/** A name that no class has yet. */
function newName(world: World): string {
  const taken = new Set((world.dump.priorityClasses ?? []).map(({ metadata }) => metadata.name))
  let name = DAEMON_CLASS.name
  for (let i = 2; taken.has(name); i++) name = `${DAEMON_CLASS.name}-${i}`
  return name
}

function highestBelow(world: World, positions: readonly number[]): number {
  const { snapshot } = world
  let highest = 0
  for (const position of positions) {
    for (const index of snapshot.podsOn(position)) {
      const priority = snapshot.podPriorities.cells[index]!
      if (priority < HIGHEST_USER_PRIORITY && priority > highest) highest = priority
    }
  }
  return highest
}
