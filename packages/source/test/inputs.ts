import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { SourceInput } from '../src/load/read-input.ts'
import { type LoadedDump, loadCluster } from '../src/load.ts'

const ROLLOUTS = new URL('../../../testdata/rollouts/', import.meta.url)

/** An input of these bytes or this text, in chunks of `size` bytes. */
export function input(content: string | Uint8Array, name = 'cluster.json', size = 65_536): SourceInput {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { name, chunks: chunksOf(bytes, size) }
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

/** An input in exactly these chunks. */
export function pieces(...chunks: readonly Uint8Array[]): SourceInput {
  return {
    name: 'cluster.json',
    chunks: (async function* () {
      yield* chunks
    })(),
  }
}

export function load(content: string | Uint8Array, name?: string, size?: number): Promise<LoadedDump> {
  return loadCluster([input(content, name, size)])
}

export function recorded(story: string, file = 'cluster-before.json.gz'): Uint8Array {
  return gunzipSync(readFileSync(new URL(`${story}/${file}`, ROLLOUTS)))
}

export interface ListItem {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

export function itemsOf(bytes: Uint8Array): readonly ListItem[] {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly items: readonly ListItem[] }).items
}

export function pod(name: string, extra: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', resources: { requests: { cpu: '100m' } } }] },
    ...extra,
  }
}

export function list(...items: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', metadata: {}, items }
}
