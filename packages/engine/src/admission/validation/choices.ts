import { notSupported, required } from '../field-errors.ts'

/** How the kubelet may get an image. */
export const PULL_POLICIES: readonly string[] = ['Always', 'IfNotPresent', 'Never']

/** A field that must be one of a few texts. */
export function choiceErrors(value: string, path: string, choices: readonly string[]): readonly string[] {
  if (value === '') return [required(path)]
  return choices.includes(value) ? [] : [notSupported(path, value, choices)]
}
