import { Requirement } from '../requirements/requirement.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { Choices } from './choices.ts'
import { type Claim, listTypes } from './claim.ts'
import { type PortHolder, portClash } from './host-ports.ts'
import type { PodShape } from './pod-shape.ts'
import { wrapped } from './pod-volumes.ts'
import { filterRefusal } from './refusals.ts'
import type { RequirementState } from './requirement-state.ts'
import type { ReservationRefusal } from './reservations.ts'
import { untoleratedTaints } from './taints.ts'
import type { TopologyGroup } from './topology-group.ts'
import { intersectTypes } from './type-set.ts'
import type { ResolvedSettings } from './world.ts'

/** Why a NodePool makes no NodeClaim for a pod. */
export interface Refusal {
  readonly kind: 'unschedulable' | 'reserved'
  /** Karpenter's texts, worked out when they are asked for. */
  texts(): readonly string[]
}

type Stage =
  | { readonly kind: 'taints' }
  | { readonly kind: 'ports'; readonly ports: readonly PortHolder[] }
  | { readonly kind: 'requirements' }
  | { readonly kind: 'volumes'; readonly state: RequirementState; readonly alternative: Requirements }
  | { readonly kind: 'topology'; readonly state: RequirementState; readonly group: TopologyGroup }
  | { readonly kind: 'domains'; readonly state: RequirementState; readonly domains: readonly Requirement[] }
  | { readonly kind: 'types'; readonly state: RequirementState }
  | { readonly kind: 'reservations'; readonly refusal: ReservationRefusal }

/** At which point an empty NodeClaim of a NodePool refuses a pod, and the texts that follow (`CanAdd`, karpenter `pkg/controllers/provisioning/scheduling/nodeclaim.go`, v1.14.1). */
export class StartRefusal implements Refusal {
  readonly stage: Stage
  private readonly claim: Claim
  private readonly shape: PodShape
  private readonly pod: string
  private readonly settings: ResolvedSettings

  constructor(claim: Claim, shape: PodShape, pod: string, stage: Stage, settings: ResolvedSettings) {
    this.claim = claim
    this.shape = shape
    this.pod = pod
    this.stage = stage
    this.settings = settings
  }

  get kind(): 'unschedulable' | 'reserved' {
    return this.stage.kind === 'reservations' ? this.stage.refusal.kind : 'unschedulable'
  }

  texts(): readonly string[] {
    const { stage, claim, shape } = this
    switch (stage.kind) {
      case 'taints':
        return untoleratedTaints(claim.pool.template.taints, shape.terms.tolerations).map(({ key, value, effect }) =>
          wrapped('did not tolerate taint', { taint: value ? `${key}=${value}:${effect}` : `${key}:${effect}` }),
        )
      case 'ports':
        return [this.portsText(stage.ports)]
      case 'requirements': {
        const texts = this.incompatible(claim.pool.root.requirements, shape.requirements)
        return [`incompatible requirements, ${texts.join('; ')}`]
      }
      case 'volumes': {
        const texts = this.incompatible(stage.state.requirements, stage.alternative)
        return [`incompatible volume requirements, ${texts.join('; ')}`]
      }
      case 'topology': {
        const { key } = stage.group
        const own = key === HOSTNAME_LABEL ? this.host() : stage.state.requirements.find(key)
        return [stage.group.refusal(shape.strict.find(key), own)]
      }
      case 'domains': {
        const { requirements } = stage.state
        return this.incompatible(requirements, requirements.add(stage.domains))
      }
      case 'types':
        return [this.typesText(stage.state)]
      case 'reservations':
        return [stage.refusal.text]
    }
    return []
  }

  private host(): Requirement {
    return Requirement.in(HOSTNAME_LABEL, [this.claim.hostname])
  }

  /** One text where a label is not defined, else one for each label; upstream begins with any. */
  private incompatible(own: Requirements, incoming: Requirements): readonly string[] {
    const { rules, choices } = this.settings
    const found = own.add([this.host()]).incompatibility(incoming, rules.wellKnown)
    if (found === undefined) return []
    const first = pickFirst(found.texts, choices)
    return found.kind === 'undefined' ? [first] : [first, ...found.texts.filter(text => text !== first)]
  }

  private portsText(ports: readonly PortHolder[]): string {
    const clash = portClash({ pod: this.pod, ports: this.shape.hostPorts }, ports)
    if (clash === undefined) return ''
    const [wanted, existing] = clash
    return `checking host port usage, ${wrapped('pod hostport conflicts with existing hostport configuration', {
      'pod-hostport-ip': wanted.ip,
      'pod-hostport-port': wanted.port,
      'pod-hostport-protocol': wanted.protocol,
      'existing-hostport-ip': existing.ip,
      'existing-hostport-port': existing.port,
      'existing-hostport-protocol': existing.protocol,
    })}`
  }

  private typesText({ requirements }: RequirementState): string {
    const { claim, shape, settings, pod } = this
    const { pool, types } = claim
    const open = pool.groups.filter(({ ports }) => shape.hostPorts.length === 0 || !claim.portsClash(shape, pod, ports))
    return filterRefusal({
      groups: open.map(({ group, types: ofGroup }) => {
        const looked = types.slice()
        intersectTypes(looked, ofGroup)
        return { instanceTypes: listTypes(pool.instanceTypes, looked), daemonOverhead: group.daemonOverhead }
      }),
      requirements,
      podRequests: shape.requests,
      wellKnown: settings.rules.wellKnown,
      differences: settings.differences,
      relaxMinValues: settings.minValuesPolicy === 'BestEffort',
      choices: settings.choices,
    })
  }
}

function pickFirst(texts: readonly string[], choices: Choices): string {
  return texts[texts.length < 2 ? 0 : choices.pick('message-order', texts.length)] ?? ''
}
