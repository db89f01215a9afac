import type { DaemonSet } from '../api/apps.ts'
import type { Node, Taint, Toleration } from '../api/core.ts'
import { compileDaemonSet } from '../daemonset/should-run.ts'
import type { CompiledNodeAffinity } from '../node-affinity.ts'
import { isTolerated } from '../taints.ts'
import type { TaintLists } from './taint-lists.ts'

/** Why the DaemonSet controller makes no pod for a node, or that it does. */
export const WANTED = 0
export const OTHER_NODE_NAME = 1
export const SELECTOR_MISMATCH = 2
export const AFFINITY_MISMATCH = 3
export const UNTOLERATED_TAINT = 4
export type WantedCode =
  | typeof WANTED
  | typeof OTHER_NODE_NAME
  | typeof SELECTOR_MISMATCH
  | typeof AFFINITY_MISMATCH
  | typeof UNTOLERATED_TAINT

/**
 * `NodeShouldRunDaemonPod` for one DaemonSet and many nodes: the same answer as `nodeShouldRunDaemonPod`, with the selector told apart
 * from the affinity, and taints judged once per list of taints (kubernetes pkg/controller/daemon/daemon_controller.go, v1.36.2).
 */
export class WantedNodes {
  readonly tolerations: readonly Toleration[]
  readonly #affinity: CompiledNodeAffinity
  readonly #nodeName: string | undefined
  readonly #selector: readonly (readonly [key: string, value: string])[]
  /** By taint list: 0 not asked yet, 1 tolerated, 2 not. */
  readonly #tolerated: Uint8Array
  readonly #taints: TaintLists
  /** By node position: 1 + code, 0 where it was not asked yet. */
  readonly #codes: Uint8Array

  constructor(daemonSet: DaemonSet, taints: TaintLists) {
    const { spec } = daemonSet.spec.template
    const compiled = compileDaemonSet(daemonSet)
    this.#affinity = compiled.affinity
    this.#selector = Object.entries(spec.nodeSelector ?? {})
    this.#nodeName = spec.nodeName === undefined || spec.nodeName === '' ? undefined : spec.nodeName
    this.tolerations = compiled.tolerations
    this.#tolerated = new Uint8Array(taints.lists.length)
    this.#taints = taints
    this.#codes = new Uint8Array(taints.of.length)
  }

  /** One of the codes above, kept once it was asked; allocates nothing. */
  code(node: Node, position: number): WantedCode {
    const known = this.#codes[position]!
    if (known !== 0) return (known - 1) as WantedCode
    const code = this.#judge(node, position)
    this.#codes[position] = code + 1
    return code
  }

  #judge(node: Node, position: number): WantedCode {
    if (this.#nodeName !== undefined && this.#nodeName !== node.metadata.name) return OTHER_NODE_NAME
    const affinity = this.#affinity
    if (!affinity.unrestricted) {
      const { labels, name } = node.metadata
      for (const [key, value] of this.#selector) if (labels?.[key] !== value) return SELECTOR_MISMATCH
      if (affinity.terms !== undefined && !affinity.matchTerms(labels, name ?? '')) return AFFINITY_MISMATCH
    }
    return this.#tolerates(this.#taints.of[position]!) ? WANTED : UNTOLERATED_TAINT
  }

  /** Every hard taint of the node that no toleration tolerates, in the node's order. */
  untolerated(position: number): readonly Taint[] {
    return this.#taints.lists[this.#taints.of[position]!]!.filter(taint => !isTolerated(taint, this.tolerations))
  }

  #tolerates(list: number): boolean {
    if (list === 0) return true
    const known = this.#tolerated[list]!
    if (known !== 0) return known === 1
    const tolerated = this.#taints.lists[list]!.every(taint => isTolerated(taint, this.tolerations))
    this.#tolerated[list] = tolerated ? 1 : 2
    return tolerated
  }
}
