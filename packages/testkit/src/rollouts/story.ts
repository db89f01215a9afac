import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type ChangeStep, type ClusterDump, LATENCY_NAMES, type Latencies } from '@everynode/engine'
import { Refusal } from '../refusal.ts'
import type { RecordedOutcome } from './outcome.ts'

/** One recorded run of a control plane: the cluster, what was sent to it, what happened. */
export interface Story {
  readonly name: string
  readonly cluster: ClusterDump
  readonly changes: readonly ChangeStep[]
  readonly outcome: RecordedOutcome
}

/** Stories of a folder and the one set of delays that all of them share. */
export interface Stories {
  readonly latencies: Latencies
  /** Folders, in the order of their names. */
  readonly folders: readonly string[]
}

/** Finds stories: `path` is one, or a folder of them. Throws a Refusal where there is none, or no `latencies.json` beside them. */
export function findStories(path: string): Stories {
  const folder = resolve(path)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Refusal(`${path} is no folder`)
  const isStory = has(folder, 'outcome.json')
  const entries = isStory ? [folder] : readdirSync(folder).map(name => join(folder, name))
  const folders = entries.filter(entry => statSync(entry).isDirectory() && has(entry, 'outcome.json'))
  if (folders.length === 0) throw new Refusal(`no story in ${path}: no folder with an outcome.json`)
  const home = isStory ? dirname(folder) : folder
  if (!has(home, 'latencies.json')) throw new Refusal(`no latencies.json in ${home}`)
  const byName = folders.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return { latencies: readLatencies(home), folders: byName }
}

function readLatencies(folder: string): Latencies {
  const latencies = readJson(folder, 'latencies.json') as Partial<Latencies>
  const missing = LATENCY_NAMES.filter(name => latencies[name] === undefined)
  if (missing.length > 0) throw new Refusal(`${join(folder, 'latencies.json')} lacks ${missing.join(', ')}`)
  return latencies as Latencies
}

/** Reads a story. Throws a Refusal with the file's name where one is missing or can't be read. */
export function readStory(folder: string): Story {
  return {
    name: basename(folder),
    cluster: dumpOf(readJson(folder, 'cluster-before.json')),
    changes: readJson(folder, 'change.json') as readonly ChangeStep[],
    outcome: readJson(folder, 'outcome.json') as RecordedOutcome,
  }
}

function has(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || existsSync(join(folder, `${name}.gz`))
}

function readJson(folder: string, name: string): unknown {
  const path = join(folder, name)
  try {
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
    return JSON.parse(gunzipSync(readFileSync(`${path}.gz`)).toString('utf8'))
  } catch (error) {
    throw new Refusal(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const LISTS: Readonly<Record<string, keyof ClusterDump>> = {
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
  Service: 'services',
  PersistentVolumeClaim: 'persistentVolumeClaims',
  PersistentVolume: 'persistentVolumes',
  StorageClass: 'storageClasses',
  CSINode: 'csiNodes',
  NodePool: 'nodePools',
  NodeClaim: 'nodeClaims',
  Event: 'events',
}

/** The whole objects, every list known: the recording holds all that the API server had. */
function dumpOf(list: unknown): ClusterDump {
  const dump = Object.fromEntries([...Object.values(LISTS), 'others'].map(name => [name, [] as unknown[]]))
  for (const object of (list as { readonly items: readonly { readonly kind?: string }[] }).items)
    dump[LISTS[object.kind ?? ''] ?? 'others']!.push(object)
  return dump as ClusterDump
}
