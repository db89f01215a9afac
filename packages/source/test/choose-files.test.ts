import { describe, expect, test } from 'vitest'
import { chooseFiles } from '../src/choose-files.ts'

describe('the files of a folder', () => {
  test('are those that end as JSON or YAML does, packed ones too, in order', () => {
    const names = [
      'b.yml',
      'a.json',
      'README.md',
      'sub/c.yaml.gz',
      'x.jsonl',
      '.hidden.json',
      '.git/x.json',
      'Z.JSON',
      'y.ndjson.gz',
    ]
    expect(chooseFiles(names)).toEqual(['Z.JSON', 'a.json', 'b.yml', 'sub/c.yaml.gz', 'x.jsonl', 'y.ndjson.gz'])
  })

  test('are one file where a story is recorded', () => {
    expect(chooseFiles(['change.json', 'cluster-before.json.gz', 'cluster-after.json'])).toEqual([
      'cluster-before.json.gz',
    ])
    expect(chooseFiles(['cluster-before.json', 'x.yaml'])).toEqual(['cluster-before.json'])
    expect(chooseFiles(['deeper/cluster-before.json', 'x.yaml'])).toEqual(['deeper/cluster-before.json', 'x.yaml'])
  })
})
