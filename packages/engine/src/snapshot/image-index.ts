import type { Node } from '../api/core.ts'

/** An image of the cluster: its size is what the first node says, for all (in bytes). */
export interface ClusterImage {
  readonly size: number
  readonly nodes: ReadonlySet<number>
}

/** Which node has which image (`addNodeImageStates`, kubernetes pkg/scheduler/backend/cache/cache.go, v1.36.2). */
export class ImageIndex {
  private readonly images = new Map<string, { readonly size: number; readonly nodes: Set<number> }>()

  constructor(nodes: readonly Node[]) {
    nodes.forEach((node, index) => {
      for (const { names, sizeBytes } of node.status?.images ?? [])
        for (const name of names ?? []) this.note(name, index, sizeBytes ?? 0)
    })
  }

  /** The image of this name; absent if no node has it. */
  find(name: string): ClusterImage | undefined {
    return this.images.get(name)
  }

  private note(name: string, node: number, size: number): void {
    const known = this.images.get(name)
    if (known) known.nodes.add(node)
    else this.images.set(name, { size, nodes: new Set([node]) })
  }
}
