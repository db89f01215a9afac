import type { ClusterArguments } from './cluster.ts'

/** A command to run next, as the user can paste it: `why -n agents falco` with where the cluster comes from. */
export type Again = (words: string) => string

/** Commands about the cluster that this one was about. */
export function againFor({ cluster, demo }: ClusterArguments): Again {
  const from = demo === true ? ['--demo'] : cluster.map(path => `--cluster ${quoted(path)}`)
  return words => ['everynode', words, ...from].join(' ')
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
