/** What a folder's files are read by. */
const READ_ENDINGS: readonly string[] = ['.json', '.yaml', '.yml', '.jsonl', '.ndjson']

/** A recorded story: the cluster before its change. */
const STORY: readonly string[] = ['cluster-before.json', 'cluster-before.json.gz']

/**
 * Which of a folder's files are read, given the names below it (with `/` between folders): those that end as JSON or YAML does,
 * also behind `.gz`, in code point order. A folder that holds `cluster-before.json` is read as that file alone.
 */
export function chooseFiles(names: readonly string[]): readonly string[] {
  const story = STORY.find(name => names.includes(name))
  if (story !== undefined) return [story]
  return names.filter(isRead).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function isRead(name: string): boolean {
  const parts = name.split('/')
  if (parts.some(part => part.startsWith('.'))) return false
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  return READ_ENDINGS.some(ending => plain.endsWith(ending))
}
