import type { Taint, Toleration } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import { Requirements } from '../requirements/requirements.ts'
import type { InstanceType } from './instance-type.ts'
import { toleratesAll } from './taints.ts'

/** Lists of taints of which a pod has to tolerate one to have a node in the domain. */
type TaintLists = readonly (readonly Taint[])[]

const NO_TAINTS: TaintLists = [[]]

/**
 * Every value that a node of some NodePool may have of a label, and what taints stand before it. A value that a NodePool excludes
 * and no instance type defines counts as one that a node may have, as upstream (`buildDomainGroups`, karpenter
 * `pkg/controllers/provisioning/scheduling/topology.go`, and `topologydomaingroup.go`, v1.14.1).
 */
export class DomainGroups {
  private readonly byKey = new Map<string, Map<string, TaintLists>>()

  constructor(
    pools: readonly NodePool[],
    instanceTypes: ReadonlyMap<string, readonly InstanceType[]>,
    aliases: ReadonlyMap<string, string>,
  ) {
    for (const pool of pools) {
      const types = instanceTypes.get(pool.metadata.name ?? '') ?? []
      if (types.length > 0) this.addPool(pool, types, aliases)
    }
  }

  private addPool(pool: NodePool, types: readonly InstanceType[], aliases: ReadonlyMap<string, string>): void {
    const { metadata, spec } = pool.spec?.template ?? {}
    const taints = spec?.taints ?? []
    const own = Requirements.read(spec?.requirements, aliases).add(Requirements.ofLabels(metadata?.labels, aliases))
    const added = new Map<string, Set<string>>()
    const addAll = (key: string, values: readonly string[]) => {
      let known = added.get(key)
      if (known === undefined) {
        known = new Set()
        added.set(key, known)
      }
      for (const value of values) {
        if (known.has(value)) continue
        known.add(value)
        this.add(key, value, taints)
      }
    }
    for (const type of types) {
      for (const requirement of type.requirements.values()) {
        const limit = own.find(requirement.key)
        addAll(requirement.key, limit === undefined ? requirement.values : requirement.intersection(limit).values)
      }
      for (const { key, values } of own.values()) if (!type.requirements.has(key)) addAll(key, values)
    }
    for (const { key, operator, values } of own.values()) if (operator === 'In') addAll(key, values)
  }

  private add(key: string, value: string, taints: readonly Taint[]): void {
    let domains = this.byKey.get(key)
    if (domains === undefined) {
      domains = new Map()
      this.byKey.set(key, domains)
    }
    const known = domains.get(value)
    if (taints.length === 0) domains.set(value, NO_TAINTS)
    else if (known === undefined) domains.set(value, [taints])
    else if (known[0]?.length !== 0) domains.set(value, [...known, taints])
  }

  /** The domains of a label; where taints count, those of which the tolerations tolerate one list of taints. */
  of(key: string, tolerations: readonly Toleration[] | undefined): readonly string[] {
    const domains = this.byKey.get(key)
    if (domains === undefined) return []
    if (tolerations === undefined) return [...domains.keys()]
    return [...domains]
      .filter(([, lists]) => lists.some(taints => toleratesAll(taints, tolerations)))
      .map(([domain]) => domain)
  }
}
