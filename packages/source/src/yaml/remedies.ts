/** What would be right, by what go-yaml says is wrong. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'mapping values are not allowed in this context',
    'Quote a value that contains ": ", or put a nested mapping on the next line, indented deeper.',
  ],
  [
    "could not find expected ':'",
    'Every line of a mapping is "key: value"; indent the lines of a longer value deeper, or use "|".',
  ],
  [
    'did not find expected key',
    'The line is indented differently from the keys above it, or a quote or bracket before it is not closed.',
  ],
  ["did not find expected '-' indicator", 'The entries of a list start with "- " at one and the same column.'],
  ['block sequence entries are not allowed in this context', 'Start the list on the line after the key.'],
  ['mapping keys are not allowed in this context', 'Start a key after "? " on a line of its own.'],
  [
    'found character that cannot start any token',
    'Indent with spaces, not tabs; quote a value that starts with @, `, % or |.',
  ],
  ['found a tab character where an indentation space is expected', 'Indent with spaces, not tabs.'],
  ['found a tab character that violates indentation', 'Indent with spaces, not tabs.'],
  [
    'found unknown escape character',
    'Within double quotes a backslash starts an escape: write \\\\ for a backslash, or use single quotes.',
  ],
  ['found unexpected end of stream', 'Close the quote.'],
  ['found unexpected document indicator', 'Close the quote before the line that starts with --- or "...".'],
  ["did not find expected ',' or ']'", 'Close the "[" with "]", and put commas between its entries.'],
  [
    "did not find expected ',' or '}'",
    'Close the "{" with "}", and put commas between its entries; a ":" takes a space after it.',
  ],
  [
    'did not find expected <document start>',
    'A directive (%) must be followed by "---", and kubectl cuts the file there: remove the directive.',
  ],
  ['did not find expected alphabetic or numeric character', 'A value that starts with & or * must be quoted.'],
  ['control characters are not allowed', 'Remove the character, or write it as an escape within double quotes.'],
  ['document contains excessive aliasing', 'Write the values out instead of repeating them by aliases.'],
  [
    'map merge requires map or sequence of maps as the value',
    '"<<" takes a mapping, an alias of one, or a list of these.',
  ],
  ['!!binary value contains invalid base64 data', 'Write it in base64, padded with "=".'],
])

const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['yaml-alias-cycle', 'An anchor cannot be used within its own value.'],
  [
    'yaml-unknown-anchor',
    'Define the anchor with "&" before its alias, in the same document; quote a value that starts with "*".',
  ],
  ['yaml-tag', 'Remove the tag, or write a value of that type.'],
  ['yaml-too-deep', 'No value may be nested deeper than 10000.'],
  ['yaml-unsupported-key', 'A key must be a string, a number or a boolean; quote it.'],
  ['yaml-unsupported-value', 'JSON has no infinity and no NaN; quote the value if it is meant as text.'],
  ['yaml-separator', 'Only a comment may follow "---" on its line.'],
])

/** One remedy for a problem, if there is one to name. */
export function remedyFor(code: string, message: string): string | undefined {
  return REMEDIES.get(message) ?? BY_CODE.get(code)
}
