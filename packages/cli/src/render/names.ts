import type { Coverage } from '@everynode/engine'
import { troubleGroups } from './words.ts'

/** DaemonSets with trouble as `namespace/name`, a line each: what `everynode why` takes again. */
export function troubledDaemonSets(coverage: Coverage): readonly string[] {
  return coverage.daemonSets
    .filter(daemonSet => counted(daemonSet).length > 0)
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

/** Nodes with trouble as `node/NAME`, a line each: what kubectl takes. */
export function troubledNodes(coverage: Coverage): readonly string[] {
  const nodes = new Set(coverage.daemonSets.flatMap(daemonSet => counted(daemonSet).flatMap(group => group.nodes)))
  return [...nodes].sort((a, b) => (a < b ? -1 : 1)).map(node => `node/${node}`)
}

function counted(daemonSet: Coverage['daemonSets'][number]): ReturnType<typeof troubleGroups> {
  return troubleGroups(daemonSet).filter(group => group.uncounted !== true)
}
