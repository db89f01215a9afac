/** FNV-1a of a text, 32 bits: the one source of names and uids, so that the same cluster has the same bytes. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

// The letters that Kubernetes uses for generated names (apimachinery pkg/util/rand, v1.36.2): none that make words.
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** A suffix as `generateName` and template hashes have it. */
export function suffix(seed: string, length = 5): string {
  let rest = hash(seed)
  let text = ''
  for (let index = 0; index < length; index++) {
    text += LETTERS[rest % LETTERS.length]
    rest = hash(`${rest}`)
  }
  return text
}

/** A uid with the shape of a random UUID. */
export function uid(seed: string): string {
  const hex = [0, 1, 2, 3].map(part => hash(`${part} ${seed}`).toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
