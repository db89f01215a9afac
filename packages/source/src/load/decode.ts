/** What could not be decoded; the bytes before it are given all the same. */
export type DecodeProblem = (code: 'bad-gzip' | 'unsupported-format', message: string) => void

const HEAD_BYTES = 6

const FOREIGN: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed with xz'],
]

/** UTF-8 text without a byte order mark, of plain or gzip bytes in UTF-8 or UTF-16. Errors of the source itself are thrown on. */
export async function* decode(chunks: AsyncIterable<Uint8Array>, problem: DecodeProblem): AsyncIterable<Uint8Array> {
  yield* decodeLayer(chunks, problem, true)
}

async function* decodeLayer(
  chunks: AsyncIterable<Uint8Array>,
  problem: DecodeProblem,
  mayBeGzip: boolean,
): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < HEAD_BYTES) {
    const next = await iterator.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : joined(head, next.value)
  }
  const all = chained(head, iterator)
  if (begins(head, [0x1f, 0x8b]) && mayBeGzip) {
    yield* decodeLayer(gunzip(all, problem), problem, false)
    return
  }
  for (const [magic, what] of FOREIGN) {
    if (begins(head, magic)) {
      problem('unsupported-format', `the file is ${what}, which is not read; unpack it first`)
      return
    }
  }
  if (begins(head, [0xff, 0xfe]) || (head[0] !== 0 && head[1] === 0)) yield* fromUtf16(all, 'utf-16le')
  else if (begins(head, [0xfe, 0xff]) || (head.length > 1 && head[0] === 0)) yield* fromUtf16(all, 'utf-16be')
  else if (begins(head, [0xef, 0xbb, 0xbf])) yield* chained(head.subarray(3), iterator)
  else yield* all
}

async function* chained(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (head.length > 0) yield head
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>, problem: DecodeProblem): AsyncIterable<Uint8Array> {
  const stream = new DecompressionStream('gzip')
  const writer = stream.writable.getWriter()
  let sourceError: { readonly error: unknown } | undefined
  const pump = async () => {
    const iterator = chunks[Symbol.asyncIterator]()
    for (;;) {
      let next: IteratorResult<Uint8Array>
      try {
        next = await iterator.next()
      } catch (error) {
        sourceError = { error }
        await writer.abort(error).catch(() => undefined)
        return
      }
      if (next.done === true) return writer.close()
      await writer.write(new Uint8Array(next.value))
    }
  }
  // A failed write shows at the reader too.
  const pumped = pump().catch(() => undefined)
  const reader = stream.readable.getReader()
  for (;;) {
    let next: { done: boolean; value?: Uint8Array | undefined }
    try {
      next = await reader.read()
    } catch {
      if (sourceError !== undefined) throw sourceError.error
      problem('bad-gzip', 'the gzip data is damaged or cut short; what was unpacked before is read')
      break
    }
    if (next.value !== undefined) yield next.value
    if (next.done) break
  }
  await pumped
}

async function* fromUtf16(
  chunks: AsyncIterable<Uint8Array>,
  label: 'utf-16le' | 'utf-16be',
): AsyncIterable<Uint8Array> {
  const decoder = new TextDecoder(label)
  const encoder = new TextEncoder()
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  yield encoder.encode(decoder.decode())
}

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
