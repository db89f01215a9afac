import type { Pod } from '../api/core.ts'
import type { ScorePlugin } from '../framework/score-plugin.ts'
import { DIFFERENCES } from '../versions.ts'

const MIB = 1024 * 1024
const MIN_THRESHOLD = BigInt(23 * MIB)
const MAX_CONTAINER_THRESHOLD = BigInt(1000 * MIB)

/** Sizes of the pod's images that a node has, scaled by how many nodes have them (kubernetes plugins/imagelocality, v1.36.2). */
export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  weight: 1n,
  prepare(pod, snapshot) {
    const wanted = imagesOf(pod, DIFFERENCES[snapshot.version].imageVolumes)
    const spread = new Map<string, number>()
    const sizes = snapshot.nodes.map(node => {
      const own = new Map<string, number>()
      for (const { names, sizeBytes } of node.status?.images ?? [])
        for (const name of names ?? []) own.set(name, sizeBytes ?? 0)
      for (const name of own.keys()) spread.set(name, (spread.get(name) ?? 0) + 1)
      return own
    })
    const containers = BigInt((pod.spec.containers?.length ?? 0) + (pod.spec.initContainers?.length ?? 0))
    const highest = MAX_CONTAINER_THRESHOLD * containers
    return {
      score: node => {
        let sum = 0n
        for (const image of wanted) {
          const size = sizes[node]?.get(image)
          if (size !== undefined) sum += BigInt(Math.trunc(size * ((spread.get(image) ?? 0) / snapshot.nodeCount)))
        }
        const clamped = sum < MIN_THRESHOLD ? MIN_THRESHOLD : sum > highest ? highest : sum
        return (100n * (clamped - MIN_THRESHOLD)) / (highest - MIN_THRESHOLD)
      },
    }
  },
}

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
