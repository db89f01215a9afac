import { type Browser, type BrowserContext, chromium, type JSHandle } from 'playwright-core'
import type { Question } from './answers.ts'
import { type ChromiumProgram, NoChromium } from './chromium.ts'

/** Nothing that is asked here leaves the machine, and nothing that Chromium does by itself. */
const OFFLINE = ['--disable-gpu', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND']
/** A batch takes seconds. */
const LIMIT_MS = 5 * 60 * 1000

/** The parts of a browser's worker that the page uses: no types of a browser are known here. */
interface PageWorker {
  onmessage?: (event: { readonly data: readonly string[] }) => void
  onerror?: (event: { readonly message: string }) => void
  postMessage(questions: readonly Question[]): void
}
declare const Worker: new (url: string) => PageWorker

/** An empty page of Chromium whose worker answers questions. */
export class AnsweringPage {
  readonly version: string
  /** Addresses that were asked for; an answer needs none. */
  readonly requests: string[] = []
  readonly #browser: Browser
  readonly #worker: JSHandle<PageWorker>

  private constructor(browser: Browser, context: BrowserContext, worker: JSHandle<PageWorker>) {
    this.version = browser.version()
    this.#browser = browser
    this.#worker = worker
    context.on('request', request => this.requests.push(request.url()))
  }

  /** `script` is what the worker runs (tools/browser/worker-script.ts). Throws NoChromium where the browser does not come up. */
  static async open({ path, env }: ChromiumProgram, script: string): Promise<AnsweringPage> {
    const browser = await chromium
      .launch({
        executablePath: path,
        env: { ...process.env, ...env },
        headless: true,
        chromiumSandbox: false,
        args: OFFLINE,
      })
      .catch((error: Error) => {
        throw new NoChromium(`${path} does not open a page: ${error.message.split('\n').slice(0, 3).join(' · ')}`)
      })
    try {
      const context = await browser.newContext({ offline: true })
      const page = await context.newPage()
      return new AnsweringPage(browser, context, await page.evaluateHandle(startWorker, script))
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  /** The answers in the order of the questions; one batch at a time. Throws where the worker fails or stays silent. */
  async ask(questions: readonly Question[]): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      const error = new Error(`Chromium left ${questions.length} questions unanswered for ${LIMIT_MS / 1000} s`)
      timer = setTimeout(() => reject(error), LIMIT_MS)
    })
    try {
      return await Promise.race([this.#worker.evaluate(askWorker, questions), silence])
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    await this.#browser.close()
  }
}

/** Runs in the page. The worker is there when it has answered no questions. */
async function startWorker(script: string): Promise<PageWorker> {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
  return await new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker)
    worker.onerror = ({ message }) => reject(new Error(`the worker does not start: ${message}`))
    worker.postMessage([])
  })
}

/** Runs in the page. */
async function askWorker(worker: PageWorker, questions: readonly Question[]): Promise<readonly string[]> {
  return await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`))
    worker.postMessage(questions)
  })
}
