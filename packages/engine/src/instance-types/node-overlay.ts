import type { NodePool } from '../api/karpenter.ts'
import type { NodeOverlay } from '../api/node-overlay.ts'
import { readQuantities } from '../pod-requests/quantities.ts'
import { type InstanceType, instanceType, type Offering } from '../provisioning/instance-type.ts'
import type { Quantity } from '../quantity/types.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import { adjustedPrice } from './adjusted-price.ts'
import { overlayProblems } from './overlay-problems.ts'

/** The instance types of a NodePool. */
export interface PoolInstanceTypes {
  readonly nodePool: NodePool
  readonly instanceTypes: readonly InstanceType[]
}

/** What Karpenter and its provider know of themselves. */
export interface OverlayRules {
  /** Labels that an offering may have without the overlay asking for them. */
  readonly wellKnownLabels: ReadonlySet<string>
  /** Resources that no overlay may set. */
  readonly wellKnownResources: ReadonlySet<string>
}

/** An overlay of which Karpenter takes nothing. */
export type RejectedOverlay =
  | { readonly kind: 'invalid'; readonly name: string; readonly problems: readonly string[] }
  /** Another overlay of the same weight sets the same price or resource. */
  | { readonly kind: 'conflict'; readonly name: string; readonly nodePool: string; readonly instanceType: string }

/**
 * Instance types with the prices and extended resources that overlays give them, pool by pool in the order given. The greater weight
 * wins, offering by offering and resource by resource; of equal weight the later name, and the other is taken whole or not at all
 * (karpenter `pkg/controllers/nodeoverlay/{controller,store}.go`, v1.14.1; off unless the gate NodeOverlay is on).
 */
export function applyNodeOverlays(
  overlays: readonly NodeOverlay[],
  pools: readonly PoolInstanceTypes[],
  { wellKnownLabels, wellKnownResources }: OverlayRules,
): { readonly instanceTypes: readonly (readonly InstanceType[])[]; readonly rejected: readonly RejectedOverlay[] } {
  const rejected: RejectedOverlay[] = []
  const updates = pools.map(() => new Map<string, Update>())
  for (const overlay of [...overlays].sort(byPrecedence)) {
    const name = overlay.metadata.name ?? ''
    const problems = overlayProblems(overlay, wellKnownResources)
    if (problems.length > 0) {
      rejected.push({ kind: 'invalid', name, problems })
      continue
    }
    const selected = pools.map(pool => selectedBy(overlay, pool, wellKnownLabels))
    const conflict = firstConflict(overlay, selected, updates)
    if (conflict !== undefined) {
      rejected.push({
        kind: 'conflict',
        name,
        nodePool: pools[conflict.pool]?.nodePool.metadata.name ?? '',
        instanceType: conflict.instanceType,
      })
      continue
    }
    for (const [index, types] of selected.entries()) store(overlay, types, updates[index]!)
  }
  const instanceTypes = pools.map((pool, index) => pool.instanceTypes.map(type => updated(type, updates[index]!)))
  return { instanceTypes, rejected }
}

/** What overlays change of an instance type. */
interface Update {
  /** By the requirements of an offering as text: the change of the first overlay, and the weight of the last that asked for one. */
  readonly prices: Map<string, { readonly change: string; lowestWeight: number }>
  readonly capacity: Map<string, Quantity>
  lowestCapacity: { readonly weight: number; readonly resources: ReadonlySet<string> }
}

/** The offerings that an overlay is about, by instance type; a type without any is not meant. */
type Selected = ReadonlyMap<string, readonly Offering[]>

function byPrecedence(a: NodeOverlay, b: NodeOverlay): number {
  const byWeight = weightOf(b) - weightOf(a)
  if (byWeight !== 0) return byWeight
  const [left, right] = [a.metadata.name ?? '', b.metadata.name ?? '']
  return left > right ? -1 : left < right ? 1 : 0
}

function weightOf(overlay: NodeOverlay): number {
  return overlay.spec?.weight ?? 0
}

function changeOf({ spec }: NodeOverlay): string | undefined {
  return spec?.price ?? spec?.priceAdjustment
}

function selectedBy(
  overlay: NodeOverlay,
  { nodePool, instanceTypes }: PoolInstanceTypes,
  wellKnownLabels: ReadonlySet<string>,
): Selected {
  const wanted = Requirements.read(overlay.spec?.requirements)
  const ofPool = Requirements.of([Requirement.in(NODE_POOL_LABEL, [nodePool.metadata.name ?? ''])]).add(
    Requirements.ofLabels(nodePool.spec?.template?.metadata?.labels),
  )
  const selected = new Map<string, readonly Offering[]>()
  for (const type of instanceTypes) {
    if (!ofPool.add(type.requirements).compatible(wanted)) continue
    const offerings = type.offerings.filter(one => wanted.compatible(one.requirements, wellKnownLabels))
    if (offerings.length > 0) selected.set(type.name, offerings)
  }
  return selected
}

function firstConflict(
  overlay: NodeOverlay,
  selected: readonly Selected[],
  updates: readonly ReadonlyMap<string, Update>[],
): { readonly pool: number; readonly instanceType: string } | undefined {
  for (const [pool, types] of selected.entries()) {
    for (const [instanceType, offerings] of types) {
      const update = updates[pool]?.get(instanceType)
      if (update !== undefined && conflicts(overlay, update, offerings)) return { pool, instanceType }
    }
  }
  return undefined
}

function conflicts(overlay: NodeOverlay, update: Update, offerings: readonly Offering[]): boolean {
  const weight = weightOf(overlay)
  const samePrice = (one: Offering): boolean => update.prices.get(keyOf(one))?.lowestWeight === weight
  if (changeOf(overlay) !== undefined && offerings.some(samePrice)) return true
  if (update.lowestCapacity.weight !== weight) return false
  return Object.keys(overlay.spec?.capacity ?? {}).some(name => update.lowestCapacity.resources.has(name))
}

function store(overlay: NodeOverlay, selected: Selected, updates: Map<string, Update>): void {
  const change = changeOf(overlay)
  const capacity = overlay.spec?.capacity
  const weight = weightOf(overlay)
  for (const [name, offerings] of selected) {
    const update = updates.get(name) ?? noUpdate()
    updates.set(name, update)
    for (const key of change === undefined ? [] : offerings.map(keyOf)) {
      const stored = update.prices.get(key)
      if (stored === undefined) update.prices.set(key, { change: change ?? '', lowestWeight: weight })
      else stored.lowestWeight = weight
    }
    if (capacity === undefined) continue
    for (const [resource, quantity] of readQuantities(capacity))
      if (!update.capacity.has(resource)) update.capacity.set(resource, quantity)
    update.lowestCapacity = { weight, resources: new Set(Object.keys(capacity)) }
  }
}

function noUpdate(): Update {
  return { prices: new Map(), capacity: new Map(), lowestCapacity: { weight: 0, resources: new Set() } }
}

function updated(type: InstanceType, updates: ReadonlyMap<string, Update>): InstanceType {
  const update = updates.get(type.name)
  if (update === undefined) return type
  const offerings = type.offerings.map(one => {
    const price = update.prices.get(keyOf(one))
    return price === undefined ? one : { ...one, price: adjustedPrice(one.price, price.change) }
  })
  return instanceType({ ...type, offerings, capacity: new Map([...type.capacity, ...update.capacity]) })
}

/** The same text for the same requirements. */
function keyOf({ requirements }: Offering): string {
  const texts = [...requirements.values()].map(String)
  return texts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(', ')
}
