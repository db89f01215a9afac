import type { AdmissionPlugins } from '../admission/types.ts'
import type { DaemonSet, DaemonSetStatus } from '../api/apps.ts'
import type { ClusterDump, DumpKind } from '../api/cluster-dump.ts'
import type { Node, Pod } from '../api/core.ts'
import { Owners } from '../coverage/owners.ts'
import { daemonSetStatus } from '../daemonset/status.ts'
import { podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from '../versions.ts'
import { type AdmissionCache, ApiServer } from './api-server.ts'
import { type ChangeStep, takeStep } from './change.ts'
import { Clock } from './clock.ts'
import { DaemonController, type FailedCreate } from './daemon-controller.ts'
import { Deployments } from './deployments.ts'
import { DisruptionController } from './disruption-controller.ts'
import { Jobs } from './jobs.ts'
import { Kubelet } from './kubelet.ts'
import { Delays, type Latencies } from './latencies.ts'
import { LiveSnapshot } from './live-snapshot.ts'
import { QuotaController } from './quota-controller.ts'
import { RandomStreams } from './random-streams.ts'
import { ReplicaSets } from './replica-sets.ts'
import { Scheduler } from './scheduler.ts'
import type { Simulation } from './simulation.ts'
import { StatefulSets } from './stateful-sets.ts'
import { Store } from './store.ts'

export interface ForecastOptions {
  readonly changes: readonly ChangeStep[]
  readonly latencies: Latencies
  readonly version?: KubernetesVersion
  /** Plugins that are on beside the defaults; without it a pod that a namespace's annotations might change is refused, saying so. */
  readonly admissionPlugins?: AdmissionPlugins
  /** The forecast ends when nothing has moved for so long. */
  readonly quietMs?: number
  /** … and at the latest then. */
  readonly limitMs?: number
}

/** A pod that the scheduler preempted. */
export interface ForecastPreemption {
  readonly atMs: number
  readonly pod: string
  /** `Deployment/web`: who is at the top of its owners. */
  readonly owner: string
  readonly priority: number
  readonly node: string
  readonly by: string
}

/** What a run comes to, when nothing moves any more. */
export interface Forecast {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  /** With the status that the controller writes. */
  readonly daemonSets: readonly DaemonSet[]
  readonly owners: Owners
  readonly preempted: readonly ForecastPreemption[]
  readonly failedCreate: readonly FailedCreate[]
  /** Steps that the API server refused, with its words. */
  readonly refused: readonly string[]
  /** What the change asks for that nothing here reacts to. */
  readonly notModelled: readonly string[]
  /** When the last object changed, ms after the change. */
  readonly quietAfterMs: number
  /** It was still moving when time was up. */
  readonly timedOut: boolean
}

/** A recording of a control plane ends after 13 to 16 s of quiet; so a Job's first back-off of 10 s is in it. */
const QUIET_MS = 15_000
const LIMIT_MS = 600_000
/** One request to the API server; latencies tell none of its own. */
const REQUEST_MS = 5

/**
 * What happens on the nodes that are there when a change is sent to a cluster: admission, controllers, scheduler and kubelets in time,
 * until nothing moves. Nodes neither come nor go: Karpenter has no part. Made once for a cluster and a change, and run with as many seeds
 * as wanted; the same seed gives the same forecast.
 */
export class Forecaster {
  readonly #dump: ClusterDump
  readonly #options: ForecastOptions
  readonly #version: KubernetesVersion
  readonly #start: number
  readonly #snapshot: LiveSnapshot
  readonly #cache: AdmissionCache = { states: new Map(), answers: new Map() }

  constructor(dump: ClusterDump, options: ForecastOptions) {
    this.#dump = dump
    this.#options = options
    this.#version = options.version ?? DEFAULT_VERSION
    this.#start = momentOf(dump)
    this.#snapshot = snapshotOf(dump, this.#version)
  }

  run(seed: number): Forecast {
    this.#snapshot.fork()
    try {
      return new Run(this.#dump, this.#options, this.#version, seed, this.#start, this.#snapshot, this.#cache).end()
    } finally {
      this.#snapshot.revert()
      for (const [pod] of this.#snapshot.nominees()) this.#snapshot.withdraw(podKey(pod))
    }
  }
}

const LISTS: readonly DumpKind[] = [
  'nodes',
  'pods',
  'daemonSets',
  'controllerRevisions',
  'deployments',
  'replicaSets',
  'statefulSets',
  'jobs',
  'priorityClasses',
  'podDisruptionBudgets',
  'limitRanges',
  'resourceQuotas',
  'runtimeClasses',
  'namespaces',
  'services',
  'nodePools',
  'nodeClaims',
]

function snapshotOf(dump: ClusterDump, version: KubernetesVersion): LiveSnapshot {
  const { nodes = [], pods = [] } = dump
  // Nominated pods join one by one.
  const bound = pods.filter(({ spec }) => spec.nodeName)
  return new LiveSnapshot({ ...dump, nodes, pods: bound }, version)
}

class Run {
  readonly #simulation: Simulation
  readonly #options: ForecastOptions
  readonly #daemons: DaemonController
  readonly #scheduler: Scheduler
  readonly #refused: string[] = []
  readonly #notModelled: string[] = []
  #lastChange = 0
  #stepsLeft: number

  constructor(
    dump: ClusterDump,
    options: ForecastOptions,
    version: KubernetesVersion,
    seed: number,
    startOfSecond: number,
    snapshot: LiveSnapshot,
    cache: AdmissionCache,
  ) {
    const clock = new Clock()
    const streams = new RandomStreams(seed)
    const start = startOfSecond + streams.stream('phase of the clock').below(1000)
    const store = new Store(dump, LISTS)
    const now = (): string => `${new Date(start + clock.now).toISOString().slice(0, 19)}Z`
    const api = new ApiServer(store, version, now, cache, options.admissionPlugins)
    const simulation = { clock, store, api, delays: new Delays(options.latencies, streams), streams, version }
    this.#simulation = simulation
    this.#options = options
    const moved = (): void => {
      this.#lastChange = clock.now
    }
    store.watch({ podChanged: moved, nodeChanged: moved, objectChanged: moved })
    this.#scheduler = new Scheduler(simulation, snapshot, () => {
      const now = { nodes: [...store.all('nodes').values()], pods: [...store.all('pods').values()] }
      const services = [...store.all('services').values()]
      const namespaces = [...store.all('namespaces').values()]
      return snapshotOf({ ...dump, ...now, services, namespaces }, version)
    })
    this.#daemons = new DaemonController(simulation)
    new Kubelet(api, clock, simulation.delays)
    new ReplicaSets(simulation)
    new Deployments(simulation)
    new StatefulSets(simulation)
    new Jobs(simulation)
    new DisruptionController(simulation)
    new QuotaController(simulation)
    this.#stepsLeft = options.changes.length
    this.#send(0)
  }

  #send(index: number): void {
    const step = this.#options.changes[index]
    if (step === undefined) return
    const { clock, api } = this.#simulation
    clock.at(step.atMs, () => {
      const answer = takeStep(api, step)
      if (answer.kind === 'refused') this.#refused.push(answer.message)
      if (answer.kind === 'not modelled') this.#notModelled.push(answer.what)
      this.#stepsLeft--
      this.#lastChange = clock.now
      clock.after(REQUEST_MS, () => this.#send(index + 1))
    })
  }

  /** Lets time go on until it is quiet. */
  end(): Forecast {
    const { clock } = this.#simulation
    const { quietMs = QUIET_MS, limitMs = LIMIT_MS } = this.#options
    let timedOut = false
    for (let next = clock.next; next !== undefined; next = clock.next) {
      if (this.#stepsLeft === 0 && next > this.#lastChange + quietMs) break
      timedOut = next > limitMs
      if (timedOut) break
      clock.step()
    }
    return this.#outcome(timedOut)
  }

  #outcome(timedOut: boolean): Forecast {
    const { store } = this.#simulation
    const deployments = [...store.all('deployments').values()]
    const replicaSets = [...store.all('replicaSets').values()]
    const owners = new Owners({
      deployments,
      replicaSets,
      statefulSets: [...store.all('statefulSets').values()],
      jobs: [...store.all('jobs').values()],
    })
    const nodes = [...store.all('nodes').values()]
    return {
      nodes,
      pods: [...store.all('pods').values()],
      daemonSets: [...store.all('daemonSets')].map(([key, daemonSet]) => this.#withStatus(key, daemonSet, nodes)),
      owners,
      preempted: this.#scheduler.preemptions.map(({ atMs, victim, nodeName, by }) => ({
        atMs,
        pod: `${victim.metadata.namespace}/${victim.metadata.name}`,
        owner: owners.topOf(victim).text,
        priority: podPriority(victim),
        node: nodeName,
        by: owners.topOf(by).text,
      })),
      failedCreate: this.#daemons.failures,
      refused: this.#refused,
      notModelled: this.#notModelled,
      quietAfterMs: this.#lastChange,
      timedOut,
    }
  }

  #withStatus(key: string, daemonSet: DaemonSet, nodes: readonly Node[]): DaemonSet {
    const { store, api } = this.#simulation
    const pods = [...store.podsOf(daemonSet.metadata.uid), ...store.orphans()]
    const hash = this.#daemons.hashOf(key, daemonSet)
    const options = { now: api.now, ...(hash !== undefined && { hash }) }
    const status: DaemonSetStatus = { ...daemonSet.status, ...daemonSetStatus(daemonSet, nodes, pods, options) }
    return { ...daemonSet, status }
  }
}

/** The newest time in the dump, ms since 1970: the change comes after it. */
function momentOf(dump: ClusterDump): number {
  const times = [dump.takenAt]
  for (const pod of dump.pods ?? []) {
    times.push(pod.metadata.creationTimestamp, pod.metadata.deletionTimestamp, pod.status?.startTime)
    for (const { lastTransitionTime } of pod.status?.conditions ?? []) times.push(lastTransitionTime)
  }
  for (const list of [dump.nodes, dump.daemonSets])
    for (const { metadata } of list ?? []) times.push(metadata.creationTimestamp)
  let newest = 0
  for (const time of times) {
    const ms = time === undefined ? Number.NaN : Date.parse(time)
    if (ms > newest) newest = ms
  }
  return newest
}
