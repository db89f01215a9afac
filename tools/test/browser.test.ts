import { DEFAULT_VERSION } from '@everynode/engine'
import { describe, expect, test } from 'vitest'
import { answer, type Question } from '../browser/answers.ts'
import { type ChromiumProgram, findChromium, NoChromium } from '../browser/chromium.ts'
import { type Ask, type Asked, compareRuntimes } from '../browser/compare.ts'
import { AnsweringPage } from '../browser/page.ts'
import { workerScript } from '../browser/worker-script.ts'

const inNode: Ask = questions => Promise.all(questions.map(answer))

/** A runtime that answers the quantity 2Gi, and nothing else, in its own way. */
const changed =
  (change: (right: string) => string): Ask =>
  async questions =>
    (await inNode(questions)).map((right, i) => (isTwo(questions[i]) ? change(right) : right))

function isTwo(question: Question | undefined): boolean {
  return question?.kind === 'case' && question.input.includes('"2Gi"')
}

async function* asked(...texts: readonly string[]): AsyncGenerator<Asked> {
  for (const text of texts) {
    const question: Question = { kind: 'case', op: 'quantity', version: DEFAULT_VERSION, input: `{"text":"${text}"}` }
    const expect = JSON.parse(await answer(question))
    yield { name: `quantity ${text}`, question, recorded: { op: 'quantity', expect } }
  }
}

async function compare(node: Ask, chromium: Ask, cases = asked('1Gi', '2Gi', '3Gi')) {
  const lines: string[] = []
  const tally = await compareRuntimes(cases, { node, chromium, show: 1, write: text => lines.push(text) })
  return { ...tally, text: lines.join('\n') }
}

describe('the comparison of runtimes', () => {
  test('passes where both give the recorded answer', async () => {
    expect(await compare(inNode, inNode)).toEqual({ passed: 3, failed: 0, apart: 0, text: '' })
  })

  test('reports an answer that only one of them gets wrong, whichever it is', async () => {
    const wrong = changed(right => right.replace('"2Gi"', '"2048Mi"'))
    for (const [node, chromium] of [
      [inNode, wrong],
      [wrong, inNode],
    ] as const) {
      const { passed, failed, text } = await compare(node, chromium)
      expect({ passed, failed }).toEqual({ passed: 2, failed: 1 })
      expect(text).toContain('different: quantity 2Gi: Chromium is not Node')
      expect(text).toContain('2048Mi')
      expect(text).toMatch(/first at \.\w+/)
    }
  })

  test('reports bytes that differ even where the values are the same', async () => {
    const { failed, text } = await compare(
      inNode,
      changed(right => right.replace(':', ': ')),
    )
    expect(failed).toBe(1)
    expect(text).toMatch(/first at character \d+$/)
  })

  test('reports what both get wrong together, throw together, or leave out', async () => {
    const wrong = changed(() => '{"error":true}')
    expect((await compare(wrong, wrong)).text).toContain('both differ from the recording')
    const throwing = changed(() => 'threw TypeError: x')
    expect(await compare(throwing, throwing)).toMatchObject({ passed: 2, failed: 1 })
    const silent: Ask = async questions => (await inNode(questions)).slice(0, 2)
    expect((await compare(inNode, silent)).text).toContain('quantity 3Gi: Chromium gave no answer')
  })

  test('writes as many differences as asked and counts the rest', async () => {
    const wrong: Ask = async questions => questions.map(() => '{}')
    const { failed, text } = await compare(inNode, wrong)
    expect(failed).toBe(3)
    expect(text.match(/^different:/gm)).toHaveLength(1)
    expect(text).toContain('… further differences are only counted')
  })
})

describe('Chromium', () => {
  test('answers with the bytes of Node, in a worker, and is reported where its script is another', async ({ skip }) => {
    const program = programOr(skip)
    const script = await workerScript()
    expect(await inChromium(program, script)).toEqual({ passed: 3, failed: 0, apart: 0, text: '' })
    const wrong = `${script}
      const { answer } = everynode
      everynode = { answer: async question => (await answer(question)).replace('"2Gi"', '"2048Mi"') }`
    const { passed, failed, text } = await inChromium(program, wrong)
    expect({ passed, failed }).toEqual({ passed: 2, failed: 1 })
    expect(text).toContain('different: quantity 2Gi: Chromium is not Node')
  })

  test('whose worker does not start, or fails while it answers, is an error and no answer', async ({ skip }) => {
    const program = programOr(skip)
    await expect(inChromium(program, 'throw new Error("broken bundle")')).rejects.toThrow('broken bundle')
    const rejecting = `${await workerScript()}\neverynode = { answer: async () => { throw new Error('broken answer') } }`
    await expect(inChromium(program, rejecting)).rejects.toThrow('broken answer')
  })
})

function programOr(skip: (reason: string) => never): ChromiumProgram {
  try {
    return findChromium(console.error)
  } catch (error) {
    if (error instanceof NoChromium) skip(error.message)
    throw error
  }
}

async function inChromium(program: ChromiumProgram, script: string) {
  const page = await AnsweringPage.open(program, script)
  try {
    return await compare(inNode, questions => page.ask(questions))
  } finally {
    await page.close()
  }
}
