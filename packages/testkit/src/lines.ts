import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

const NEWLINE = 10

/** The lines of a stream of bytes, without their `\n`; an empty last line is none. Throws where the bytes are not UTF-8. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest: Uint8Array[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end)
      yield decoder.decode(rest.length === 0 ? piece : Buffer.concat([...rest, piece]))
      rest = []
      start = end + 1
    }
    if (start < chunk.length) rest.push(chunk.subarray(start))
  }
  if (rest.length > 0) yield decoder.decode(Buffer.concat(rest))
}

/** The bytes of a file, unpacked if its name ends in `.gz`. */
export function openFile(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  if (!path.endsWith('.gz')) return file
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  file.on('error', error => gunzip.destroy(error))
  return file.pipe(gunzip)
}
