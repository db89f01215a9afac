import { defaultTemplate } from '../admission/defaults/pod.ts'
import { sameJson } from '../admission/json.ts'
import type { ControllerRevision, DaemonSet, PodTemplateSpec } from '../api/apps.ts'
import { controllerOf } from '../coverage/owners.ts'
import { REVISION_HASH_LABEL } from '../daemonset/daemon-pod.ts'
import type { Store } from './store.ts'

/** What a revision of a DaemonSet keeps: its template as a patch. */
interface RevisionData {
  readonly spec?: { readonly template?: PodTemplateSpec & { readonly $patch?: string } }
}

/** Hashes of DaemonSets' present templates: that of the revision with this template, which is made where there is none. */
export class Revisions {
  readonly #store: Store
  /** By DaemonSet: the template that was asked for last. */
  readonly #known = new Map<string, { readonly template: PodTemplateSpec; readonly hash: string }>()

  constructor(store: Store) {
    this.#store = store
  }

  /** The label value of pods that are up to date (`constructHistory`, kubernetes pkg/controller/daemon/update.go, v1.36.2). */
  hashOf(key: string, daemonSet: DaemonSet): string {
    const { template } = daemonSet.spec
    const known = this.#known.get(key)
    if (known?.template === template) return known.hash
    const hash = this.#find(daemonSet)
    this.#known.set(key, { template, hash })
    return hash
  }

  #find({ metadata, spec }: DaemonSet): string {
    const template = defaultTemplate(spec.template)
    const own = [...this.#store.all('controllerRevisions').values()].filter(
      revision => controllerOf(revision.metadata)?.uid === metadata.uid,
    )
    const same = own.findLast(revision => isOf(revision, template))
    const hash = same?.metadata.labels?.[REVISION_HASH_LABEL]
    if (hash !== undefined) return hash
    const number = Math.max(0, ...own.map(({ revision }) => revision ?? 0)) + 1
    const made = `revision-${number}`
    this.#store.put('controllerRevisions', {
      metadata: {
        name: `${metadata.name}-${made}`,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        labels: { [REVISION_HASH_LABEL]: made },
        ownerReferences: [
          {
            kind: 'DaemonSet',
            name: metadata.name ?? '',
            ...(metadata.uid !== undefined && { uid: metadata.uid }),
            controller: true,
          },
        ],
      },
      revision: number,
      data: { spec: { template: { ...template, $patch: 'replace' } } },
    })
    return made
  }
}

function isOf({ data }: ControllerRevision, template: PodTemplateSpec): boolean {
  const stored = (data as RevisionData | undefined)?.spec?.template
  if (stored === undefined) return false
  const { $patch: _, ...kept } = stored
  return sameJson(defaultTemplate(kept), template)
}
