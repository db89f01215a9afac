import type { ClusterDump } from '@everynode/engine'
import type { Diagnostic } from './diagnostic.ts'
import { DiagnosticSink } from './load/diagnostic-sink.ts'
import { DumpBuilder, type ObjectPlaces } from './load/dump-builder.ts'
import { JsonRereader } from './load/json-rereader.ts'
import { ObjectReader } from './load/object-reader.ts'
import { readInput, type SourceInput } from './load/read-input.ts'

/** A cluster as read from files: what is known of it, and what of the input could not be taken. */
export interface LoadedDump {
  readonly dump: ClusterDump
  readonly diagnostics: readonly Diagnostic[]
  readonly places: ObjectPlaces
  /** How many objects of each type that nothing reads were met, by `apiVersion/kind`. */
  readonly ignored: ReadonlyMap<string, number>
}

/**
 * Reads a cluster from any mix of YAML, JSON, Lists, JSON lines and gzip. A list of the dump is absent (unknown) unless an
 * object of its kind, a typed List of it or a List annotation `everynode.dev/kinds` was read. What is malformed is left out
 * with a diagnostic, and the rest is read; an error of the input's own stream is thrown on.
 */
export async function loadCluster(inputs: AsyncIterable<SourceInput> | Iterable<SourceInput>): Promise<LoadedDump> {
  const sink = new DiagnosticSink()
  const report = (diagnostic: Diagnostic) => sink.add(diagnostic)
  const builder = new DumpBuilder(report)
  const rereader = new JsonRereader()
  const reader = new ObjectReader(builder, (bytes, each) => rereader.value(bytes, each))
  for await (const input of inputs) await readInput(input, reader, report)
  return {
    dump: builder.build(reader.projector.newest),
    diagnostics: sink.diagnostics(),
    places: builder,
    ignored: builder.ignoredKinds,
  }
}
