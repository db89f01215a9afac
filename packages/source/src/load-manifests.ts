import type { KubeObject } from '@everynode/engine'
import type { Diagnostic, DiagnosticPlace } from './diagnostic.ts'
import type { Tape } from './json/tape.ts'
import { DiagnosticSink } from './load/diagnostic-sink.ts'
import { JsonRereader } from './load/json-rereader.ts'
import type { Locator } from './load/locator.ts'
import { ObjectReader, type ObjectTarget } from './load/object-reader.ts'
import { readInput, type SourceInput } from './load/read-input.ts'
import type { ReadKind } from './shapes/kinds.ts'
import type { ValuePath } from './yaml/types.ts'

/** An object that the user brings, as the engine reads it. */
export interface ManifestObject {
  readonly object: KubeObject
  /** Where the object begins. */
  readonly place: DiagnosticPlace
  /** Where a value of the object stands, by its path from the object's root; `undefined` if nothing is there. */
  placeOf(path: ValuePath): DiagnosticPlace | undefined
}

export interface LoadedManifests {
  readonly objects: readonly ManifestObject[]
  readonly diagnostics: readonly Diagnostic[]
  /** How many objects of each type that nothing reads were met, by `apiVersion/kind`. */
  readonly ignored: ReadonlyMap<string, number>
}

class ManifestCollector implements ObjectTarget {
  readonly objects: ManifestObject[] = []
  readonly ignoredKinds = new Map<string, number>()
  private readonly report: (diagnostic: Diagnostic) => void

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.report = report
  }

  object(_read: ReadKind, object: object, locator: Locator, tape: Tape): void {
    this.objects.push({ object: object as KubeObject, place: locator.start, placeOf: locator.keep(tape) })
  }

  ignored(apiVersion: string, kind: string): void {
    const key = `${apiVersion}/${kind}`
    this.ignoredKinds.set(key, (this.ignoredKinds.get(key) ?? 0) + 1)
  }

  list(): void {}

  version(): void {}

  diagnostic(diagnostic: Diagnostic): void {
    this.report(diagnostic)
  }
}

/** Reads the manifests that a user brings, in the formats and with the checks of `loadCluster`; nothing is merged. */
export async function loadManifests(
  inputs: AsyncIterable<SourceInput> | Iterable<SourceInput>,
): Promise<LoadedManifests> {
  const sink = new DiagnosticSink()
  const report = (diagnostic: Diagnostic) => sink.add(diagnostic)
  const collector = new ManifestCollector(report)
  const rereader = new JsonRereader()
  const reader = new ObjectReader(collector, (bytes, each) => rereader.value(bytes, each))
  for await (const input of inputs) await readInput(input, reader, report)
  return { objects: collector.objects, diagnostics: sink.diagnostics(), ignored: collector.ignoredKinds }
}
