import type { Pod } from '../api/core.ts'
import type { ScorePlugin } from '../framework/score-plugin.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { ClusterImage } from '../snapshot/image-index.ts'
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
        ? [
            {
              nodes: snapshot.once(imageNodes).of(image),
              worth: Math.trunc(image.size * (image.nodes.size / snapshot.nodeCount)),
            },
          ]
        : []
    })
    if (present.length === 0 && containers > 0) return NOWHERE
    return {
      score: (nodes, scores) => {
        for (let index = 0; index < nodes.length; index++) {
          let sum = 0
          for (const image of present) if (image.nodes[nodes[index]!] === 1) sum += image.worth
          const clamped = sum < MIN_THRESHOLD ? MIN_THRESHOLD : sum > highest ? highest : sum
          scores[index] = Math.trunc((100 * (clamped - MIN_THRESHOLD)) / (highest - MIN_THRESHOLD))
        }
      },
    }
  },
}

/** By image: 1 for each node that has it. */
class ImageNodes {
  private readonly known = new Map<ClusterImage, Uint8Array>()
  private readonly nodeCount: number

  constructor({ nodeCount }: ClusterSnapshot) {
    this.nodeCount = nodeCount
  }

  of(image: ClusterImage): Uint8Array {
    const known = this.known.get(image)
    if (known) return known
    const nodes = new Uint8Array(this.nodeCount)
    for (const node of image.nodes) nodes[node] = 1
    this.known.set(image, nodes)
    return nodes
  }
}

const imageNodes = (snapshot: ClusterSnapshot): ImageNodes => new ImageNodes(snapshot)

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
