import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { ClusterDump } from '@everynode/engine'
import { describe, expect, test } from 'vitest'
import { loadCluster } from '../src/load.ts'
import { readKindOf } from '../src/shapes/kinds.ts'
import { input, itemsOf, list, load, pieces, pod, recorded } from './inputs.ts'
import { reference } from './reference-projection.ts'

const STORIES = readdirSync(new URL('../../../testdata/rollouts/', import.meta.url), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

const lists = (dump: ClusterDump) => Object.entries(dump).filter(([, value]) => Array.isArray(value))

describe('recorded clusters', () => {
  test('are all there', () => expect(STORIES.length).toBe(42))

  test.each(STORIES)('%s loads completely and as the plain projection has it', async story => {
    for (const file of ['cluster-before.json.gz', 'cluster-after.json.gz']) {
      const bytes = recorded(story, file)
      const { dump, diagnostics, ignored } = await load(bytes, file)
      expect(diagnostics).toEqual([])
      const expected: Record<string, unknown[]> = {}
      const skipped = new Map<string, number>()
      for (const item of itemsOf(bytes)) {
        const read = readKindOf(item.apiVersion, item.kind)
        if (read !== undefined) {
          expected[read.field] ??= []
          expected[read.field]?.push(reference(item, read.shape))
        } else {
          const key = `${item.apiVersion}/${item.kind}`
          skipped.set(key, (skipped.get(key) ?? 0) + 1)
        }
      }
      expect(Object.fromEntries(lists(dump))).toEqual(expected)
      expect(ignored).toEqual(skipped)
      expect(dump.takenAt).toMatch(/^2026-\d\d-\d\dT/)
    }
  })

  test('load the same in chunks of any size, packed and as UTF-16', async () => {
    const bytes = recorded('seed-problem')
    const whole = await load(bytes)
    const text = new TextDecoder().decode(bytes)
    expect(whole.dump.nodes).toHaveLength(8)
    for (const size of [1, 7, 64, 1000, 65_537]) expect((await load(bytes, undefined, size)).dump).toEqual(whole.dump)
    expect((await load(gzipSync(bytes), 'x', 100)).dump).toEqual(whole.dump)
    expect((await load(Buffer.from(`\ufeff${text}`, 'utf16le'), 'x', 33)).dump).toEqual(whole.dump)
    expect((await load(Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'x', 33)).dump).toEqual(whole.dump)
    expect((await load(`\ufeff${text}`)).dump).toEqual(whole.dump)
  })
})

describe('formats', () => {
  const objects = [pod('a'), pod('b')]
  const names = (dump: ClusterDump) => dump.pods?.map(({ metadata }) => metadata.name)

  test.each([
    ['a List as kubectl prints it', JSON.stringify(list(...objects), undefined, 4)],
    ['an array', JSON.stringify(objects)],
    ['JSON lines', objects.map(object => JSON.stringify(object)).join('\n')],
    [
      'a typed list whose elements have no kind',
      JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: objects.map(withoutKind) }),
    ],
    [
      'a typed list that names its kind last',
      JSON.stringify({ items: objects.map(withoutKind), kind: 'PodList', apiVersion: 'v1' }),
    ],
    ['a List in a List', JSON.stringify(list(list(...objects)))],
    [
      'a typed list in a List',
      JSON.stringify(list({ apiVersion: 'v1', kind: 'PodList', items: objects.map(withoutKind) })),
    ],
    [
      'JSON and then YAML',
      `${JSON.stringify(objects[0])}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {}\n`,
    ],
    [
      'YAML and then JSON',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n---\n${JSON.stringify(objects[1])}\n`,
    ],
    [
      'a YAML List',
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {}\n',
    ],
    [
      'a YAML flow mapping',
      '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}, {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {}}]}',
    ],
  ])('%s', async (_, text) => {
    const { dump, diagnostics } = await load(text)
    expect(diagnostics).toEqual([])
    expect(names(dump)).toEqual(['a', 'b'])
    expect(dump.pods?.[0]).toMatchObject({ apiVersion: 'v1', kind: 'Pod' })
  })

  test('mix in one call', async () => {
    const { dump, diagnostics } = await loadCluster([
      input(gzipSync(JSON.stringify(list(pod('a')))), 'a.gz'),
      input('apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n', 'n.yaml'),
      input(`${JSON.stringify(pod('b'))}\n`, 'b.jsonl'),
      input('', 'nothing.yaml'),
    ])
    expect(names(dump)).toEqual(['a', 'b'])
    expect(dump.nodes).toHaveLength(1)
    expect(diagnostics).toMatchObject([{ code: 'empty-input', severity: 'warning' }])
  })

  test('a long YAML List is read element by element', async () => {
    const one = (index: number) =>
      `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p${index}\n    labels: {text: ${'x'.repeat(1000)}}\n  spec: {}\n`
    const items = Array.from({ length: 1500 }, (_, index) => one(index)).join('')
    const broken = items.replace('name: p7\n', 'name: [p7\n')
    const { dump, diagnostics } = await load(`apiVersion: v1\nitems:\n${broken}kind: List\nmetadata: {}\n`, 'long.yaml')
    expect(dump.pods).toHaveLength(1499)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]?.severity).toBe('error')
  })

  test('a short YAML List keeps its good elements too', async () => {
    const { dump, diagnostics } = await load(
      'kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {}\n- kind: [\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {}\n',
    )
    expect(names(dump)).toEqual(['a', 'b'])
    expect(diagnostics).toHaveLength(1)
  })
})

function withoutKind(object: object): object {
  const { kind: _kind, apiVersion: _version, ...rest } = object as { kind: string; apiVersion: string }
  return rest
}

describe('what is known', () => {
  test('a kind that was not met is unknown', async () => {
    const { dump } = await load(JSON.stringify(list(pod('a'))))
    expect(Object.keys(dump)).toEqual(['pods'])
  })

  test('an empty typed list is known to be empty', async () => {
    const { dump } = await load('{"kind":"PodDisruptionBudgetList","apiVersion":"policy/v1","metadata":{},"items":[]}')
    expect(dump).toEqual({ podDisruptionBudgets: [] })
  })

  test('a List may name the kinds that were read', async () => {
    const annotations = {
      'everynode.dev/kinds': 'nodes, PodDisruptionBudget, nodepools.karpenter.sh, limitRanges, nonsense',
      'everynode.dev/taken-at': '2026-03-04T05:06:07Z',
      'everynode.dev/kubernetes-version': 'v1.36.2',
    }
    const { dump } = await load(
      JSON.stringify({ apiVersion: 'v1', items: [], kind: 'List', metadata: { annotations } }),
    )
    expect(dump).toEqual({
      nodes: [],
      podDisruptionBudgets: [],
      nodePools: [],
      limitRanges: [],
      takenAt: '2026-03-04T05:06:07Z',
      kubernetesVersion: 'v1.36.2',
    })
  })

  test('the version is that of the server', async () => {
    const version = { clientVersion: { gitVersion: 'v1.30.0' }, serverVersion: { gitVersion: 'v1.35.1-eks-1' } }
    expect((await load(JSON.stringify(version))).dump.kubernetesVersion).toBe('v1.35.1-eks-1')
    expect((await load('{"major":"1","gitVersion":"v1.36.0"}')).dump.kubernetesVersion).toBe('v1.36.0')
    expect((await load('{"kind":"Info","apiVersion":"v1","gitVersion":"v1.36.1"}')).dump.kubernetesVersion).toBe(
      'v1.36.1',
    )
  })

  test('the newest past time is when the dump was taken', async () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z', deletionTimestamp: '2026-09-09T00:00:00Z' },
      status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-02-03T04:05:06Z' }] },
    }
    const { dump } = await load(JSON.stringify(node))
    expect(dump.takenAt).toBe('2026-02-03T04:05:06Z')
    expect(dump.nodes?.[0]?.status?.conditions).toEqual([{ type: 'Ready', status: 'True' }])
  })

  test('kinds that nothing reads are counted', async () => {
    const other = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: kind }, data: { password: 'x' } })
    const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 's' } }
    const { dump, ignored, diagnostics } = await load(JSON.stringify(list(other('Secret'), other('Secret'), knative)))
    expect([...ignored]).toEqual([
      ['v1/Secret', 2],
      ['serving.knative.dev/v1/Service', 1],
    ])
    expect(diagnostics).toEqual([])
    expect(dump).toEqual({})
  })

  test('webhooks and node classes are kept by their presence', async () => {
    const hook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'w' },
      webhooks: [{}],
    }
    const { dump } = await load(
      JSON.stringify(list(hook, { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'c' } })),
    )
    expect(dump.others).toEqual([
      { apiVersion: hook.apiVersion, kind: hook.kind, metadata: { name: 'w' } },
      { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'c' } },
    ])
  })
})

describe('what is kept of an object', () => {
  test('nothing that may hold a secret', async () => {
    const secret = 'do-not-store'
    const { dump } = await load(
      JSON.stringify({
        ...pod('a'),
        metadata: {
          name: 'a',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': secret,
            'meta.helm.sh/release-name': 'r',
            any: secret,
          },
          managedFields: [{ manager: 'm', fieldsV1: { secret } }],
        },
        spec: {
          containers: [{ name: 'c', env: [{ name: 'TOKEN', value: secret }], command: [secret], args: [secret] }],
          volumes: [{ name: 'v', configMap: { name: secret } }],
        },
      }),
    )
    expect(JSON.stringify(dump)).not.toContain(secret)
    expect(dump.pods?.[0]?.metadata).toEqual({ name: 'a', annotations: { 'meta.helm.sh/release-name': 'r' } })
    expect(dump.pods?.[0]?.spec.volumes).toEqual([{ name: 'v', configMap: {} }])
  })

  test('the managers of a DaemonSet', async () => {
    const template = { spec: { containers: [{ name: 'c' }] } }
    const { dump } = await load(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: {
          name: 'd',
          managedFields: [{ manager: 'eks', operation: 'Apply' }, { manager: 'kube-controller-manager' }],
        },
        spec: { template },
      }),
    )
    expect(dump.daemonSets?.[0]?.metadata.managedFields).toEqual([
      { manager: 'eks' },
      { manager: 'kube-controller-manager' },
    ])
  })

  test('one copy of equal parts', async () => {
    const { dump } = await load(JSON.stringify(list(pod('a'), pod('b'))))
    expect(dump.pods?.[0]?.spec.containers).toBe(dump.pods?.[1]?.spec.containers)
  })

  test('bare numbers as quantities, exact beyond 2^53', async () => {
    const { dump } = await load(
      '{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"status":{"capacity":{"cpu":4,"memory":9223372036854775807,"a/b":1.50,"pods":null}}}',
    )
    expect(dump.nodes?.[0]?.status?.capacity).toEqual({
      cpu: 4,
      memory: '9223372036854775807',
      'a/b': '1.50',
      pods: '0',
    })
  })

  test('no null', async () => {
    const { dump } = await load(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","creationTimestamp":null,"labels":{"a":null}},"spec":{"nodeName":null,"containers":null}}',
    )
    expect(dump.pods).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { a: '' } }, spec: {} }])
  })
})

test('of two objects of one name the later one counts, with both places', async () => {
  const first = JSON.stringify({ ...pod('a'), spec: { nodeName: 'old' } })
  const second = JSON.stringify({ ...pod('a'), spec: { nodeName: 'new' } })
  const { dump, diagnostics, places } = await loadCluster([input(first, 'a.json'), input(`\n${second}`, 'b.json')])
  expect(dump.pods?.map(({ spec }) => spec.nodeName)).toEqual(['new'])
  expect(diagnostics).toMatchObject([
    {
      code: 'duplicate-object',
      severity: 'warning',
      message: 'Pod "default/a" is read twice; the later one counts',
      place: { file: 'b.json', line: 2, column: 1 },
      related: [{ place: { file: 'a.json', line: 1, column: 1 } }],
    },
  ])
  expect(places.placeOf('pods', 0)).toEqual({ file: 'b.json', line: 2, column: 1 })
})

test('an error of the input itself is thrown on', async () => {
  const failing = {
    name: 'x',
    chunks: (async function* () {
      yield gzipSync('{"kind":').subarray(0, 12)
      throw new Error('disk')
    })(),
  }
  await expect(loadCluster([failing])).rejects.toThrow('disk')
})

test('chunks may be empty', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(pod('a')))
  const empty = new Uint8Array(0)
  expect(
    (await loadCluster([pieces(empty, bytes.subarray(0, 5), empty, bytes.subarray(5), empty)])).dump.pods,
  ).toHaveLength(1)
})
