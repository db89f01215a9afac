import type { Pod, PodDisruptionBudget, PriorityClass, Workload } from '@everynode/engine'
import type { Machine } from './machines.ts'
import { suffix, uid } from './names.ts'
import { workloadPod } from './pod.ts'
import { minutesAfter, TIMES } from './times.ts'
import { APPS, type App, budgetOf, labelsOf, ownersOf, podSpecOf, templateHash } from './workloads.ts'

export interface WorkloadObjects {
  readonly pods: readonly Pod[]
  readonly owners: readonly Workload[]
  readonly budgets: readonly PodDisruptionBudget[]
}

/** Every pod that is no daemon, with what owns it and what protects it. */
export function workloadObjects(
  all: readonly Machine[],
  userClass: string | undefined,
  classes: readonly PriorityClass[],
): WorkloadObjects {
  const replicas = new Map<App, number>()
  const pods: Pod[] = []
  for (const machine of all) {
    machine.apps.forEach((app, slot) => {
      const ordinal = replicas.get(app) ?? 0
      replicas.set(app, ordinal + 1)
      pods.push(podOf(app, ordinal, machine, slot, userClass, classes))
    })
  }
  const owners: Workload[] = []
  const budgets: PodDisruptionBudget[] = []
  for (const app of Object.values(APPS)) {
    const count = replicas.get(app) ?? 0
    owners.push(...ownersOf(app, count, userClass, TIMES.clusterCreated))
    const budget = budgetOf(app, count, TIMES.clusterCreated)
    if (budget) budgets.push(budget)
  }
  return { pods, owners, budgets }
}

function podOf(
  app: App,
  ordinal: number,
  machine: Machine,
  slot: number,
  userClass: string | undefined,
  classes: readonly PriorityClass[],
): Pod {
  const { kind, namespace, name } = app
  const stateful = kind === 'StatefulSet'
  const hash = templateHash(app, userClass)
  const ownerName = stateful ? name : `${name}-${hash}`
  const ownerKind = stateful ? 'StatefulSet' : 'ReplicaSet'
  const labels = stateful
    ? { ...labelsOf(app), 'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}` }
    : { ...labelsOf(app), 'pod-template-hash': hash }
  return workloadPod(
    stateful ? `${name}-${ordinal}` : `${name}-${hash}-${suffix(`${name} ${ordinal}`)}`,
    namespace,
    {
      apiVersion: 'apps/v1',
      kind: ownerKind,
      name: ownerName,
      uid: uid(`${ownerKind} ${namespace}/${ownerName}`),
      controller: true,
    },
    labels,
    podSpecOf(app, userClass),
    { kind: 'running', node: machine.name, since: minutesAfter(machine.created, 2 + 3 * slot) },
    classes,
  )
}
