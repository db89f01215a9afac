import type { Coverage, DaemonSetCoverage } from '@everynode/engine'
import { compareText, troubleOf } from './words.ts'

/** DaemonSets that are not where they should be as `namespace/name`, a line each: what `everynode why` takes again. */
export function troubledDaemonSets(coverage: Coverage): readonly string[] {
  return coverage.daemonSets
    .filter(daemonSet => nodesWithout(daemonSet).length > 0)
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

/** Nodes without their daemon as `node/NAME`, a line each: what kubectl takes. */
export function troubledNodes(coverage: Coverage): readonly string[] {
  return [...new Set(coverage.daemonSets.flatMap(nodesWithout))].sort(compareText).map(node => `node/${node}`)
}

function nodesWithout({ groups }: DaemonSetCoverage): readonly string[] {
  return groups
    .filter(group => ['missing', 'unknown', 'waits'].includes(troubleOf(group)))
    .flatMap(({ nodes }) => nodes)
}
