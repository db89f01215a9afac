export { OPS } from './ops/index.ts'
export type { Op, OpContext } from './ops/op.ts'
