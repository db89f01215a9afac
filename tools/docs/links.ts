import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Links of one page: how many there are and which lead nowhere. */
export interface Checked {
  readonly links: number
  readonly dead: readonly string[]
}

/** Checks the relative links and anchors of a page; addresses of the web are not asked. `pageOf` gives the text of a page. */
export function deadLinks(page: string, text: string, pageOf: (path: string) => string | undefined): Checked {
  const dead: string[] = []
  let links = 0
  let fenced = false
  text.split('\n').forEach((line, index) => {
    if (line.startsWith('```')) fenced = !fenced
    if (fenced) return
    for (const [, target = ''] of line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      links++
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(file)) dead.push(`${page}:${index + 1}: ${target} leads nowhere`)
      else if (anchor !== undefined && !anchorsOf(pageOf(file) ?? '').has(anchor))
        dead.push(`${page}:${index + 1}: ${target}: no heading has this anchor`)
    }
  })
  return { links, dead }
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    anchors.add(anchor)
  }
  return anchors
}
