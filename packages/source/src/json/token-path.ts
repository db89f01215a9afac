import { ARRAY, CODED_STRING, endOf, nextOf, OBJECT, startOf, type Tape, typeOf } from './tape.ts'

/** The path from `root` to a value or key below it: names, and indexes in lists. */
export function pathOf(tape: Tape, root: number, token: number): readonly (string | number)[] {
  const path: (string | number)[] = []
  let at = root
  while (at !== token) {
    const type = typeOf(tape, at)
    const end = nextOf(tape, at)
    let child = at + 1
    if (type === OBJECT) {
      while (child < end && nextOf(tape, child + 1) <= token) child = nextOf(tape, child + 1)
      if (child >= end) return path
      path.push(keyText(tape, child))
      if (child === token) return path
      at = child + 1
    } else if (type === ARRAY) {
      let index = 0
      for (; child < end && nextOf(tape, child) <= token; index++) child = nextOf(tape, child)
      if (child >= end) return path
      path.push(index)
      at = child
    } else return path
  }
  return path
}

/** The value at a path below `root`. */
export function tokenAt(tape: Tape, root: number, path: readonly (string | number)[]): number | undefined {
  let at = root
  for (const step of path) {
    const type = typeOf(tape, at)
    const end = nextOf(tape, at)
    let found: number | undefined
    if (type === OBJECT) {
      for (let key = at + 1; key < end; key = nextOf(tape, key + 1)) if (keyText(tape, key) === step) found = key + 1
    } else if (type === ARRAY) {
      let index = 0
      for (let child = at + 1; child < end && found === undefined; child = nextOf(tape, child)) {
        if (index++ === step) found = child
      }
    }
    if (found === undefined) return undefined
    at = found
  }
  return at
}

/** `spec.containers[0].resources`. */
export function pathText(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step.length > 80 ? `${step.slice(0, 80)}…` : step)}]`
  }
  return text
}

function keyText(tape: Tape, key: number): string {
  const raw = new TextDecoder().decode(tape.bytes.subarray(startOf(tape, key), endOf(tape, key)))
  if (typeOf(tape, key) !== CODED_STRING || !raw.includes('\\')) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return raw
  }
}
