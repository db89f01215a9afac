import type { HourlyPrice } from '@everynode/engine'
import { PRICE_REGIONS } from './columns.ts'
import type { Row } from './rows.ts'

/** What the kwok provider takes for spot (karpenter `kwok/tools/gen_instance_types.go`, v1.14.1); real spot prices move by the hour. */
export const ASSUMED_SPOT_RATIO = 0.7

/** The region whose prices Karpenter takes for a region of which it has none (karpenter-provider-aws `pkg/providers/pricing/pricing.go`, v1.14.1). */
export const STAND_IN_REGION = 'us-east-1'

/** The published on-demand price of an instance type in a region; undefined where none is known. */
export function listPrice(row: Row, region: string): HourlyPrice | undefined {
  const column = PRICE_REGIONS.find(one => one === region)
  const amount = column === undefined ? undefined : row.get(column)
  // AWS in China sells in its own currency.
  const currency = region.startsWith('cn-') ? 'CNY' : 'USD'
  return amount === undefined ? undefined : { amount: Number(amount), currency, basis: 'list' }
}

/** A price by a ratio of another: never a fact. */
export function assumed(price: HourlyPrice, ratio: number): HourlyPrice {
  return { ...price, amount: price.amount * ratio, basis: 'assumed' }
}
