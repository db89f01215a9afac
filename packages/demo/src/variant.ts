import type { DaemonSet } from '@everynode/engine'
import { LOG_AGENT, LOG_AGENT_REMEDY, LOG_AGENT_STANDARD, QOVERY_STANDARD_PRIORITY } from './qovery.ts'

/** The chapters of the demo's story. */
export type DemoVariant = 'problem' | 'class' | 'equal' | 'remedy'

export const DEMO_VARIANTS: readonly DemoVariant[] = ['problem', 'class', 'equal', 'remedy']

/** What differs between the chapters; the rest of the cluster is the same in all of them. */
export interface Chapter {
  /** The log agent as it stands in the cluster. */
  readonly agent: DaemonSet
  /** 1 for the first manifest, 2 after a change of the template. */
  readonly revision: 1 | 2
  /** Class of user services. */
  readonly userClass: string | undefined
  /**
   * What the scheduler said last of the agent's pods on full nodes: that no pod there may be evicted, or that evicting all of
   * lower priority would not make enough room. Absent where the controller has just deleted the outdated Pending pods.
   */
  readonly refusal: 'no victims' | 'victims do not suffice' | undefined
}

const STANDARD = QOVERY_STANDARD_PRIORITY.metadata.name

export const CHAPTERS: Readonly<Record<DemoVariant, Chapter>> = {
  problem: {
    agent: LOG_AGENT,
    revision: 1,
    userClass: undefined,
    refusal: 'no victims',
  },
  class: {
    agent: LOG_AGENT_STANDARD,
    revision: 2,
    userClass: undefined,
    refusal: undefined,
  },
  equal: {
    agent: LOG_AGENT_STANDARD,
    revision: 2,
    userClass: STANDARD,
    refusal: 'victims do not suffice',
  },
  remedy: {
    agent: LOG_AGENT_REMEDY,
    revision: 2,
    userClass: STANDARD,
    refusal: undefined,
  },
}
