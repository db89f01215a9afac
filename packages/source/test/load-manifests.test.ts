import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { DaemonSet } from '@everynode/engine'
import { describe, expect, test } from 'vitest'
import { loadManifests } from '../src/load-manifests.ts'
import { input } from './inputs.ts'

const FOLDER = new URL('../../../testdata/manifests/', import.meta.url)
const FILES = readdirSync(FOLDER).filter(name => /\.ya?ml(\.gz)?$/.test(name))

function textOf(name: string): string {
  const bytes = readFileSync(new URL(name, FOLDER))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

describe('public manifests', () => {
  test('are there', () => expect(FILES.length).toBeGreaterThan(20))

  test.each(FILES)('%s loads with its DaemonSets, each where it stands', async name => {
    const text = textOf(name)
    const lines = text.split('\n')
    const { objects, diagnostics } = await loadManifests([input(text, name)])
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const daemonSets = objects.filter(({ object }) => object.kind === 'DaemonSet')
    expect(daemonSets).toHaveLength(lines.filter(line => /^(?: {2}- | {4})?kind: DaemonSet\s*$/.test(line)).length)
    for (const { object, placeOf } of daemonSets) {
      const place = placeOf(['metadata', 'name'])
      expect(lines[place!.line - 1]?.slice(place!.column - 1)).toContain((object as DaemonSet).metadata.name)
    }
  })
})

describe('a manifest', () => {
  const yaml =
    'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        resources: {requests: {cpu: 100m}}\n'
  const path = ['spec', 'template', 'spec', 'containers', 0, 'resources', 'requests', 'cpu']

  test('in YAML tells the place of a path', async () => {
    const { objects } = await loadManifests([input(`# agent\n---\n${yaml}`, 'agent.yaml')])
    expect(objects).toHaveLength(1)
    expect(objects[0]?.place).toMatchObject({ file: 'agent.yaml', line: 3, column: 1 })
    expect(objects[0]?.placeOf(path)).toEqual({ file: 'agent.yaml', line: 12, column: 37, endColumn: 41 })
    expect(objects[0]?.placeOf(['spec', 'nothing'])).toBeUndefined()
  })

  test('in JSON tells the place of a path, in a List too', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { template: { spec: { containers: [{ name: 'a', resources: { requests: { cpu: '100m' } } }] } } },
    }
    for (const value of [
      object,
      { kind: 'List', items: [object] },
      [{ apiVersion: 'v1', kind: 'List', items: [object] }],
    ]) {
      const text = JSON.stringify(value, undefined, 2)
      const { objects } = await loadManifests([input(text, 'agent.json')])
      const place = objects[0]?.placeOf(path)
      const line = text.split('\n')[place!.line - 1]!
      expect(line.slice(place!.column - 1, place!.endColumn! - 1)).toBe('"100m"')
    }
  })

  test('of one name twice is given twice', async () => {
    const { objects, diagnostics } = await loadManifests([input(`${yaml}---\n${yaml}`, 'agent.yaml')])
    expect(objects).toHaveLength(2)
    expect(diagnostics).toEqual([])
  })

  test('of a retired version is read with a warning', async () => {
    const { objects, diagnostics } = await loadManifests([
      input(yaml.replace('apps/v1', 'extensions/v1beta1'), 'a.yaml'),
    ])
    expect(objects).toHaveLength(1)
    expect(diagnostics).toMatchObject([
      {
        code: 'retired-api-version',
        severity: 'warning',
        place: { line: 1, column: 13 },
        note: 'Write apiVersion: apps/v1.',
      },
    ])
  })

  test('of a kind that nothing reads is counted', async () => {
    const { objects, ignored } = await loadManifests([input('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n')])
    expect(objects).toEqual([])
    expect([...ignored]).toEqual([['v1/ConfigMap', 1]])
  })
})
