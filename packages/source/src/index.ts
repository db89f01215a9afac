export { chooseFiles } from './choose-files.ts'
export type { Diagnostic, DiagnosticPlace, RelatedPlace, Severity } from './diagnostic.ts'
export type { ObjectPlaces } from './load/dump-builder.ts'
export type { SourceInput } from './load/read-input.ts'
export { type LoadedDump, loadCluster } from './load.ts'
export { type LoadedManifests, loadManifests, type ManifestObject } from './load-manifests.ts'
export { DocumentSplitter, splitDocuments } from './yaml/documents.ts'
export type {
  DocumentOrigin,
  DocumentText,
  JsonObject,
  JsonValue,
  Places,
  SourceRange,
  ValuePath,
  YamlDocument,
  YamlFile,
} from './yaml/types.ts'
export { parseYamlDocument } from './yaml/yaml-document.ts'
export { looksLikeJson, readYamlFile } from './yaml/yaml-file.ts'
