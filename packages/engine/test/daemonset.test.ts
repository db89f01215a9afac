import { join } from 'node:path'
import { readVectors, repositoryRoot } from '@everynode/testkit'
import { describe, expect, test } from 'vitest'
import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../src/api/apps.ts'
import type { Node, Pod, PodSpec } from '../src/api/core.ts'
import { daemonPod, targetNodeName } from '../src/daemonset/daemon-pod.ts'
import { nodeShouldRunDaemonPod } from '../src/daemonset/should-run.ts'
import { claimDaemonPods, daemonPodsByNode, daemonSetStatus } from '../src/daemonset/status.ts'

function agent(spec: PodSpec = {}, name = 'agent'): DaemonSet {
  return {
    metadata: { name, namespace: 'monitoring', uid: 'agent-uid' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec } },
  }
}

function node(name: string, ...taints: readonly string[]): Node {
  const split = (text: string) => ({ key: text.split(':')[0] ?? '', effect: text.split(':')[1] ?? '' })
  return { metadata: { name, labels: { os: 'linux' } }, spec: { taints: taints.map(split) } }
}

describe('a DaemonSet on a node', () => {
  test('names the first thing that keeps it off', () => {
    expect(nodeShouldRunDaemonPod(agent({ nodeName: 'other' }), node('n'))).toMatchObject({ by: 'nodeName' })
    expect(nodeShouldRunDaemonPod(agent({ nodeSelector: { os: 'windows' } }), node('n'))).toMatchObject({
      by: 'selector',
    })
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } }
    expect(nodeShouldRunDaemonPod(agent({ affinity }), node('n'))).toMatchObject({ by: 'affinity' })
    expect(nodeShouldRunDaemonPod(agent(), node('n', 'soft:PreferNoSchedule', 'nodepool/stable:NoSchedule'))).toEqual({
      shouldRun: false,
      shouldContinueRunning: true,
      by: 'untolerated taint',
      taint: { key: 'nodepool/stable', effect: 'NoSchedule' },
    })
  })

  test('stays on a node that is not ready, but would not be made for it', () => {
    const notReady = node('n', 'node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute')
    expect(nodeShouldRunDaemonPod(agent(), notReady)).toMatchObject({ shouldRun: false, shouldContinueRunning: true })
  })

  test('tolerates a node without network only on the network of the host', () => {
    const alone = node('n', 'node.kubernetes.io/network-unavailable:NoSchedule')
    expect(nodeShouldRunDaemonPod(agent(), alone).shouldRun).toBe(false)
    expect(nodeShouldRunDaemonPod(agent({ hostNetwork: true }), alone).shouldRun).toBe(true)
  })
})

describe('the pod of a DaemonSet', () => {
  const required = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'os', operator: 'Exists' }] }] }
  const preferred = [{ weight: 1, preference: {} }]

  test('is pinned to its node: required affinity is replaced, nodeSelector and the rest stay', () => {
    const nodeAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: required,
      preferredDuringSchedulingIgnoredDuringExecution: preferred,
    }
    const { spec } = daemonPod(
      agent({ nodeSelector: { os: 'linux' }, affinity: { nodeAffinity, podAffinity: {} } }),
      'n1',
    )
    expect(spec.nodeSelector).toEqual({ os: 'linux' })
    expect(spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }],
        },
        preferredDuringSchedulingIgnoredDuringExecution: preferred,
      },
      podAffinity: {},
    })
  })

  test('has the labels of the template, its revision and its generation, and the DaemonSet for an owner', () => {
    const set = agent()
    const annotations = { 'deprecated.daemonset.template.generation': '+07' }
    const { metadata } = daemonPod({ ...set, metadata: { ...set.metadata, annotations } }, 'n1', { hash: '5c8b7f6d9' })
    expect(metadata).toEqual({
      generateName: 'agent-',
      namespace: 'monitoring',
      labels: { app: 'agent', 'controller-revision-hash': '5c8b7f6d9', 'pod-template-generation': '7' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'agent-uid', controller: true },
      ],
    })
  })

  test('does without the dash where the name is too long for it', () => {
    expect(daemonPod(agent({}, 'x'.repeat(252)), 'n').metadata.generateName).toBe(`${'x'.repeat(252)}-`)
    expect(daemonPod(agent({}, 'x'.repeat(254)), 'n').metadata.generateName).toBe('x'.repeat(254))
  })

  test('loses tolerationSeconds on what the controller tolerates for ever', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }
    const { tolerations } = daemonPod(
      agent({ tolerations: [own, { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }] }),
      'n',
    ).spec
    expect(tolerations?.slice(0, 3)).toEqual([
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
      { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
    ])
  })

  test('tells its node before it is bound, unless its affinity names several', () => {
    expect(targetNodeName(daemonPod(agent(), 'n1'))).toBe('n1')
    expect(targetNodeName({ metadata: {}, spec: { nodeName: 'n2' } })).toBe('n2')
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }]
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } }
    expect(targetNodeName({ metadata: {}, spec: { affinity: { nodeAffinity } } })).toBeUndefined()
  })
})

describe('the pods and the status of a DaemonSet', () => {
  test('agree with every recorded sync of the controller', async () => {
    let written = 0
    const file = join(repositoryRoot(), 'testdata/vectors/kubernetes/daemonSetSync.jsonl.gz')
    for await (const one of readVectors(file, new Set(['daemonSetSync']))) {
      const input = one.input as SyncInput
      const expected = one.expect as SyncAnswer
      const { daemonSet, nodes, now } = input
      const pods = input.pods ?? []
      const { adopts, releases } = claimDaemonPods(daemonSet, pods)
      expect({ adopts: names(adopts), releases: names(releases) }, one.id).toEqual({
        adopts: expected.adopts ?? [],
        releases: expected.releases ?? [],
      })
      if (expected.status === undefined) continue
      const hash = currentHash(input)
      const counts = daemonSetStatus(daemonSet, nodes, pods, { now, ...(hash !== undefined && { hash }) })
      const status = Object.fromEntries(
        Object.keys(counts).map(key => [key, expected.status?.[key as keyof typeof counts] ?? 0]),
      )
      expect(counts, one.id).toEqual(status)
      written++
    }
    expect(written).toBeGreaterThan(500)
  })

  test('leave out pods that are finished and being deleted, and put the bound and oldest first', () => {
    const pod = (name: string, at: number, status = 'Running', deleted = false): Pod => ({
      metadata: {
        name,
        creationTimestamp: `2026-01-01T00:00:0${at}Z`,
        ...(deleted && { deletionTimestamp: '2026-01-01T00:01:00Z' }),
      },
      spec: { nodeName: 'n' },
      status: { phase: status },
    })
    const waiting: Pod = {
      ...daemonPod(agent(), 'n'),
      metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' },
    }
    const byNode = daemonPodsByNode([waiting, pod('d', 3), pod('c', 2), pod('b', 2), pod('gone', 1, 'Failed', true)])
    expect(byNode.get('n')?.map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'd', 'a'])
  })
})

interface SyncInput {
  readonly daemonSet: DaemonSet
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[] | null
  readonly controllerRevisions?: readonly ControllerRevision[]
  readonly now: string
}

interface SyncAnswer {
  readonly adopts?: readonly string[]
  readonly releases?: readonly string[]
  readonly status?: DaemonSetStatus
}

function names(pods: readonly Pod[]): readonly string[] {
  return pods.map(({ metadata }) => metadata.name ?? '').sort()
}

/** Of the recorded revisions that have the image of the present template, the newest. */
function currentHash({ daemonSet, controllerRevisions = [] }: SyncInput): string | undefined {
  const image = daemonSet.spec.template.spec.containers?.[0]?.image ?? ''
  const present = controllerRevisions.findLast(({ data }) => JSON.stringify(data).includes(`"image":"${image}"`))
  return present?.metadata.labels?.['controller-revision-hash']
}
