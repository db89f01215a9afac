import type { Ec2Facts, HourlyPrice } from '@everynode/engine'
import { PRICE_REGIONS } from './columns.ts'
import { factsOf } from './facts.ts'
import { ASSUMED_SPOT_RATIO, assumed, listPrice, STAND_IN_REGION } from './prices.ts'
import { type Row, readRows } from './rows.ts'
import { TABLE } from './table.ts'

/** How prices that nobody published here are made up; each such price says that it is assumed. */
export interface PriceAssumptions {
  /** Spot as a share of on-demand; undefined: spot prices are unknown. */
  readonly spotRatio?: number | undefined
  /** The region whose prices stand for those of a region that the table has none of; undefined: they are unknown. */
  readonly standInRegion?: string | undefined
}

export const DEFAULT_ASSUMPTIONS: PriceAssumptions = { spotRatio: ASSUMED_SPOT_RATIO, standInRegion: STAND_IN_REGION }

/** Facts on EC2 instance types and their prices. The table is read when the first question is asked, a type when it is asked for. */
class Ec2Catalogue {
  #rows: ReadonlyMap<string, Row> | undefined
  readonly #facts = new Map<string, Ec2Facts>()

  /** The names of all instance types, in the order of the source. */
  names(): readonly string[] {
    return [...this.#table().keys()]
  }

  /** What is known of an instance type; undefined for a name that the table has not. */
  facts(name: string): Ec2Facts | undefined {
    const known = this.#facts.get(name)
    if (known !== undefined) return known
    const row = this.#table().get(name)
    if (row === undefined) return undefined
    const facts = factsOf(row)
    this.#facts.set(name, facts)
    return facts
  }

  /** The regions whose on-demand prices are known. */
  priceRegions(): readonly string[] {
    return PRICE_REGIONS
  }

  /**
   * The price of an hour. What is published is a list price; a spot price, and any price of a region that the table does not have, is
   * assumed or unknown. Of `reserved` capacity no price is known.
   */
  price(
    name: string,
    region: string,
    capacityType: string,
    assumptions: PriceAssumptions = DEFAULT_ASSUMPTIONS,
  ): HourlyPrice | undefined {
    const row = this.#table().get(name)
    if (row === undefined || (capacityType !== 'on-demand' && capacityType !== 'spot')) return undefined
    const onDemand = onDemandPrice(row, region, assumptions)
    if (onDemand === undefined || capacityType === 'on-demand') return onDemand
    return assumptions.spotRatio === undefined ? undefined : assumed(onDemand, assumptions.spotRatio)
  }

  #table(): ReadonlyMap<string, Row> {
    this.#rows ??= readRows(TABLE)
    return this.#rows
  }
}

function onDemandPrice(row: Row, region: string, { standInRegion }: PriceAssumptions): HourlyPrice | undefined {
  if (standInRegion === undefined || PRICE_REGIONS.some(one => one === region)) return listPrice(row, region)
  const price = listPrice(row, standInRegion)
  return price === undefined ? undefined : assumed(price, 1)
}

export const EC2: Ec2Catalogue = new Ec2Catalogue()
