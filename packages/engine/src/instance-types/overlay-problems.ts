import type { NodeOverlay } from '../api/node-overlay.ts'
import { readQuantity } from '../quantity/parse.ts'
import { isOverlayPrice, isPriceAdjustment } from './adjusted-price.ts'

const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte']
const COMPARING: readonly string[] = ['Gt', 'Lt', 'Gte', 'Lte']

/** Resources that any provider counts itself, so that no overlay may set them (`WellKnownResources`, karpenter `pkg/apis/v1/labels.go`, v1.14.1). */
export const CORE_WELL_KNOWN_RESOURCES: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods'])

/**
 * Why an overlay is refused as a whole, one text for each fault; empty where it is valid (the CRD's own rules, and `RuntimeValidate`,
 * karpenter `pkg/apis/v1alpha1/nodeoverlay_validation.go`, v1.14.1).
 */
export function overlayProblems(
  { spec = {} }: NodeOverlay,
  wellKnownResources: ReadonlySet<string>,
): readonly string[] {
  const { price, priceAdjustment, capacity = {}, requirements = [], weight } = spec
  const problems: string[] = []
  if (price !== undefined && priceAdjustment !== undefined)
    problems.push('price and priceAdjustment are both set; keep one')
  if (price !== undefined && !isOverlayPrice(price)) problems.push(`price "${price}" is no number such as "0.25"`)
  if (priceAdjustment !== undefined && !isPriceAdjustment(priceAdjustment))
    problems.push(
      `priceAdjustment "${priceAdjustment}" is neither a signed number such as "+0.03" nor a percentage such as "-15%"`,
    )
  if (weight !== undefined && (!Number.isInteger(weight) || weight < 1 || weight > 10_000))
    problems.push(`weight ${weight} is not from 1 to 10000`)
  for (const [name, amount] of Object.entries(capacity)) {
    if (wellKnownResources.has(name))
      problems.push(`capacity ${name} can't be set by an overlay; it adds extended resources only`)
    const quantity = readQuantity(amount)
    if (quantity.kind === 'error') problems.push(`capacity ${name} "${amount}" is no quantity: ${quantity.text}`)
  }
  for (const { key, operator, values = [] } of requirements) {
    if (!OPERATORS.includes(operator))
      problems.push(`key ${key} has the operator ${operator}; there is: ${OPERATORS.join(', ')}`)
    else if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
      problems.push(`key ${key} with operator ${operator} needs a value`)
    else if (COMPARING.includes(operator) && !(values.length === 1 && /^\+?\d{1,18}$/.test(values[0] ?? '')))
      problems.push(`key ${key} with operator ${operator} needs a single whole number from 0`)
  }
  return problems
}
