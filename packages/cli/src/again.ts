import type { ClusterArguments } from './cluster.ts'

/** What changes an answer, and so belongs to the next question too. */
export interface AgainArguments extends ClusterArguments {
  readonly kubernetesVersion?: string
  readonly admissionPlugins?: readonly string[]
  readonly onlyPools?: readonly string[]
  readonly exceptPools?: readonly string[]
  readonly config?: string
}

/** A command to run next, as the user can paste it: `why -n agents falco` with where the cluster comes from. */
export type Again = (words: string) => string

/** Commands about the cluster that this one was about, with the options that decide its answer. */
export function againFor(options: AgainArguments): Again {
  const { cluster, demo, kubernetesVersion, admissionPlugins = [], onlyPools = [], exceptPools = [], config } = options
  const from = demo === true ? ['--demo'] : cluster.map(path => `--cluster ${quoted(path)}`)
  const others = Object.entries({
    '--kubernetes-version': kubernetesVersion,
    '--admission-plugins': admissionPlugins.join(),
    '--only-pools': onlyPools.join(),
    '--except-pools': exceptPools.join(),
    '--config': config,
  }).flatMap(([option, value = '']) => (value === '' ? [] : [`${option} ${quoted(value)}`]))
  return words => ['everynode', words, ...from, ...others].join(' ')
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
