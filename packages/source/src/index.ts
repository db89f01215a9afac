export type { Diagnostic, DiagnosticPlace, RelatedPlace, Severity } from './diagnostic.ts'
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
