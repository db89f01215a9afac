import type { Diagnostic } from '../diagnostic.ts'
import type { RepeatedKey } from './decode.ts'
import { Explainer } from './explain.ts'
import { LineIndex } from './line-index.ts'
import { withLineEnd } from './line-reader.ts'
import { scalarKey } from './node-keys.ts'
import { isMerge, type YamlNode } from './nodes.ts'
import type { ParserContext } from './parser-context.ts'
import { NO_PLACES, NodePlaces } from './places.ts'
import { type Span, YamlProblem } from './problem.ts'
import { type DocumentReading, type Failure, readDocument } from './read-document.ts'
import { remedyFor } from './remedies.ts'
import { jsonKey } from './to-json.ts'
import { DOCUMENT_END, STREAM_END } from './tokens.ts'
import type { DocumentOrigin, YamlDocument } from './types.ts'
import { findMetKeys, findUnsupported } from './unsupported-nodes.ts'

/** A document with more repeated keys than these is not mended by a longer list. */
const MOST_WARNINGS = 100

/**
 * Reads the text of one document, as DocumentSplitter gives it, with the value that kubectl has for it, the places of its values,
 * and what is wrong: errors where kubectl fails, warnings where it silently drops something. Throws nothing.
 */
export function parseYamlDocument(text: string, origin: DocumentOrigin): YamlDocument {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd')
  const reading = readDocument(withLineEnd(wellFormed))
  const { root, value, failure } = reading
  const lines = new LineIndex(wellFormed, origin)
  const explainer = new Explainer(wellFormed, origin, lines)
  const places = root === undefined ? NO_PLACES : new NodePlaces(root, wellFormed, lines)
  if (failure !== undefined) return { places, diagnostics: [explainFailure(explainer, failure, root)] }
  return { value: value ?? null, places, diagnostics: warningsOf(explainer, reading) }
}

const CONVERSION_MESSAGES: Readonly<Record<string, string>> = {
  'yaml-unsupported-key': 'this key has no form in JSON',
  'yaml-unsupported-value': 'this number has no form in JSON',
  'yaml-too-deep': 'the document is nested deeper than kubectl reads',
}

function explainFailure(explainer: Explainer, failure: Failure, root: YamlNode | undefined): Diagnostic {
  const { code, problem } = failure
  if (problem === undefined) {
    const span = root === undefined ? undefined : (findUnsupported(root, code) ?? root)
    const message = CONVERSION_MESSAGES[code] ?? failure.error
    return explainer.diagnostic('error', code, message, span, { note: remedyFor(code, message) })
  }
  const { context, message, span } = problem
  const related =
    context === undefined || context.start >= span.start
      ? []
      : [explainer.related(context.text, { start: context.start, end: context.start + 1 })]
  return explainer.diagnostic('error', code, message, span, { related, note: remedyFor(code, message) })
}

function warningsOf(explainer: Explainer, reading: DocumentReading): readonly Diagnostic[] {
  const { root, rest, random, repeated } = reading
  const warnings: Diagnostic[] = []
  for (const one of repeated.slice(0, MOST_WARNINGS)) {
    const earlier = one.merged ? undefined : earlierKey(one)
    if (earlier !== undefined) warnings.push(explainRepeated(explainer, one, earlier))
  }
  if (random && root !== undefined) {
    for (const { first, second } of findMetKeys(root, MOST_WARNINGS)) {
      const message = 'this key and an earlier one are the same in JSON; kubectl takes either, by chance'
      const related = [explainer.related('the earlier key', first)]
      const note = 'Remove one of them.'
      warnings.push(explainer.diagnostic('warning', 'yaml-duplicate-key', message, second, { related, note }))
    }
  }
  const overlooked = rest === undefined ? undefined : overlookedAfter(rest)
  if (overlooked !== undefined) {
    const note = 'Start a document with a line "---", or remove what does not belong to this one.'
    const message = 'kubectl overlooks what follows the end of the document'
    warnings.push(explainer.diagnostic('warning', 'yaml-overlooked-text', message, overlooked, { note }))
  }
  return warnings
}

function explainRepeated(explainer: Explainer, one: RepeatedKey, earlier: YamlNode): Diagnostic {
  const name = String(jsonKey(one.key) ?? null)
  const message = `key ${JSON.stringify(name)} is there already; kubectl takes the last one without a word`
  const related = [explainer.related('the earlier one', earlier)]
  return explainer.diagnostic('warning', 'yaml-duplicate-key', message, one.keyNode, {
    related,
    note: 'Remove one of them.',
  })
}

/** The last equal key before it in the same mapping; undefined if only a merged mapping has it. */
function earlierKey({ key, keyNode, mapping }: RepeatedKey): YamlNode | undefined {
  const name = jsonKey(key)
  for (let at = mapping.children.indexOf(keyNode) - 2; at >= 0; at -= 2) {
    const other = mapping.children[at] as YamlNode
    const value = isMerge(other) ? undefined : scalarKey(other)
    if (value !== undefined && jsonKey(value) === name) return other
  }
  return undefined
}

/** What stands behind the document, other than white space, comments and its end mark. */
function overlookedAfter(rest: ParserContext): Span | undefined {
  try {
    for (let token = rest.scanner.peek(); ; token = rest.advance()) {
      if (token.kind === STREAM_END) return undefined
      if (token.kind !== DOCUMENT_END) return token
    }
  } catch (problem) {
    if (problem instanceof YamlProblem) return problem.span
    throw problem
  }
}
