import type { Volume } from '../../api/core.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { defaultPullPolicy } from './pull-policy.ts'
import { roundedResources } from './resources.ts'

const FILE_MODE = 0o644

/** Defaults of the sources that have any: each fills what is missing (`SetDefaults_Volume` and others, kubernetes `pkg/apis/core/v1/defaults.go`, v1.36.2). */
const SOURCES: Readonly<Record<string, (source: JsonObject) => JsonObject>> = {
  hostPath: source => ({ type: '', ...source }),
  secret: source => ({ defaultMode: FILE_MODE, ...source }),
  configMap: source => ({ defaultMode: FILE_MODE, ...source }),
  downwardAPI: source => downward({ defaultMode: FILE_MODE, ...source }),
  projected: source => ({ defaultMode: FILE_MODE, ...source, ...mapped(source, 'sources', projection) }),
  image: source => ({ pullPolicy: defaultPullPolicy(text(source['reference'])), ...source }),
  iscsi: source => ({ iscsiInterface: 'default', ...source }),
  rbd: source => ({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring', ...source }),
  azureDisk: source => ({ cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared', ...source }),
  scaleIO: source => ({ storageMode: 'ThinProvisioned', fsType: 'xfs', ...source }),
  ephemeral: source => ({ ...source, ...nested(source, 'volumeClaimTemplate', claimTemplate) }),
}

/** A volume completed; one without a source is an empty directory. */
export function defaultVolume(volume: Volume): Volume {
  const names = Object.keys(volume).filter(name => name !== 'name' && isJsonObject(volume[name]))
  if (names.length === 0) return { ...volume, emptyDir: {} }
  const completed: Record<string, unknown> = { ...volume }
  for (const name of names) {
    const source = volume[name]
    const complete = SOURCES[name]
    if (complete !== undefined && isJsonObject(source)) completed[name] = complete(source)
  }
  return completed as unknown as Volume
}

function projection(source: JsonObject): JsonObject {
  return {
    ...source,
    ...nested(source, 'downwardAPI', downward),
    ...nested(source, 'serviceAccountToken', token => ({ expirationSeconds: 3_600, ...token })),
  }
}

function downward(source: JsonObject): JsonObject {
  return { ...source, ...mapped(source, 'items', item => ({ ...item, ...nested(item, 'fieldRef', fieldRef) })) }
}

function fieldRef(reference: JsonObject): JsonObject {
  return { apiVersion: 'v1', ...reference }
}

function claimTemplate(template: JsonObject): JsonObject {
  return { ...template, ...nested(template, 'spec', claimSpec) }
}

function claimSpec(spec: JsonObject): JsonObject {
  return { volumeMode: 'Filesystem', ...spec, ...nested(spec, 'resources', resources => roundedResources(resources)) }
}

function nested(object: JsonObject, name: string, change: (inner: JsonObject) => JsonObject): JsonObject {
  const inner = object[name]
  return isJsonObject(inner) ? { [name]: change(inner) } : {}
}

function mapped(object: JsonObject, name: string, change: (element: JsonObject) => JsonObject): JsonObject {
  const list = object[name]
  if (!Array.isArray(list)) return {}
  return { [name]: list.map((element: Json) => (isJsonObject(element) ? change(element) : element)) }
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
