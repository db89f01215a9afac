import type { Requirement } from '../requirements/requirement.ts'
import { RequirementIndex } from '../requirements/requirement-index.ts'
import type { Requirements } from '../requirements/requirements.ts'
import type { InstanceType } from './instance-type.ts'
import { addType, forEachType, intersectTypes, type TypeSet } from './type-set.ts'

/**
 * Requirements that a NodeClaim of one NodePool may come to have, without its host name, and what follows from them. NodeClaims
 * that took in the same requirements in the same order share it, so that each step is computed once.
 */
export class RequirementState {
  readonly requirements: Requirements
  /** The types that are compatible and have an available compatible offering. */
  readonly types: TypeSet
  private readonly pool: StatePool
  private readonly taken = new Map<Requirements, RequirementState | undefined>()
  private readonly placed = new Map<Requirement, RequirementState | undefined>()

  /** Only a pool makes them. */
  constructor(pool: StatePool, requirements: Requirements, types: TypeSet) {
    this.pool = pool
    this.requirements = requirements
    this.types = types
  }

  /** With what a pod or a volume requires added; undefined where it is not compatible. */
  take(incoming: Requirements): RequirementState | undefined {
    if (incoming.size === 0) return this
    let next = this.taken.get(incoming)
    if (next === undefined && !this.taken.has(incoming)) {
      const compatible = this.requirements.compatible(incoming, this.pool.wellKnown)
      next = compatible ? this.pool.state(this.requirements.add(incoming)) : undefined
      this.taken.set(incoming, next)
    }
    return next
  }

  /** With the domains that topology leaves; undefined where they are not compatible. */
  place(domains: readonly Requirement[]): RequirementState | undefined {
    const [only] = domains
    if (only === undefined) return this
    if (domains.length > 1) return this.together(domains)
    let next = this.placed.get(only)
    if (next === undefined && !this.placed.has(only)) {
      next = this.together(domains)
      this.placed.set(only, next)
    }
    return next
  }

  private together(domains: readonly Requirement[]): RequirementState | undefined {
    // Upstream asks whether it is compatible with itself, narrowed; only a label that is new can then be refused.
    const narrowed = this.requirements.add(domains)
    if (!this.requirements.compatible(narrowed, this.pool.wellKnown)) return undefined
    return this.pool.state(this.requirements.add(narrowed))
  }

  /** With fewer different values asked of some labels. */
  relax(unmet: ReadonlyMap<string, number>): RequirementState {
    const relaxed = [...unmet].map(([key, count]) => this.requirements.get(key).withMinValues(count))
    return this.pool.state(this.requirements.replace(relaxed))
  }
}

/** The requirement states of one NodePool. */
export class StatePool {
  readonly wellKnown: ReadonlySet<string>
  private readonly states = new Map<Requirements, RequirementState>()
  private readonly types: RequirementIndex
  /** Available offerings of all types, and of each its type. */
  private readonly offerings: RequirementIndex
  private readonly typeOf: readonly number[]

  constructor(instanceTypes: readonly InstanceType[], wellKnown: ReadonlySet<string>) {
    this.wellKnown = wellKnown
    this.types = new RequirementIndex(instanceTypes.map(({ requirements }) => requirements))
    const available = instanceTypes.flatMap(({ offerings }, type) =>
      offerings.filter(one => one.available).map(({ requirements }) => ({ requirements, type })),
    )
    this.offerings = new RequirementIndex(
      available.map(({ requirements }) => requirements),
      wellKnown,
    )
    this.typeOf = available.map(({ type }) => type)
  }

  state(requirements: Requirements): RequirementState {
    let state = this.states.get(requirements)
    if (state === undefined) {
      state = new RequirementState(this, requirements, this.launchable(requirements))
      this.states.set(requirements, state)
    }
    return state
  }

  private launchable(requirements: Requirements): TypeSet {
    const compatible: TypeSet = this.types.intersecting(requirements)
    const offered = new Uint32Array(compatible.length)
    forEachType(this.offerings.offered(requirements), offering => addType(offered, this.typeOf[offering]!))
    intersectTypes(compatible, offered)
    return compatible
  }
}

/** Whether the labels of nodes of the type may meet the requirements. */
export function isCompatible(type: InstanceType, requirements: Requirements): boolean {
  return type.requirements.intersects(requirements)
}

/** Whether an available offering meets the requirements. */
export function hasOffering(type: InstanceType, requirements: Requirements, wellKnown: ReadonlySet<string>): boolean {
  return type.offerings.some(one => one.available && requirements.compatible(one.requirements, wellKnown))
}
