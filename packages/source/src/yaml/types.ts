import type { Diagnostic } from '../diagnostic.ts'

/** A value that JSON can hold; whole numbers beyond 2^53 are bigints. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject

export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** From a document's root to a value: keys of mappings as JSON has them, indexes of sequences. */
export type ValuePath = readonly (string | number)[]

/** Where something stands in its file. Lines and columns count from 1, columns in characters; offsets count UTF-16 units from 0. */
export interface SourceRange {
  readonly line: number
  readonly column: number
  readonly endLine: number
  /** Exclusive. */
  readonly endColumn: number
  readonly offset: number
  /** Exclusive. */
  readonly endOffset: number
}

/** Answers where the values and keys of one document stand. */
export interface Places {
  /** The place of the value at the path, without its anchor and tag; that of the alias if it is one. */
  of(path: ValuePath): SourceRange | undefined
  /** The place of the key whose value is at the path; undefined in a sequence and at the root. */
  keyOf(path: ValuePath): SourceRange | undefined
}

/** Where a document's text was found. */
export interface DocumentOrigin {
  readonly file: string
  /** The line of the file on which the text starts; 1 if not given. */
  readonly firstLine?: number
  /** The offset in the file at which the text starts; 0 if not given. */
  readonly offset?: number
}

/** One document as kubectl reads it; `value` is absent if an error diagnostic says why. An empty document is null. */
export interface YamlDocument {
  readonly value?: JsonValue
  readonly places: Places
  readonly diagnostics: readonly Diagnostic[]
}

/** The text of one document of a file that may hold several. */
export interface DocumentText {
  readonly text: string
  /** Counts from 1. */
  readonly firstLine: number
  /** UTF-16 units from the file's start. */
  readonly offset: number
  /**
   * The separator that ends the document, if kubectl would stop there with `invalid Yaml document separator`: something other
   * than a comment follows its dashes.
   */
  readonly badSeparator?: { readonly text: string; readonly line: number; readonly offset: number }
}

/** A file as kubectl reads it: the documents before the first error, and what strict decoding would have refused. */
export interface YamlFile {
  readonly documents: readonly JsonValue[]
  readonly error?: string
  readonly strict?: string
  /** The order of a Go map decides, as between the keys `1` and `"1"`; the answer is the first by its text. */
  readonly random?: true
}
