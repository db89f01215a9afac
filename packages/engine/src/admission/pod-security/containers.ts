import { allContainers, type FullContainer, type FullPodSpec } from '../pod-model.ts'

/** Names of the containers that a condition holds for, init containers first. */
export function namesWhere(spec: FullPodSpec, condition: (container: FullContainer) => boolean): readonly string[] {
  return allContainers(spec)
    .filter(condition)
    .map(({ name }) => name)
}

/** `container "a"` or `containers "a", "b"`. */
export function listed(noun: string, names: readonly string[]): string {
  return `${plural(names.length, noun)} ${quoted(names)}`
}

/** Texts in quotes, separated by commas; nothing inside is escaped. */
export function quoted(texts: readonly string[]): string {
  return `"${texts.join('", "')}"`
}

/** The noun, with an `s` unless there is one. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`
}

/** `use` or `uses`, which goes the other way. */
export function uses(count: number): string {
  return count === 1 ? 'uses' : 'use'
}

/** Distinct texts in order. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Those who set a value that they must not: the pod, containers, or both joined by `and`. */
export function setters(pod: boolean, containers: readonly string[]): readonly string[] {
  return [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [listed('container', containers)] : [])]
}
