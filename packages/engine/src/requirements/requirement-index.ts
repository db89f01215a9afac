import { type Requirement, requirementsMeet } from './requirement.ts'
import type { Requirements } from './requirements.ts'

/** Answers remembered of each label; a full memory is emptied, which changes no answer. */
const MAX_REMEMBERED = 4096

const NONE: ReadonlySet<string> = new Set()

/**
 * Asks many sets of requirements one question at once: a table by label of which members require what, so that a question costs the
 * number of different requirements instead of the number of members. Bit `i % 32` of word `i / 32` of an answer stands for member `i`.
 */
export class RequirementIndex {
  private readonly columns: ReadonlyMap<string, Column>
  private readonly all: Uint32Array

  /** `allowUndefined` are labels that may be undefined where `offered` asks. */
  constructor(members: readonly Requirements[], allowUndefined: ReadonlySet<string> = NONE) {
    this.all = new Uint32Array((members.length + 31) >>> 5)
    for (const index of members.keys()) add(this.all, index)
    const columns = new Map<string, Column>()
    for (const [index, member] of members.entries()) {
      for (const requirement of member.values()) {
        let column = columns.get(requirement.key)
        if (column === undefined) {
          column = new Column(this.all, allowUndefined.has(requirement.key))
          columns.set(requirement.key, column)
        }
        column.put(index, requirement)
      }
    }
    this.columns = columns
  }

  /** The members that intersect what is asked: `member.intersects(asked)`. A new array. */
  intersecting(asked: Requirements): Uint32Array {
    const found = this.all.slice()
    for (const requirement of asked.values()) {
      const column = this.columns.get(requirement.key)
      if (column !== undefined) narrow(found, column.meeting(requirement))
    }
    return found
  }

  /** The members that are compatible with what is offered: `offered.compatible(member, allowUndefined)`. A new array. */
  offered(offered: Requirements): Uint32Array {
    const found = this.all.slice()
    for (const [key, column] of this.columns) {
      const requirement = offered.find(key)
      narrow(found, requirement === undefined ? column.undefinedIsEnough : column.meeting(requirement))
    }
    return found
  }
}

/** What members require of one label. */
class Column {
  /** Members for which it is enough that the label is undefined. */
  readonly undefinedIsEnough: Uint32Array
  /** Members that require nothing of the label. */
  private readonly open: Uint32Array
  /** By what is required, the members that require it. */
  private readonly distinct = new Map<string, { readonly requirement: Requirement; readonly members: Uint32Array }>()
  private readonly remembered = new Map<Requirement, Uint32Array>()
  private readonly mayBeUndefined: boolean

  constructor(all: Uint32Array, mayBeUndefined: boolean) {
    this.open = all.slice()
    this.undefinedIsEnough = all.slice()
    this.mayBeUndefined = mayBeUndefined
  }

  put(index: number, requirement: Requirement): void {
    const { complement, values, gte, lte } = requirement
    const text = JSON.stringify([complement, values, `${gte}`, `${lte}`])
    let group = this.distinct.get(text)
    if (group === undefined) {
      group = { requirement, members: new Uint32Array(this.open.length) }
      this.distinct.set(text, group)
    }
    add(group.members, index)
    remove(this.open, index)
    if (!this.mayBeUndefined && !requirement.allowsAbsence) remove(this.undefinedIsEnough, index)
  }

  meeting(asked: Requirement): Uint32Array {
    let meeting = this.remembered.get(asked)
    if (meeting !== undefined) return meeting
    meeting = this.open.slice()
    for (const { requirement, members } of this.distinct.values()) {
      if (requirementsMeet(requirement, asked)) for (let at = 0; at < members.length; at++) meeting[at]! |= members[at]!
    }
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear()
    this.remembered.set(asked, meeting)
    return meeting
  }
}

function narrow(set: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < set.length; at++) set[at]! &= other[at]!
}

function add(set: Uint32Array, index: number): void {
  set[index >>> 5]! |= 1 << (index & 31)
}

function remove(set: Uint32Array, index: number): void {
  set[index >>> 5]! &= ~(1 << (index & 31))
}
