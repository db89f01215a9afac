import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import schema from '../schema/pod-explanation.schema.json' with { type: 'json' }
import { runCase } from './golden.ts'
import { COMPLETE_PODS } from './pod-sample.ts'
import { fieldsOf, type Json, openObjects, propertiesOf, SchemaReader, spoiled } from './schema-fields.ts'

const READER = new SchemaReader(schema)
const validate = new Ajv2020({ strict: true }).compile(schema)
const problemsOf = (document: unknown): unknown => (validate(document) ? undefined : validate.errors)
const plain = (document: unknown): Json => JSON.parse(JSON.stringify(document)) as Json

/** What is wrong and still taken. Each change stands only while it is asked about. */
function passing(document: Json): readonly string[] {
  const taken: string[] = []
  for (const change of spoiled(READER, document)) if (validate(document)) taken.push(change)
  return taken
}

const SHOP = 'why --cluster testdata/cli/why-pod-spread/input/shop.json'

describe('the schema of PodExplanation', () => {
  it('takes a document with every field', () => {
    expect(problemsOf(plain(COMPLETE_PODS))).toBeUndefined()
  })
  it('names no field that the sample of all fields has not', () => {
    const seen = new Set(fieldsOf(READER, plain(COMPLETE_PODS)).map(field => field.schema))
    const unseen = READER.definitions().flatMap(([name, node]) =>
      Object.entries(propertiesOf(node) ?? {})
        .filter(([, property]) => !seen.has(property))
        .map(([key]) => `${name}.${key}`),
    )
    expect(unseen).toEqual([])
  })
  it('refuses the sample with any one field retyped, dropped where it is required, or added', () => {
    const document = plain(COMPLETE_PODS)
    expect(fieldsOf(READER, document).length).toBeGreaterThan(300)
    expect(passing(document)).toEqual([])
    expect(problemsOf(document)).toBeUndefined()
  })
  for (const command of [
    `${SHOP} deploy/web`,
    `${SHOP} deploy/orders`,
    `${SHOP} deploy/api`,
    `${SHOP} job/report`,
    `${SHOP} pod/train-0`,
    `${SHOP} sts/search`,
    'why --cluster testdata/rollouts/hostport-clash/cluster-after.json.gz deploy/gateway',
    'why --demo -n kube-system pod/kube-proxy-2flld',
  ]) {
    it(`takes the answer of everynode ${command}, and no answer with one field spoiled`, async () => {
      const { stdout } = await runCase({ name: '', env: {}, argv: [...command.split(' '), '-o', 'json'] })
      const document = JSON.parse(stdout) as Json
      expect(problemsOf(document)).toBeUndefined()
      expect(fieldsOf(READER, document).length).toBeGreaterThan(20)
      expect(passing(document)).toEqual([])
    })
  }
  it('closes every object, and carries its version in its name', () => {
    expect([...openObjects(READER)]).toEqual([])
    expect(schema.$id).toBe('https://everynode.dev/schema/v1alpha1/pod-explanation.json')
  })
})
