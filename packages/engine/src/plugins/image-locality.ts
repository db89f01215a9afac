import type { Pod } from '../api/core.ts'
import type { ScorePlugin } from '../framework/score-plugin.ts'
import { DIFFERENCES } from '../versions.ts'

const MIB = 1024 * 1024
const MIN_THRESHOLD = 23 * MIB
const MAX_CONTAINER_THRESHOLD = 1000 * MIB

/** Sizes of the pod's images that a node has, scaled by how many nodes have them (kubernetes plugins/imagelocality, v1.36.2). */
export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  weight: 1,
  prepare(pod, snapshot) {
    const containers = (pod.spec.containers?.length ?? 0) + (pod.spec.initContainers?.length ?? 0)
    const highest = MAX_CONTAINER_THRESHOLD * containers
    const present = imagesOf(pod, DIFFERENCES[snapshot.version].imageVolumes).flatMap(name => {
      const image = snapshot.images.find(name)
      return image
        ? [{ nodes: image.nodes, worth: Math.trunc(image.size * (image.nodes.size / snapshot.nodeCount)) }]
        : []
    })
    if (present.length === 0 && containers > 0) return NOWHERE
    return {
      score: (nodes, scores) => {
        for (let index = 0; index < nodes.length; index++) {
          let sum = 0
          for (const image of present) if (image.nodes.has(nodes[index]!)) sum += image.worth
          const clamped = sum < MIN_THRESHOLD ? MIN_THRESHOLD : sum > highest ? highest : sum
          scores[index] = Math.trunc((100 * (clamped - MIN_THRESHOLD)) / (highest - MIN_THRESHOLD))
        }
      },
    }
  },
}

/** No node has any of the images: 0 everywhere. */
const NOWHERE = { score: (): void => undefined }

function imagesOf(pod: Pod, withVolumes: boolean): readonly string[] {
  const containers = [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])].map(
    ({ image }) => image ?? '',
  )
  const volumes = (pod.spec.volumes ?? []).flatMap(({ image }) => {
    const reference = (image as { readonly reference?: unknown } | undefined)?.reference
    return withVolumes && typeof reference === 'string' ? [reference] : []
  })
  return [...containers, ...volumes].map(name =>
    name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name,
  )
}
