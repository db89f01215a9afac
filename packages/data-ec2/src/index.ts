export type { PriceAssumptions } from './catalogue.ts'
export { DEFAULT_ASSUMPTIONS, EC2 } from './catalogue.ts'
export { ASSUMED_SPOT_RATIO, STAND_IN_REGION } from './prices.ts'
export { PROVENANCE } from './table.ts'
