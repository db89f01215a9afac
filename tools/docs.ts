// npm run docs -- [--check]: writes the outputs that pages show, then checks links and the drawn tree. --check writes nothing.
// Exit 1: a stale output, a dead link or a folder that docs/architecture.md does not name.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deadLinks } from './docs/links.ts'
import { type Shown, withOutputs } from './docs/outputs.ts'
import { open } from './door.ts'

/** Recorded material and the folder of another program: their pages are not ours to rewrite. */
const NOT_OURS = /^(testdata|oracle)\//
const ARCHITECTURE = 'docs/architecture.md'

await open(async argv => {
  const { values } = parseArgs({ args: [...argv], options: { check: { type: 'boolean', default: false } } })
  const pages = markdownFiles()
  const troubles: string[] = []
  let links = 0
  let outputs = 0
  for (const page of pages) {
    const text = readFileSync(page, 'utf8')
    const shown = withOutputs(text, outputOf)
    outputs += shown.outputs
    if (shown.text !== text) {
      if (values.check) troubles.push(...staleText(page, shown))
      else writeFileSync(page, shown.text)
    }
    const checked = deadLinks(page, shown.text, pageOf)
    links += checked.links
    troubles.push(...checked.dead)
  }
  troubles.push(...undrawnFolders())
  for (const trouble of troubles) console.error(`error: ${trouble}`)
  console.log(`docs: ${pages.length} pages, ${links} links, ${outputs} outputs, ${troubles.length} troubles`)
  return troubles.length === 0 && pages.length > 0 ? 0 : 1
})

function markdownFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8',
  })
  return listed.split('\n').filter(path => path !== '' && !NOT_OURS.test(path) && existsSync(path))
}

function pageOf(path: string): string | undefined {
  return path.endsWith('.md') && existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** What a command of a page prints on a terminal of 80 columns without colour. */
function outputOf(command: string): string {
  const words = command.split(/\s+/)
  const args =
    words[0] === 'npx' && words[1] === 'everynode'
      ? ['cli', ...words.slice(2)]
      : words[0] === 'npm' && words[1] === 'run'
        ? words.slice(2).filter(word => word !== '--')
        : words[0] === 'node' && words[1] === 'tools/run.mjs'
          ? words.slice(2)
          : undefined
  if (args === undefined)
    throw new Error(
      `a page shows the output of "${command}": only npx everynode …, npm run … and node tools/run.mjs … can be`,
    )
  const { FORCE_COLOR: _, ...rest } = process.env
  const env = { ...rest, NO_COLOR: '1', COLUMNS: '80', LC_ALL: 'C.UTF-8' }
  try {
    return execFileSync(process.execPath, ['tools/run.mjs', ...args], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } catch (error) {
    // A finding is an answer too: only exit codes from 2 on mean that there is none.
    if (error instanceof Error && 'status' in error && error.status === 1 && 'stdout' in error)
      return String(error.stdout)
    throw error
  }
}

function staleText(page: string, { stale }: Shown): readonly string[] {
  return stale.map(
    ({ line, command }) => `${page}:${line}: the output of "${command}" is stale; npm run docs writes it anew`,
  )
}

/** Folders of the packages that the architecture page does not name: it is drawn from the tree, so it names all. */
function undrawnFolders(): readonly string[] {
  if (!existsSync(ARCHITECTURE)) return [`${ARCHITECTURE} does not exist`]
  const text = readFileSync(ARCHITECTURE, 'utf8')
  const folders = readdirSync('packages', { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) => [`packages/${name}`, ...foldersOf(`packages/${name}/src`)])
  return folders
    .filter(folder => !text.includes(`${folder.slice(folder.lastIndexOf('/') + 1)}/`))
    .map(folder => `${ARCHITECTURE}: ${folder} is not drawn`)
}

function foldersOf(path: string): readonly string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => `${path}/${entry.name}`)
}
