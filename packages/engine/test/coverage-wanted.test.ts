import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot } from '@everynode/testkit'
import { expect, test } from 'vitest'
import { taintLists } from '../src/coverage/taint-lists.ts'
import { AFFINITY_MISMATCH, SELECTOR_MISMATCH, UNTOLERATED_TAINT, WANTED, WantedNodes } from '../src/coverage/wanted.ts'
import { cover, type DaemonSet, daemonSetStatus, type Node, nodeShouldRunDaemonPod } from '../src/index.ts'
import { story, storyNames } from './coverage-builders.ts'

const CODES = {
  selector: SELECTOR_MISMATCH,
  affinity: AFFINITY_MISMATCH,
  'untolerated taint': UNTOLERATED_TAINT,
  nodeName: 1,
} as const

test('nodes want a pod as the real DaemonSet controller says, in every recorded case', async () => {
  const path = join(repositoryRoot(), 'testdata/vectors/kubernetes/daemonSet.jsonl.gz')
  let compared = 0
  for await (const { input, expect: recorded } of readVectors(path, new Set(OPS.map(({ name }) => name)))) {
    const { daemonSet, nodes } = input as { readonly daemonSet: DaemonSet; readonly nodes: readonly Node[] }
    const wanted = new WantedNodes(daemonSet, taintLists(nodes))
    const decisions = (recorded as { readonly nodes: readonly { readonly shouldRun: boolean }[] }).nodes
    nodes.forEach((node, position) => {
      const code = wanted.code(node, position)
      const { by } = nodeShouldRunDaemonPod(daemonSet, node)
      expect(code === WANTED, `${daemonSet.metadata.name} on ${node.metadata.name}`).toBe(
        decisions[position]?.shouldRun,
      )
      expect(code).toBe(by === undefined ? WANTED : CODES[by])
      expect(wanted.code(node, position)).toBe(code)
      compared++
    })
  }
  expect(compared).toBeGreaterThan(1000)
})

/** Nodes that Karpenter is taking away. */
const leaves = ({ metadata, spec }: Node): boolean =>
  metadata.deletionTimestamp !== undefined || spec?.taints?.some(({ key }) => key === 'karpenter.sh/disrupted') === true

test.each(storyNames())('%s: should is what the controller desires on nodes that stay, plus gaps', name => {
  const dump = story(name)
  const staying = (dump.nodes ?? []).filter(node => !leaves(node))
  for (const one of cover(dump, { remedies: false }).daemonSets) {
    const own = dump.daemonSets?.find(
      ({ metadata }) => metadata.name === one.name && metadata.namespace === one.namespace,
    )
    const { desiredNumberScheduled } = daemonSetStatus(own!, staying, dump.pods ?? [])
    const gaps = one.groups
      .filter(({ verdict }) => verdict.kind === 'skipped' && verdict.intent === 'likely-gap')
      .reduce((sum, { nodes }) => sum + nodes.length, 0)
    expect(one.should).toBe(desiredNumberScheduled + gaps)
  }
})
