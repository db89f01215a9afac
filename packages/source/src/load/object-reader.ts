import type { Diagnostic } from '../diagnostic.ts'
import { ARRAY, memberOf, nextOf, OBJECT, type Tape, typeOf } from '../json/tape.ts'
import { pathOf, pathText } from '../json/token-path.ts'
import { Projector } from '../project/projector.ts'
import { groupOf, type ReadKind, readKindOf } from '../shapes/kinds.ts'
import { type ListInfo, mergeInfo, NO_INFO, plainText } from './list-info.ts'
import { type Locator, within } from './locator.ts'

/** What becomes of the objects that an `ObjectReader` found. */
export interface ObjectTarget {
  /** A projected and valid object. The tape is lent for the call. */
  object(read: ReadKind, object: object, locator: Locator, tape: Tape): void
  /** An object of a kind that nothing reads. */
  ignored(apiVersion: string, kind: string): void
  /** A list ended: its kind and what its annotations say. */
  list(info: ListInfo): void
  /** A server's version such as `v1.36.2`. */
  version(gitVersion: string): void
  diagnostic(diagnostic: Diagnostic): void
}

/** Elements that wait for their list's kind, which may stand behind them. */
interface Parked {
  readonly bytes: Uint8Array
  readonly locator: Locator
}

/** Beyond this, elements without kind are left out instead of waiting. */
const MAX_PARKED_BYTES = 256 * 2 ** 20

/** Lists in lists that are deeper are not looked into. */
const MAX_LIST_LEVELS = 10

/** Tells from one value after the other which kind of object it is, and projects it. */
export class ObjectReader {
  readonly projector = new Projector()
  private readonly target: ObjectTarget
  private readonly rescan: (bytes: Uint8Array, each: (tape: Tape, token: number) => void) => void
  private list: ListInfo | undefined
  private parked: Parked[] = []
  private parkedBytes = 0

  /** `rescan` reads the bytes of one value again. */
  constructor(target: ObjectTarget, rescan: (bytes: Uint8Array, each: (tape: Tape, token: number) => void) => void) {
    this.target = target
    this.rescan = rescan
  }

  listBegin(head: ListInfo): void {
    this.list = this.list === undefined ? head : mergeInfo(this.list, head)
  }

  listEnd(tail: ListInfo): void {
    const info = mergeInfo(this.list ?? NO_INFO, tail)
    this.list = info
    const { parked } = this
    this.parked = []
    this.parkedBytes = 0
    for (const { bytes, locator } of parked) {
      this.rescan(bytes, (tape, token) => this.element(tape, token, locator, info, undefined))
    }
    this.list = undefined
    this.target.list(info)
  }

  /** One value; `bytes` are those of the value on the tape. */
  value(tape: Tape, token: number, locator: Locator, bytes: () => Uint8Array): void {
    this.element(tape, token, locator, this.list, bytes)
  }

  private element(
    tape: Tape,
    token: number,
    locator: Locator,
    list: ListInfo | undefined,
    bytes: (() => Uint8Array) | undefined,
    level = 0,
  ): void {
    if (typeOf(tape, token) !== OBJECT) {
      this.problem('not-an-object', 'error', 'an API object must be a JSON object', locator, tape, token, token)
      return
    }
    const kindToken = memberOf(tape, token, 'kind')
    const versionToken = memberOf(tape, token, 'apiVersion')
    const kind = kindToken === undefined ? elementKind(list) : this.projector.text(tape, kindToken)
    const apiVersion = versionToken === undefined ? elementVersion(list) : this.projector.text(tape, versionToken)
    if (kind === undefined || kind === '' || apiVersion === undefined) {
      if (kindToken === undefined || versionToken === undefined) {
        const version = gitVersionOf(tape, token)
        if (version !== undefined) {
          this.target.version(version)
          return
        }
      }
      if (list !== undefined && list.kind === undefined && bytes !== undefined && kindToken === undefined) {
        this.park(bytes(), locator, tape, token)
        return
      }
      const unusable = kind === undefined || kind === '' ? kindToken : versionToken
      const what =
        unusable !== undefined
          ? `an object is left out: its ${unusable === kindToken ? 'kind' : 'apiVersion'} is empty or no text`
          : `an object without ${kindToken === undefined ? (versionToken === undefined ? 'kind and apiVersion' : 'kind') : 'apiVersion'} is left out`
      this.problem('no-kind', 'error', what, locator, tape, token, unusable ?? kindToken ?? versionToken ?? token)
      return
    }
    if (kind.endsWith('List') && level < MAX_LIST_LEVELS) {
      const items = memberOf(tape, token, 'items')
      if (items !== undefined && typeOf(tape, items) === ARRAY) {
        const info: ListInfo = { apiVersion, kind, annotations: new Map() }
        const end = nextOf(tape, items)
        let index = 0
        for (let item = items + 1; item < end; item = nextOf(tape, item)) {
          this.element(tape, item, within(locator, token, ['items', index++]), info, undefined, level + 1)
        }
        this.target.list(info)
        return
      }
    }
    if (level === MAX_LIST_LEVELS) {
      const message = `lists are nested deeper than ${MAX_LIST_LEVELS}; what is below is left out`
      this.problem('lists-too-deep', 'error', message, locator, tape, token, token)
      return
    }
    this.known(tape, token, locator, apiVersion, kind)
  }

  private known(tape: Tape, token: number, locator: Locator, apiVersion: string, kind: string): void {
    const read = readKindOf(apiVersion, kind)
    if (read === undefined) {
      if (kind === 'Info') {
        const version = gitVersionOf(tape, token)
        if (version !== undefined) {
          this.target.version(version)
          return
        }
      }
      if (
        kind === 'Status' &&
        groupOf(apiVersion) === '' &&
        plainText(tape, memberOf(tape, token, 'status')) === 'Failure'
      ) {
        const said = plainText(tape, memberOf(tape, token, 'message')) ?? 'no message'
        this.problem(
          'api-failure',
          'error',
          `the API server answered with a failure: ${said}`,
          locator,
          tape,
          token,
          token,
        )
        return
      }
      this.target.ignored(apiVersion, kind)
      return
    }
    const { projector } = this
    const object = projector.project(tape, token, read.shape)
    for (const { code, severity, token: at, message, note } of projector.problems) {
      const path = pathText(pathOf(tape, token, at))
      const where = path === '' ? message : `${path}: ${message}`
      const name = nameOf(tape, token)
      const text = severity === 'error' ? `${kind} ${name} is left out: ${where}` : `${kind} ${name}: ${where}`
      this.problem(code, severity, text, locator, tape, token, at, note)
    }
    if (projector.failed || typeof object !== 'object' || object === null) return
    if (read.use !== undefined) {
      const message = `${kind} ${nameOf(tape, token)}: no API server of today serves ${apiVersion}; it is read as ${read.use}`
      const note = `Write apiVersion: ${read.use}.`
      this.problem(
        'retired-api-version',
        'warning',
        message,
        locator,
        tape,
        token,
        memberOf(tape, token, 'apiVersion') ?? token,
        note,
      )
    }
    read.complete?.(object)
    const typed = object as { apiVersion?: string; kind?: string }
    typed.apiVersion ??= apiVersion
    typed.kind ??= kind
    this.target.object(read, typed, locator, tape)
  }

  private park(bytes: Uint8Array, locator: Locator, tape: Tape, token: number): void {
    this.parkedBytes += bytes.length
    if (this.parkedBytes > MAX_PARKED_BYTES) {
      const message = `an element without kind is left out: its list names its kind behind more than ${MAX_PARKED_BYTES / 2 ** 20} MiB of elements`
      this.problem(
        'no-kind',
        'error',
        message,
        locator,
        tape,
        token,
        token,
        'Put the list\'s "kind" before its "items".',
      )
      return
    }
    this.parked.push({ bytes, locator })
  }

  private problem(
    code: string,
    severity: 'error' | 'warning',
    message: string,
    locator: Locator,
    tape: Tape,
    root: number,
    token: number,
    note?: string,
  ): void {
    this.target.diagnostic({
      code,
      severity,
      message,
      ...locator.locate(tape, root, token),
      ...(note === undefined ? {} : { note }),
    })
  }
}

/** A `PodList` holds Pods that don't repeat their kind. */
function elementKind(list: ListInfo | undefined): string | undefined {
  if (list?.kind === undefined || !list.kind.endsWith('List')) return undefined
  return list.kind.slice(0, -'List'.length)
}

function elementVersion(list: ListInfo | undefined): string | undefined {
  return elementKind(list) === '' ? undefined : list?.apiVersion
}

/** Of `kubectl version -o json` or of the server's `/version`. */
function gitVersionOf(tape: Tape, token: number): string | undefined {
  const server = memberOf(tape, token, 'serverVersion')
  const found = plainText(tape, memberOf(tape, server ?? token, 'gitVersion'))
  return found !== undefined && /^v?\d/.test(found) ? found : undefined
}

function nameOf(tape: Tape, token: number): string {
  const metadata = memberOf(tape, token, 'metadata')
  const name = metadata === undefined ? undefined : plainText(tape, memberOf(tape, metadata, 'name'))
  const namespace = metadata === undefined ? undefined : plainText(tape, memberOf(tape, metadata, 'namespace'))
  if (name === undefined) return 'without a name'
  const full = namespace === undefined ? name : `${namespace}/${name}`
  return JSON.stringify(full.length > 200 ? `${full.slice(0, 200)}…` : full)
}
