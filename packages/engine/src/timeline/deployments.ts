import { defaultTemplate } from '../admission/defaults/pod.ts'
import { sameJson } from '../admission/json.ts'
import type { IntOrString, PodTemplateSpec, Workload } from '../api/apps.ts'
import { controllerOf } from '../coverage/owners.ts'
import { scaled } from './int-or-percent.ts'
import { isReady, isTerminating, matters } from './pod-state.ts'
import { activePods } from './replica-sets.ts'
import type { Simulation } from './simulation.ts'
import { type Result, WorkQueue } from './work-queue.ts'

const HASH_LABEL = 'pod-template-hash'

interface Strategy {
  readonly type?: string
  readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString }
}

/** ReplicaSets for Deployments: one for each template, scaled against each other while a new one comes (kubernetes pkg/controller/deployment/rolling.go, v1.36.2). */
export class Deployments {
  readonly #simulation: Simulation
  readonly #queue: WorkQueue

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => done(this.#sync(key)))
    const { store, delays } = simulation
    const ask = (key: string): void => this.#queue.ask(key, delays.draw('replacementPod'))
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        const pod = after ?? before
        const owner = pod && controllerOf(pod.metadata)
        if (owner?.kind !== 'ReplicaSet') return
        const replicaSet = store.get('replicaSets', `${pod?.metadata.namespace ?? 'default'}/${owner.name}`)
        const above = replicaSet && controllerOf(replicaSet.metadata)
        if (above?.kind === 'Deployment') ask(`${replicaSet?.metadata.namespace ?? 'default'}/${above.name}`)
      },
      objectChanged: (list, key, _, after) => {
        const above = list === 'replicaSets' && after !== undefined ? controllerOf(after.metadata) : undefined
        if (above?.kind === 'Deployment') ask(`${after?.metadata.namespace ?? 'default'}/${above.name}`)
        if (list !== 'deployments') return
        if (after !== undefined) ask(key)
        else for (const [name] of this.#replicaSetsOf(key)) store.remove('replicaSets', name)
      },
    })
  }

  #replicaSetsOf(key: string): readonly (readonly [key: string, replicaSet: Workload])[] {
    return [...this.#simulation.store.all('replicaSets')].filter(([, { metadata }]) => {
      const owner = controllerOf(metadata)
      return owner?.kind === 'Deployment' && `${metadata.namespace ?? 'default'}/${owner.name}` === key
    })
  }

  #sync(key: string): Result {
    const deployment = this.#simulation.store.get('deployments', key)
    const template = deployment?.spec?.template
    if (deployment === undefined || template === undefined) return 'done'
    const all = this.#replicaSetsOf(key).map(([, replicaSet]) => replicaSet)
    const current = all.find(replicaSet => isOf(replicaSet, template))
    const replicas = deployment.spec?.replicas ?? 1
    if (all.length === 0) this.#add(deployment, template, replicas)
    else if (current === undefined) this.#add(deployment, template, 0)
    else if (all.every(other => other === current || count(other) === 0)) this.#scale(current, replicas)
    else this.#roll(deployment, current, all, replicas)
    return 'done'
  }

  #add({ metadata, spec }: Workload, template: PodTemplateSpec, replicas: number): void {
    const { store } = this.#simulation
    const namespace = metadata.namespace ?? 'default'
    let number = 1
    while (store.get('replicaSets', `${namespace}/${metadata.name}-revision${number}`) !== undefined) number++
    const hash = `revision${number}`
    const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
    const name = `${metadata.name}-${hash}`
    store.put('replicaSets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace,
        uid: `ReplicaSet/${namespace}/${name}`,
        labels,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: metadata.name ?? '',
            uid: metadata.uid ?? '',
            controller: true,
          },
        ],
      },
      spec: {
        replicas,
        selector: { ...spec?.selector, matchLabels: { ...spec?.selector?.matchLabels, [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    })
  }

  #scale(replicaSet: Workload, replicas: number): void {
    if (count(replicaSet) === replicas) return
    this.#simulation.store.put('replicaSets', { ...replicaSet, spec: { ...replicaSet.spec, replicas } })
  }

  #roll(deployment: Workload, current: Workload, all: readonly Workload[], replicas: number): void {
    const strategy = (deployment.spec as { readonly strategy?: Strategy } | undefined)?.strategy
    const others = all.filter(other => other !== current)
    if (strategy?.type === 'Recreate') {
      for (const other of others) this.#scale(other, 0)
      const left = others.flatMap(({ metadata }) => this.#simulation.store.podsOf(metadata.uid))
      if (left.length === 0) this.#scale(current, replicas)
      return
    }
    const { surge, unavailable } = budget(strategy, replicas)
    const total = all.reduce((sum, one) => sum + count(one), 0)
    const room = replicas + surge - total
    if (room > 0 && count(current) < replicas) {
      this.#scale(current, Math.min(replicas, count(current) + room))
      return
    }
    const newUnavailable = count(current) - this.#ready(current)
    let spare = total - (replicas - unavailable) - newUnavailable
    for (const byHealth of [true, false]) {
      for (const other of others) {
        const present = this.#simulation.store.get('replicaSets', `${other.metadata.namespace}/${other.metadata.name}`)
        if (present === undefined) continue
        const unhealthy = count(present) - this.#ready(present)
        const fewer = Math.min(Math.max(0, spare), byHealth ? Math.max(0, unhealthy) : count(present))
        this.#scale(present, count(present) - fewer)
        spare -= fewer
      }
    }
  }

  #ready({ metadata }: Workload): number {
    return activePods(this.#simulation.store.podsOf(metadata.uid)).filter(pod => isReady(pod) && !isTerminating(pod))
      .length
  }
}

const count = ({ spec }: Workload): number => spec?.replicas ?? 1

/** Surge rounds up, what may be missing rounds down, and one of them is at least 1 (`ResolveFenceposts`, kubernetes pkg/controller/deployment/util, v1.36.2). */
function budget(strategy: Strategy | undefined, replicas: number) {
  const surge = scaled(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas)
  const unavailable = scaled(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, 'down')
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

function isOf({ spec }: Workload, template: PodTemplateSpec): boolean {
  if (spec?.template === undefined) return false
  const { [HASH_LABEL]: _, ...labels } = spec.template.metadata?.labels ?? {}
  const own = { ...spec.template, metadata: { ...spec.template.metadata, labels } }
  return sameJson(withoutTimes(defaultTemplate(own)), withoutTimes(defaultTemplate(template)))
}

/** Templates as stored carry an empty creationTimestamp in some versions. */
function withoutTimes(template: PodTemplateSpec): PodTemplateSpec {
  const { creationTimestamp: _, ...metadata } = template.metadata ?? {}
  return { ...template, metadata }
}
