import type { Op } from './op.ts'
import { quantityOp } from './quantity.ts'

/** Every op that the engine answers, by name; each adapter is a file of this folder. */
export const OPS: readonly Op[] = [quantityOp]
