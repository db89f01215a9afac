import { goQuote } from '../../go-text.ts'
import { aggregate } from '../../labels/field-error.ts'
import { decode } from '../decode.ts'
import type { JsonObject } from '../json.ts'
import type { StructType } from '../schema/api-schema.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { type CelScope, evaluateCel } from './cel-eval.ts'
import { patchValue, typeMismatches } from './cel-json.ts'
import { type CelNode, parseCel } from './cel-parser.ts'
import { type CelType, type CelTypes, checkCel, isExactly, MUTATION_TYPES, POLICY_TYPES } from './cel-types.ts'
import { type CelPatch, type CelResult, type CelUnsupported, type CelValue, NULL, unsupported } from './cel-values.ts'
import { applyJsonPatch, type PatchOperation } from './json-patch.ts'
import type { MutatingAdmissionPolicy, Mutation } from './policy-model.ts'

/** What one policy makes of an object. */
type MutationOutcome =
  | { readonly kind: 'mutated'; readonly object: JsonObject }
  /** Its conditions don't hold. */
  | { readonly kind: 'skipped' }
  /** By the policy: `failurePolicy` decides whether the request fails. */
  | { readonly kind: 'error'; readonly text: string }
  /** By the server, whatever the policy says. */
  | { readonly kind: 'failed'; readonly code: number; readonly text: string }
  | { readonly kind: 'panic' }
  | { readonly kind: 'unsupported'; readonly what: string }

/** A policy with its expressions parsed; an expression that is not known is kept with what is not. */
export interface CompiledPolicy {
  readonly policy: MutatingAdmissionPolicy
  readonly conditions: readonly CompiledExpression[]
  readonly variables: readonly (CompiledExpression & { readonly name: string })[]
  readonly mutations: readonly (CompiledExpression & { readonly patchType: string })[]
}

interface CompiledExpression {
  readonly text: string
  readonly node: CelNode | CelUnsupported
}

/** Parses and checks a policy's expressions once; one that the server would not have taken with the policy is unsupported. */
export function compilePolicy(policy: MutatingAdmissionPolicy): CompiledPolicy {
  const types = new Map(POLICY_TYPES)
  const compile = (text: string, wanted: (found: CelType) => boolean, extra?: CelTypes): CompiledExpression => {
    const node = parseCel(text)
    if (node.kind === 'unsupported') return { text, node }
    const found = checkCel(resolved(node), extra === undefined ? types : new Map([...types, ...extra]))
    if (found.kind === 'problem') return { text, node: unsupported(found.text) }
    return { text, node: wanted(found.type) ? node : unsupported(`an expression of type ${found.type.name}`) }
  }
  const { matchConditions = [], variables = [], mutations = [] } = policy.spec
  const compiledVariables = variables.map(({ name, expression }) => {
    let held: CelType = { name: 'free', of: [] }
    const compiled = compile(expression, found => {
      held = found
      return true
    })
    types.set(`variables.${name}`, held)
    return { name, ...compiled }
  })
  return {
    policy,
    variables: compiledVariables,
    conditions: matchConditions.map(({ expression }) => compile(expression, found => isExactly(found, 'bool'))),
    mutations: mutations.map(mutation => ({
      patchType: mutation.patchType,
      ...compile(
        expressionOf(mutation),
        found =>
          mutation.patchType === 'JSONPatch' ? isExactly(found, 'list', 'JSONPatch') : isExactly(found, 'Object'),
        MUTATION_TYPES,
      ),
    })),
  }
}

function expressionOf({ patchType, applyConfiguration: configuration, jsonPatch }: Mutation): string {
  return (patchType === 'JSONPatch' ? jsonPatch?.expression : configuration?.expression) ?? ''
}

/** What surrounds an evaluation: the variables but `object` and `variables`, the object's type, and the defaults that follow each mutation. */
export interface MutationContext {
  readonly scope: CelScope
  readonly type: StructType
  /** As the server names the version and kind in errors of conversion: `apps/v1, Kind=DaemonSet`. */
  readonly kindText: string
  objectValue(object: JsonObject): CelValue
  defaulted(object: JsonObject): JsonObject
}

/** Evaluates conditions and mutations in order (`dispatchInvocations`, apiserver `policy/mutating/dispatcher.go`, v0.36.2). */
export function applyPolicy(compiled: CompiledPolicy, object: JsonObject, context: MutationContext): MutationOutcome {
  const holds = conditionsHold(compiled, object, context)
  if (holds !== true) return holds === false ? { kind: 'skipped' } : holds
  let current = object
  let failure: MutationOutcome | undefined
  for (const mutation of compiled.mutations) {
    const result = evaluate(mutation, compiled, current, context)
    if (result.kind === 'unsupported') return result
    const outcome: MutationOutcome =
      result.kind === 'error'
        ? { kind: 'error', text: `expression '${mutation.text}' resulted in error: ${result.text}` }
        : mutation.patchType === 'JSONPatch'
          ? patched(result, current, context)
          : configured(result, current, context)
    if (outcome.kind === 'mutated') current = context.defaulted(outcome.object)
    else if (outcome.kind === 'error') failure ??= outcome
    else return outcome
  }
  return failure ?? { kind: 'mutated', object: current }
}

/** False if one is false; otherwise errors count. */
function conditionsHold(
  compiled: CompiledPolicy,
  object: JsonObject,
  context: MutationContext,
): boolean | Extract<MutationOutcome, { kind: 'error' | 'unsupported' }> {
  // Conditions are evaluated without the namespace (`matchconditions/matcher.go`).
  const blind = { ...context, scope: new Map([...context.scope, ['namespaceObject', NULL]]) }
  const errors: string[] = []
  let unsupported: CelUnsupported | undefined
  for (const condition of compiled.conditions) {
    const result = evaluate(condition, compiled, object, blind)
    if (result.kind === 'bool' && !result.value) return false
    if (result.kind === 'unsupported') unsupported ??= result
    if (result.kind === 'error') errors.push(`expression '${condition.text}' resulted in error: ${result.text}`)
  }
  if (unsupported !== undefined) return unsupported
  return errors.length === 0 ? true : { kind: 'error', text: aggregate(errors) ?? '' }
}

function evaluate(
  expression: CompiledExpression,
  compiled: CompiledPolicy,
  object: JsonObject,
  context: MutationContext,
): CelResult {
  if (expression.node.kind === 'unsupported') return expression.node
  const scope = new Map(context.scope)
  scope.set('object', context.objectValue(object))
  return evaluateCel(resolveVariables(expression.node, compiled, scope), scope)
}

/** `variables.name` becomes a name of its own, so that a variable is evaluated only where it is used. */
function resolveVariables(
  node: CelNode,
  compiled: CompiledPolicy,
  scope: Map<string, CelValue | (() => CelResult)>,
): CelNode {
  for (const { name, node: expression } of compiled.variables) {
    const key = `variables.${name}`
    if (scope.has(key)) continue
    scope.set(
      key,
      remembered(() => {
        const result = expression.kind === 'unsupported' ? expression : evaluateCel(resolved(expression), scope)
        return result.kind === 'error' ? inVariable(name, result.text) : result
      }),
    )
  }
  return resolved(node)
}

function inVariable(name: string, text: string): CelResult {
  return { kind: 'error', text: `composited variable ${goQuote(name)} fails to evaluate: ${text}` }
}

function resolved(node: CelNode): CelNode {
  const isVariable =
    node.kind === 'select' && !node.optional && node.operand.kind === 'ident' && node.operand.name === 'variables'
  // A variable is there as soon as it can be evaluated.
  if (node.kind === 'has' && node.operand.kind === 'ident' && node.operand.name === 'variables') {
    const variable: CelNode = { kind: 'ident', name: `variables.${node.field}` }
    return { kind: 'binary', operator: '==', left: variable, right: variable }
  }
  if (isVariable) return { kind: 'ident', name: `variables.${node.field}` }
  return mapChildren(node, resolved)
}

function remembered(compute: () => CelResult): () => CelResult {
  let known: CelResult | undefined
  return () => {
    known ??= compute()
    return known
  }
}

/** The node with each expression inside it replaced. */
function mapChildren(node: CelNode, change: (node: CelNode) => CelNode): CelNode {
  switch (node.kind) {
    case 'literal':
    case 'ident':
      return node
    case 'select':
    case 'has':
    case 'unary':
      return { ...node, operand: change(node.operand) }
    case 'index':
      return { ...node, operand: change(node.operand), index: change(node.index) }
    case 'call':
      return {
        ...node,
        args: node.args.map(change),
        ...(node.target === undefined ? {} : { target: change(node.target) }),
      }
    case 'binary':
      return { ...node, left: change(node.left), right: change(node.right) }
    case 'conditional':
      return { ...node, test: change(node.test), yes: change(node.yes), no: change(node.no) }
    case 'list':
      return { ...node, items: node.items.map(item => ({ ...item, value: change(item.value) })) }
    case 'map':
      return {
        ...node,
        entries: node.entries.map(entry => ({ ...entry, key: change(entry.key), value: change(entry.value) })),
      }
    case 'struct':
      return { ...node, fields: node.fields.map(field => ({ ...field, value: change(field.value) })) }
    case 'macro':
      return {
        ...node,
        operand: change(node.operand),
        body: change(node.body),
        ...(node.filter === undefined ? {} : { filter: change(node.filter) }),
      }
  }
}

function patched(result: CelValue, object: JsonObject, { type }: MutationContext): MutationOutcome {
  if (result.kind !== 'list') return { kind: 'unsupported', what: 'a JSON patch that is no list' }
  const operations: PatchOperation[] = []
  for (const item of result.items) {
    if (item.kind !== 'patch') return { kind: 'unsupported', what: 'a JSON patch of something else than operations' }
    const operation = operationOf(item)
    if (!('op' in operation)) return operation
    operations.push(operation)
  }
  const outcome = applyJsonPatch(object, operations)
  if (outcome.kind === 'error') return { kind: 'error', text: `JSON Patch: ${outcome.text}` }
  if (outcome.kind === 'unchanged') return { kind: 'mutated', object }
  const decoded = decode(outcome.document, type)
  const internal = (text: string): MutationOutcome => ({
    kind: 'failed',
    code: 500,
    text: `Internal error occurred: ${text}`,
  })
  if (decoded.kind === 'error') return internal(decoded.text)
  if (decoded.unknownFields.length > 0) {
    const fields = decoded.unknownFields.map(field => `unknown field ${JSON.stringify(field)}`)
    return internal(`strict decoding error: ${fields.join(', ')}`)
  }
  return { kind: 'mutated', object: decoded.object }
}

function operationOf({ op, path, from, value }: CelPatch): PatchOperation | MutationOutcome {
  const rest = from === '' ? {} : { from }
  if (from === '' && (op === 'move' || op === 'copy')) return { kind: 'unsupported', what: `${op} without from` }
  if (value === undefined) return { op, path, ...rest }
  if (value.kind === 'object') {
    const mismatches = typeMismatches(value, value.type)
    if (mismatches.length > 1) return { kind: 'unsupported', what: 'several mismatches of types' }
    if (mismatches[0] !== undefined) return { kind: 'error', text: `type mismatch: ${mismatches[0]}` }
  }
  const json = patchValue(value)
  return json.kind === 'json' ? { op, path, ...rest, value: json.json } : json
}

function configured(result: CelValue, object: JsonObject, { type, kindText }: MutationContext): MutationOutcome {
  if (result.kind !== 'object' || result.type !== 'Object') {
    return { kind: 'unsupported', what: 'an apply configuration that is no Object' }
  }
  const mismatches = typeMismatches(result, 'Object')
  if (mismatches.length > 1) return { kind: 'unsupported', what: 'several mismatches of types' }
  if (mismatches[0] !== undefined) return { kind: 'error', text: `type mismatch: ${mismatches[0]}` }
  const applied = applyConfiguration(object, result, type)
  if (applied.kind !== 'applied') return applied
  const decoded = decode(applied.object, type)
  if (decoded.kind === 'object') return { kind: 'mutated', object: decoded.object }
  const why = decoded.text.startsWith('json: cannot unmarshal number ') ? fractionText(decoded.text) : decoded.text
  if (why.startsWith('json:')) return { kind: 'unsupported', what: 'a value that cannot be converted' }
  return { kind: 'error', text: `unable to convert unstructured object to ${kindText}: ${why}` }
}

function fractionText(text: string): string {
  const match = /number -?[0-9]+\.[0-9]+ .* of type (int32|int64)$/.exec(text)
  return match === null ? text : `cannot convert float64 to ${match[1]}`
}
