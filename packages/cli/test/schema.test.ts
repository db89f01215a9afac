import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import coverageSchema from '../schema/coverage.schema.json' with { type: 'json' }
import messageSchema from '../schema/message-explanation.schema.json' with { type: 'json' }
import { goldenCases, runCase } from './golden.ts'
import { COMPLETE, coverage } from './sample.ts'
import { fieldsOf, type Json, openObjects, propertiesOf, SchemaReader, spoiled } from './schema-fields.ts'

const COVERAGE = new SchemaReader(coverageSchema)
const MESSAGE = new SchemaReader(messageSchema)
const ajv = new Ajv2020({ strict: true })
const validators = new Map<SchemaReader, ValidateFunction>(
  [COVERAGE, MESSAGE].map(reader => [reader, ajv.compile(reader.root)]),
)

function problemsOf(reader: SchemaReader, document: unknown): unknown {
  const validate = validators.get(reader)
  return validate?.(document) === true ? undefined : validate?.errors
}

/** What is wrong and still taken. Each change stands only while it is asked about. */
function passing(reader: SchemaReader, document: Json): readonly string[] {
  const taken: string[] = []
  for (const change of spoiled(reader, document)) if (problemsOf(reader, document) === undefined) taken.push(change)
  return taken
}

async function answer(command: string): Promise<Json> {
  const outcome = await runCase({ name: '', env: {}, argv: command.split(' ') })
  expect(outcome.stderr).toBe('')
  return JSON.parse(outcome.stdout) as Json
}

describe('the schema of Coverage', () => {
  it('takes documents that the contract allows', () => {
    expect(problemsOf(COVERAGE, COMPLETE)).toBeUndefined()
    expect(problemsOf(COVERAGE, coverage([]))).toBeUndefined()
  })
  it('names no field that the sample of all fields has not', () => {
    const seen = new Set(fieldsOf(COVERAGE, JSON.parse(JSON.stringify(COMPLETE)) as Json).map(({ schema }) => schema))
    const unseen = COVERAGE.definitions().flatMap(([name, node]) =>
      Object.entries(propertiesOf(node) ?? {})
        .filter(([, property]) => !seen.has(property))
        .map(([key]) => `${name}.${key}`),
    )
    expect(unseen).toEqual([])
  })
  it('refuses the sample with any one field retyped, dropped where it is required, or added', () => {
    const document = JSON.parse(JSON.stringify(COMPLETE)) as Json
    expect(fieldsOf(COVERAGE, document).length).toBeGreaterThan(300)
    expect(passing(COVERAGE, document)).toEqual([])
    expect(problemsOf(COVERAGE, document)).toBeUndefined()
  })
  for (const story of [
    'seed-problem',
    'stable-not-tolerated',
    'quota-stops',
    'podsecurity-refuses',
    'rollout-stalls',
    'exists-with-fargate',
    'deploy-while-launching',
    'daemon-evicts-daemons',
  ]) {
    it(`takes the answer for the story ${story}, and no answer with one field spoiled`, async () => {
      const document = await answer(`why --cluster testdata/rollouts/${story}/cluster-after.json.gz -o json`)
      expect(problemsOf(COVERAGE, document)).toBeUndefined()
      expect(fieldsOf(COVERAGE, document).length).toBeGreaterThan(100)
      expect(passing(COVERAGE, document)).toEqual([])
    })
  }
  it('takes the answer for the demo', async () => {
    expect(problemsOf(COVERAGE, await answer('why --demo -o json'))).toBeUndefined()
  })
})

describe('the schema of MessageExplanation', () => {
  /** Texts that are no scheduler's messages are refused, not explained. */
  const refused = ['message-none', 'message-of-karpenter']
  const messages = goldenCases().filter(({ argv, name }) => argv.includes('--message') && !refused.includes(name))
  it('takes every explained message, and none with one field spoiled', async () => {
    expect(messages.length).toBeGreaterThan(4)
    for (const { name, env, argv } of messages) {
      const outcome = await runCase({
        name,
        env,
        argv: [...argv.filter(word => word !== '-o' && word !== 'json'), '-o', 'json'],
      })
      const document = JSON.parse(outcome.stdout) as Json
      expect(problemsOf(MESSAGE, document)).toBeUndefined()
      expect(passing(MESSAGE, document)).toEqual([])
    }
  })
})

describe('both schemas', () => {
  it('close every object', () => {
    expect([...openObjects(COVERAGE), ...openObjects(MESSAGE)]).toEqual([])
  })
  it('carry their own version in their names', () => {
    expect([coverageSchema.$id, messageSchema.$id]).toEqual([
      'https://everynode.dev/schema/v1alpha1/coverage.json',
      'https://everynode.dev/schema/v1alpha1/message-explanation.json',
    ])
  })
})
