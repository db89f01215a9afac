import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DocumentSplitter, type DocumentText, parseYamlDocument, readYamlFile, splitDocuments } from '@everynode/source'
import { repositoryRoot } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const MANIFESTS = join(repositoryRoot(), 'testdata/manifests')
const MANIFEST_TEXTS = readdirSync(MANIFESTS)
  .filter(name => name.endsWith('.yaml'))
  .map(name => readFileSync(join(MANIFESTS, name), 'utf8'))

/** What is apt to break the reading of a text. */
const FRAGMENTS = [
  ...[
    '\ufeff',
    '\0',
    '\x7f',
    '\x85',
    '\u2028',
    '\r',
    '\r\n',
    '\n',
    '\t',
    '  ',
    ':',
    ': ',
    '- ',
    '? ',
    '!',
    '!!int ',
    '!<',
  ],
  ...[
    '%TAG ! !a\n',
    '---\n',
    '--- x\n',
    '...\n',
    '&a ',
    '*a',
    '#',
    '|',
    '>-\n',
    '"',
    "'",
    '\\',
    '\\u12',
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    ',',
    '<<: *a',
    '@',
    '~: ',
    '.inf',
    '1: ',
    '"1": ',
    '😀',
    '\ud800',
    '{"a":',
    '- '.repeat(300),
    '[{a: '.repeat(300),
  ],
]

const mutant = fc
  .tuple(
    fc.constantFrom(...MANIFEST_TEXTS),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...FRAGMENTS), fc.nat(20)), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.nat(6000),
  )
  .map(([manifest, changes, from]) => {
    let text = manifest.slice(from % manifest.length, (from % manifest.length) + 6000)
    for (const [where, fragment, removed] of changes) {
      const at = Math.floor(where * text.length)
      text = text.slice(0, at) + fragment + text.slice(at + removed)
    }
    return text
  })

function documentsIn(chunks: readonly string[]): readonly DocumentText[] {
  const splitter = new DocumentSplitter()
  return [...chunks.flatMap(chunk => splitter.push(chunk)), ...splitter.end()]
}

describe('reading', () => {
  test('JSON gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (json, indent) => {
        const value: unknown = JSON.parse(json)
        const text = JSON.stringify(value, undefined, indent)
        // YAML refuses these characters; whole numbers beyond 2^53 are bigints.
        fc.pre(!/[0-9]{16}/.test(text))
        fc.pre(!text.includes('\x7f') && !/[\u0080-\u009f\ufffe\uffff\ufeff\p{Surrogate}]/u.test(text))
        const { documents, error } = readYamlFile(`${text}\n`)
        expect(error).toBeUndefined()
        expect(documents).toEqual(value === null ? [] : [value])
      }),
    )
  })

  test('never throws, and tells what is wrong with a place within the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mutant,
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...FRAGMENTS)).map(parts => parts.join('')),
        ),
        text => {
          readYamlFile(text)
          for (const document of documentsIn([text])) {
            const { diagnostics, value } = parseYamlDocument(document.text, { file: 'a', ...document })
            expect(value === undefined).toBe(diagnostics.some(one => one.severity === 'error'))
            for (const { place } of diagnostics) {
              expect(place?.line).toBeGreaterThanOrEqual(document.firstLine)
              expect(place?.column).toBeGreaterThanOrEqual(1)
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a document alone gives the value that it has in its file', () => {
    for (const text of MANIFEST_TEXTS) {
      const values = documentsIn([text]).map(
        document => parseYamlDocument(document.text, { file: 'a', ...document }).value,
      )
      expect(values.filter(value => value !== null)).toEqual(readYamlFile(text).documents)
    }
  })
})

describe('the places of a manifest', () => {
  test('point at every scalar of it', () => {
    let checked = 0
    for (const text of MANIFEST_TEXTS) {
      for (const document of documentsIn([text])) {
        const { value, places } = parseYamlDocument(document.text, { file: 'a', ...document })
        if (value === null) continue
        for (const [path, scalar] of scalarsOf(value, [])) {
          const range = places.of(path)
          expect(range).toBeDefined()
          const source = text.slice(range?.offset, range?.endOffset)
          // What stands there is the value again when it is read by itself.
          expect([scalar, null]).toContainEqual(readYamlFile(`${source}\n`).documents[0] ?? null)
          expect(text.split('\n')[(range?.line ?? 0) - 1]).toContain(source.split('\n')[0])
          checked++
          if (checked % 7 === 0) break
        }
      }
    }
    expect(checked).toBeGreaterThan(500)
  })
})

function* scalarsOf(
  value: unknown,
  path: readonly (string | number)[],
): Generator<[readonly (string | number)[], unknown]> {
  if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* scalarsOf(item, [...path, at])
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* scalarsOf(item, [...path, key])
  } else if (typeof value !== 'string' || !value.includes('\n')) yield [path, value]
}

describe('splitting', () => {
  test('does not depend on the chunks', () => {
    fc.assert(
      fc.property(mutant, fc.array(fc.nat(700)), (text, sizes) => {
        const chunks: string[] = []
        let at = 0
        for (const size of sizes) {
          chunks.push(text.slice(at, at + size))
          at += size
        }
        chunks.push(text.slice(at))
        expect(documentsIn(chunks)).toEqual(documentsIn([text]))
      }),
    )
  })

  test('gives texts that stand in the file where they say', async () => {
    for (const text of MANIFEST_TEXTS) {
      for await (const document of splitDocuments([text.slice(0, 1000), text.slice(1000)])) {
        expect(text.startsWith(document.text, document.offset)).toBe(true)
        expect(text.slice(0, document.offset).split('\n')).toHaveLength(document.firstLine)
      }
    }
  })
})
