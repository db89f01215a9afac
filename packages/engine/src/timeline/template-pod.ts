import type { PodTemplateSpec } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import type { ObjectMeta, StringMap } from '../api/meta.ts'

/** A pod that a controller of this kind sends for its template: with a name, or a prefix for one (`GetPodFromTemplate`, kubernetes pkg/controller/controller_utils.go, v1.36.2). */
export function templatePod(
  owner: { readonly kind: string; readonly metadata: ObjectMeta },
  template: PodTemplateSpec,
  name: string | undefined,
  labels: StringMap = {},
): Pod {
  const { kind, metadata } = owner
  const { annotations } = template.metadata ?? {}
  return {
    metadata: {
      ...(name === undefined ? { generateName: `${metadata.name}-` } : { name }),
      namespace: metadata.namespace ?? 'default',
      labels: { ...template.metadata?.labels, ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [
        {
          apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
          kind,
          name: metadata.name ?? '',
          uid: metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: template.spec,
  }
}
