import type { PriorityClass } from '../../api/apps.ts'
import { byText } from '../json.ts'
import type { FullPod } from '../pod-model.ts'

/** Classes that are always there (kubernetes `pkg/apis/scheduling/v1/helpers.go`, v1.36.2). */
export const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
])

const PREEMPT = 'PreemptLowerPriority'

/** Priority classes ready to be looked up; `isComplete` is false if they are not known. */
export interface CompiledPriorities {
  readonly isComplete: boolean
  readonly byName: ReadonlyMap<string, PriorityClass>
  readonly fallback: PriorityClass | undefined
}

/** Reads the classes; of several defaults the one with the lowest value counts. */
export function compilePriorities(classes: readonly PriorityClass[] | undefined): CompiledPriorities {
  const byName = new Map<string, PriorityClass>()
  for (const [name, value] of SYSTEM_PRIORITIES) byName.set(name, { metadata: { name }, value })
  for (const each of classes ?? []) if (each.metadata.name !== undefined) byName.set(each.metadata.name, each)
  return { isComplete: classes !== undefined, byName, fallback: defaultPriorityClassOf(classes ?? []) }
}

/** The class of pods that name none; of several the one with the lowest value, of equals the first by name. */
export function defaultPriorityClassOf(classes: readonly PriorityClass[]): PriorityClass | undefined {
  return classes
    .filter(({ globalDefault }) => globalDefault)
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0) || byText(a.metadata.name ?? '', b.metadata.name ?? ''))[0]
}

/**
 * The pod with the priority of its class, the reason of a refusal, or undefined if the class decides and is not known
 * (kubernetes `plugin/pkg/admission/priority/admission.go`, v1.36.2).
 */
export function applyPriority(pod: FullPod, priorities: CompiledPriorities): FullPod | string | undefined {
  const { priorityClassName: name = '', priority: given, preemptionPolicy: givenPolicy } = pod.spec
  const found = name === '' ? priorities.fallback : priorities.byName.get(name)
  if (name !== '' && found === undefined) {
    return priorities.isComplete ? `no PriorityClass with name ${name} was found` : undefined
  }
  const value = found?.value ?? 0
  const policy = found?.preemptionPolicy ?? PREEMPT
  const computed = 'must not be provided in pod spec; priority admission controller computed'
  if (given !== undefined && given !== value) {
    return `the integer value of priority (${given}) ${computed} ${value} from the given PriorityClass name`
  }
  if (givenPolicy !== undefined && givenPolicy !== policy) {
    return `the string value of PreemptionPolicy (${givenPolicy}) ${computed} ${policy} from the given PriorityClass name`
  }
  const className = name === '' ? found?.metadata.name : name
  return {
    ...pod,
    spec: {
      ...pod.spec,
      priority: value,
      preemptionPolicy: policy,
      ...(className === undefined ? {} : { priorityClassName: className }),
    },
  }
}
