import {
  ALIAS_EVENT,
  END_EVENT,
  type EventKind,
  IN_BLOCK_MAPPING_KEY,
  IN_BLOCK_SEQUENCE,
  IN_DOCUMENT_END,
  IN_DOCUMENT_START,
  IN_FLOW_MAPPING_FIRST,
  IN_FLOW_SEQUENCE_FIRST,
  IN_INDENTLESS_SEQUENCE,
  MAPPING_EVENT,
  NO_BRACKET,
  type ParserState,
  SCALAR_EVENT,
  SEQUENCE_EVENT,
} from './events.ts'
import { YamlProblem } from './problem.ts'
import type { Scanner } from './scanner.ts'
import {
  ALIAS,
  ANCHOR,
  BLOCK_END,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_START,
  SCALAR,
  TAG,
  type Token,
} from './tokens.ts'

/** What the handle of a tag stands for. */
export interface TagDirective {
  readonly handle: string
  readonly prefix: string
}

/** Where the parser stands and what it has just read: an event is left in the fields, so that none is allocated. */
export class ParserContext {
  readonly scanner: Scanner
  state: ParserState = IN_DOCUMENT_START
  /** Where to go on after a node. */
  readonly states: ParserState[] = []
  /** Where the open collections began. */
  readonly marks: number[] = []

  /** The line of the event's start, anchor and tag included, from 0. */
  line = 0
  /** Where its content begins, after anchor and tag. */
  start = 0
  end = 0
  anchor = ''
  tag = ''
  value = ''
  /** Whether a scalar without a tag is resolved: it is plain, or its tag is `!`. */
  implicit = false

  tagDirectives: readonly TagDirective[] = []

  constructor(scanner: Scanner) {
    this.scanner = scanner
  }

  /** Takes the token and returns the one after it. */
  advance(): Token {
    this.scanner.take()
    return this.scanner.peek()
  }

  /** Goes on where the node that ends was begun. */
  popState(): void {
    this.state = this.states.pop() ?? IN_DOCUMENT_END
  }

  /** Reads a node, after which `state` is to be read. */
  nodeThen(state: ParserState, block: boolean): EventKind {
    this.states.push(state)
    return this.parseNode(block, block && state !== IN_BLOCK_SEQUENCE && state !== IN_INDENTLESS_SEQUENCE)
  }

  /** A scalar that nothing stands for. */
  emptyThen(state: ParserState, line: number, at: number): EventKind {
    this.state = state
    this.line = line
    this.start = at
    this.end = at
    this.anchor = ''
    this.tag = ''
    this.value = ''
    this.implicit = true
    return SCALAR_EVENT
  }

  endAt(end: number): EventKind {
    this.end = end
    return END_EVENT
  }

  /** Ends the innermost collection with the token. */
  endCollection(token: Token): EventKind {
    this.popState()
    this.marks.pop()
    this.scanner.take()
    return this.endAt(token.kind === BLOCK_END ? NO_BRACKET : token.end)
  }

  problem(message: string, token: Token, context?: string, contextStart?: number): YamlProblem {
    const from = context === undefined ? undefined : { text: context, start: contextStart ?? token.start }
    return new YamlProblem('parser', 'yaml-syntax', message, token.line, token, from)
  }

  /** A problem within the innermost collection. */
  collectionProblem(message: string, token: Token, context: string): YamlProblem {
    return this.problem(message, token, context, this.marks.at(-1))
  }

  /** Reads a node's anchor and tag and the beginning of its content. */
  parseNode(block: boolean, indentless: boolean): EventKind {
    let token = this.scanner.peek()
    this.line = token.line
    this.anchor = ''
    this.tag = ''
    if (token.kind === ALIAS) {
      this.popState()
      this.#take(token)
      this.anchor = token.value
      return ALIAS_EVENT
    }
    const first = token
    let last = token
    if (token.kind === ANCHOR || token.kind === TAG) {
      let tag: Token | undefined
      for (let count = 0; count < 2 && (token.kind === ANCHOR || token.kind === TAG); count++) {
        if (token.kind === TAG ? tag !== undefined : this.anchor !== '') break
        if (token.kind === TAG) tag = token
        else this.anchor = token.value
        last = token
        token = this.advance()
      }
      if (tag !== undefined) this.tag = this.#resolveTag(tag, first)
    }
    const { tag } = this
    if (indentless && token.kind === BLOCK_ENTRY) return this.#open(token, IN_INDENTLESS_SEQUENCE, SEQUENCE_EVENT)
    switch (token.kind) {
      case SCALAR:
        this.popState()
        this.value = token.value
        this.implicit = tag === '' ? token.plain : tag === '!'
        this.#take(token)
        return SCALAR_EVENT
      case FLOW_SEQUENCE_START:
        return this.#open(token, IN_FLOW_SEQUENCE_FIRST, SEQUENCE_EVENT)
      case FLOW_MAPPING_START:
        return this.#open(token, IN_FLOW_MAPPING_FIRST, MAPPING_EVENT)
      case BLOCK_SEQUENCE_START:
      case BLOCK_MAPPING_START:
        if (!block) break
        this.marks.push(token.start)
        this.scanner.take()
        return token.kind === BLOCK_SEQUENCE_START
          ? this.#open(token, IN_BLOCK_SEQUENCE, SEQUENCE_EVENT)
          : this.#open(token, IN_BLOCK_MAPPING_KEY, MAPPING_EVENT)
    }
    if (this.anchor !== '' || tag !== '') {
      this.popState()
      this.value = ''
      this.implicit = tag === ''
      this.start = first.start
      this.end = last.end
      return SCALAR_EVENT
    }
    const context = block ? 'while parsing a block node' : 'while parsing a flow node'
    throw this.problem('did not find expected node content', token, context, first.start)
  }

  #take(token: Token): void {
    this.start = token.start
    this.end = token.end
    this.scanner.take()
  }

  #open(token: Token, state: ParserState, kind: EventKind): EventKind {
    this.start = token.start
    this.end = token.end
    this.state = state
    return kind
  }

  #resolveTag(token: Token, first: Token): string {
    if (token.value === '') return token.suffix
    const directive = this.tagDirectives.find(({ handle }) => handle === token.value)
    const tag = directive === undefined ? '' : directive.prefix + token.suffix
    if (tag === '') throw this.problem('found undefined tag handle', token, 'while parsing a node', first.start)
    return tag
  }
}
