import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { repositoryRoot } from '@everynode/testkit'
import type { ClusterDump, DaemonSet, DumpKind, KubeObject, Node, Pod, PodSpec, Taint, Verdict } from '../src/index.ts'
import { cover, daemonPod } from '../src/index.ts'

const LISTS: Readonly<Record<string, DumpKind>> = {
  Node: 'nodes',
  Pod: 'pods',
  DaemonSet: 'daemonSets',
  ControllerRevision: 'controllerRevisions',
  Deployment: 'deployments',
  ReplicaSet: 'replicaSets',
  StatefulSet: 'statefulSets',
  Job: 'jobs',
  PriorityClass: 'priorityClasses',
  PodDisruptionBudget: 'podDisruptionBudgets',
  LimitRange: 'limitRanges',
  ResourceQuota: 'resourceQuotas',
  RuntimeClass: 'runtimeClasses',
  Namespace: 'namespaces',
  NodePool: 'nodePools',
  NodeClaim: 'nodeClaims',
}

/** A dump with every list that admission and verdicts read, known to be empty. */
export const EMPTY: ClusterDump = Object.fromEntries([...Object.values(LISTS), 'events'].map(list => [list, []]))

const rollouts = join(repositoryRoot(), 'testdata/rollouts')

/** Names of the recorded stories that have a cluster afterwards. */
export function storyNames(): readonly string[] {
  return readdirSync(rollouts, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

/** A recorded cluster: what the API server returned, all of it. */
export function story(name: string, file: 'cluster-before' | 'cluster-after' = 'cluster-after'): ClusterDump {
  const text = gunzipSync(readFileSync(join(rollouts, name, `${file}.json.gz`))).toString()
  const dump: Record<string, unknown[]> = Object.fromEntries(Object.keys(EMPTY).map(list => [list, []]))
  for (const object of (JSON.parse(text) as { items: KubeObject[] }).items)
    dump[LISTS[object.kind ?? ''] ?? '']?.push(object)
  return dump
}

export interface Outcome {
  readonly daemonSets: readonly {
    readonly namespace: string
    readonly name: string
    readonly perNode: Readonly<
      Record<string, { readonly state: 'landed' | 'pending' | 'none'; readonly message?: string }>
    >
  }[]
}

/** What was recorded to have happened. */
export function outcomeOf(name: string): Outcome {
  return JSON.parse(readFileSync(join(rollouts, name, 'outcome.json'), 'utf8')) as Outcome
}

export const TAKEN_AT = '2026-11-22T18:00:00Z'
const OLD = '2026-11-20T00:00:00Z'

export interface NodeOptions {
  readonly cpu?: string
  readonly pods?: string
  readonly pool?: string
  readonly taints?: readonly Taint[]
  readonly labels?: Readonly<Record<string, string>>
  readonly created?: string
  readonly deleted?: string
  readonly ready?: boolean
}

export function node(name: string, options: NodeOptions = {}): Node {
  const {
    cpu = '1930m',
    pods = '29',
    pool = 'default',
    taints = [],
    labels = {},
    created = OLD,
    deleted,
    ready = true,
  } = options
  return {
    metadata: {
      name,
      creationTimestamp: created,
      ...(deleted === undefined ? {} : { deletionTimestamp: deleted }),
      labels: {
        'karpenter.sh/nodepool': pool,
        'node.kubernetes.io/instance-type': 'm5.large',
        'kubernetes.io/os': 'linux',
        ...labels,
      },
    },
    spec: { taints },
    status: {
      allocatable: { cpu, memory: '6903Mi', pods },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }
}

export function daemonSet(
  name: string,
  spec: PodSpec = {},
  annotations: Readonly<Record<string, string>> = {},
): DaemonSet {
  return {
    metadata: { name, namespace: 'agents', uid: `ds-${name}`, annotations },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name: 'main', image: 'registry.example/agent:1', resources: { requests: { cpu: '200m' } } }],
          ...spec,
        },
      },
    },
  }
}

/** The pod that the controller made for a node: bound to it, or Pending. */
export function podOf(
  of: DaemonSet,
  nodeName: string,
  state: 'ready' | 'pending' | 'not ready',
  spec: PodSpec = {},
): Pod {
  const made = daemonPod(of, nodeName)
  const { generateName: _, ...metadata } = made.metadata
  const bound = state === 'pending' ? {} : { nodeName }
  return {
    metadata: {
      ...metadata,
      name: `${of.metadata.name}-${nodeName}`,
      uid: `${of.metadata.name}-${nodeName}`,
      creationTimestamp: OLD,
    },
    spec: {
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      schedulerName: 'default-scheduler',
      ...made.spec,
      ...bound,
      ...spec,
    },
    status: {
      phase: state === 'pending' ? 'Pending' : 'Running',
      startTime: OLD,
      conditions: state === 'pending' ? [] : [{ type: 'Ready', status: state === 'ready' ? 'True' : 'False' }],
    },
  }
}

/** A pod of a Deployment on a node. */
export function webPod(nodeName: string, cpu: string, spec: PodSpec = {}, name = 'web'): Pod {
  return {
    metadata: {
      name: `${name}-${nodeName}`,
      namespace: 'apps',
      uid: `${name}-${nodeName}`,
      creationTimestamp: OLD,
      labels: { app: name, 'pod-template-hash': 'abc' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-abc`, uid: `${name}-rs`, controller: true }],
    },
    spec: { nodeName, priority: 0, containers: [{ name: 'main', resources: { requests: { cpu } } }], ...spec },
    status: { phase: 'Running', startTime: OLD, conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

export function dumpOf(lists: ClusterDump): ClusterDump {
  return {
    ...EMPTY,
    namespaces: [{ metadata: { name: 'agents' } }, { metadata: { name: 'apps' } }],
    takenAt: TAKEN_AT,
    ...lists,
  }
}

/** Verdicts of the first DaemonSet by node. */
export function verdictsOf(
  dump: ClusterDump,
  options: Parameters<typeof cover>[1] = {},
): Readonly<Record<string, Verdict>> {
  const verdicts: Record<string, Verdict> = {}
  for (const { verdict, nodes } of cover(dump, options).daemonSets[0]?.groups ?? [])
    for (const name of nodes) verdicts[name] = verdict
  return verdicts
}
