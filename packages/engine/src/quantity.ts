export {
  addQuantity,
  compareQuantity,
  maxQuantity,
  milliQuantityOf,
  quantityOf,
  quantitySign,
  recomputeQuantity,
  roundUpQuantity,
  subQuantity,
} from './quantity/arithmetic.ts'
export { formatQuantity } from './quantity/format.ts'
export { parseQuantity, readQuantity } from './quantity/parse.ts'
export type { WholeNumber } from './quantity/reader.ts'
export { QuantityReader, wholeNumber } from './quantity/reader.ts'
export type { Quantity, QuantityError, QuantityFormat } from './quantity/types.ts'
export { quantityMilliValue, quantityValue } from './quantity/value.ts'
