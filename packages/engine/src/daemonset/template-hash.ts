import { decode } from '../admission/decode.ts'
import { isJsonObject } from '../admission/json.ts'
import { ApiSchema } from '../admission/schema/api-schema.ts'
import type { PodTemplateSpec } from '../api/apps.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from '../versions.ts'
import { goDump } from './go-dump.ts'
import { STRUCT_DIFFERENCES } from './go-names.ts'

/** Types are read from the table on first use. */
const SCHEMA = new ApiSchema()

const OFFSET_BASIS = 2_166_136_261
const PRIME = 16_777_619
/** Letters and digits that spell no words. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * The hash that the controller gives a revision of a template, with which its pods are labelled. It is one of the Go struct with all its
 * fields, so it differs between versions; metadata times and managed fields, and fields that v1.36 does not know, are taken as not set
 * (`ComputeHash`, kubernetes `pkg/controller/controller_utils.go`, v1.36.2; `SafeEncodeString`, apimachinery `pkg/util/rand/rand.go`).
 */
export function templateHash(
  template: PodTemplateSpec,
  collisionCount?: number,
  version: KubernetesVersion = DEFAULT_VERSION,
): string {
  const type = SCHEMA.struct('PodTemplateSpec')
  const decoded = decode(template, type)
  const object = decoded.kind === 'object' ? decoded.object : template
  const bytes = utf8(goDump(isJsonObject(object) ? object : {}, type, STRUCT_DIFFERENCES[version]))
  if (collisionCount !== undefined) bytes.push(...littleEndian(collisionCount))
  let sum = OFFSET_BASIS
  for (const byte of bytes) sum = Math.imul(sum ^ byte, PRIME)
  return [...String(sum >>> 0)].map(digit => SAFE[digit.charCodeAt(0) % SAFE.length]).join('')
}

/** 32 bits in a field of 64. */
function littleEndian(count: number): readonly number[] {
  return [0, 8, 16, 24].map(shift => (count >>> shift) & 0xff).concat(0, 0, 0, 0)
}

function utf8(text: string): number[] {
  const bytes: number[] = []
  for (const rune of text) {
    const code = rune.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
    }
  }
  return bytes
}
