/** The price that an overlay's `price` or `priceAdjustment` makes of another, at least 0 (`AdjustedPrice`, karpenter `pkg/cloudprovider/types.go`, v1.14.1). */
export function adjustedPrice(price: number, change: string): number {
  if (change === '') return price
  if (!/^[+-]/.test(change)) return Number(change)
  const adjusted = change.endsWith('%') ? price * (1 + Number(change.slice(0, -1)) / 100) : price + Number(change)
  return adjusted >= 0 ? adjusted : 0
}

const PRICE = /^\d+(\.\d+)?$/
const ADJUSTMENT = /^(([+-]\d*\.?\d+)|(\+\d*\.?\d+%)|(-\d{1,2}(\.\d+)?%)|(-100%))$/

/** Whether a text is a price as an overlay may set it: `0.25`. */
export function isOverlayPrice(text: string): boolean {
  return PRICE.test(text)
}

/** Whether a text is an adjustment as an overlay may make it: `+0.03`, `-0.5`, `+10%`, `-15%`. */
export function isPriceAdjustment(text: string): boolean {
  return ADJUSTMENT.test(text)
}
