import { type ClusterDump, type Coverage, type CoverOptions, cover, modelFor } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { admissionPluginsOf, unknownPlugin } from '../admission-plugins.ts'
import { againFor } from '../again.ts'
import { type ClusterArguments, loadClusterFrom } from '../cluster.ts'
import { diagnosticsText, failure, leftOut } from '../diagnostics.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { nearNames } from '../near-names.ts'
import { type OutputRequest, parseOutputs, writeAtomically } from '../outputs.ts'
import { daemonSetPage } from '../render/daemon-set.ts'
import { markdown } from '../render/markdown.ts'
import { messagePage } from '../render/message.ts'
import { troubledDaemonSets, troubledNodes } from '../render/names.ts'
import { nodePage } from '../render/node.ts'
import type { Beside } from '../render/notes.ts'
import { overview } from '../render/overview.ts'
import { someOf } from '../render/words.ts'
import { parseName, type SelectArguments, selectDaemonSets, selectNode } from '../select.ts'
import type { Settings } from '../settings.ts'
import { loadSettings } from '../settings-file.ts'
import { parseSubject } from '../subject.ts'
import { type Terminal, terminalOf } from '../terminal/terminal.ts'
import { harmlessJson } from '../terminal/text.ts'
import { codeOf, FAIL_ON, type FailOn } from '../verdict-code.ts'
import { statementsOf } from '../waivers.ts'

export interface WhyArguments extends ClusterArguments, SelectArguments {
  readonly node?: string
  readonly output: readonly string[]
  readonly onlyPools: readonly string[]
  readonly exceptPools: readonly string[]
  readonly failOn: readonly string[]
  readonly message?: string
  readonly kubernetesVersion?: string
  readonly admissionPlugins?: readonly string[]
  readonly config?: string
  readonly color?: boolean
}

const FORMATS = ['table', 'wide', 'json', 'name', 'markdown'] as const
type Format = (typeof FORMATS)[number]

/** `everynode why`: reads a cluster, asks the engine, prints the answer; returns the exit code. */
export async function why(options: WhyArguments, io: Io): Promise<number> {
  const talk = (diagnostics: readonly Diagnostic[]): void =>
    io.stderr.write(diagnosticsText(terminalOf(io, io.stderr, options.color), diagnostics))
  const refuse = (...diagnostics: readonly Diagnostic[]): number => {
    talk(diagnostics)
    return EXIT.noAnswer
  }
  const usage = usageProblem(options)
  const subject = options.message === undefined ? parseSubject(options.daemonSet, options.node) : undefined
  if (subject !== undefined) {
    if (usage !== undefined) return refuse(usage)
    const { whyPod } = await import('./why-pod.ts')
    return await whyPod(subject, options, io)
  }
  const { requests, problem } = parseOutputs(options.output, FORMATS)
  if (problem !== undefined) return refuse(problem)
  if (usage !== undefined) return refuse(usage)
  if (options.message !== undefined && options.daemonSet !== undefined)
    talk([
      {
        code: 'not-asked',
        severity: 'warning',
        message: `--message is explained by itself: "${options.daemonSet}" is not looked at`,
      },
    ])
  if (options.message !== undefined) return await explainMessage(options.message, requests, options, io, refuse)
  const settings = await loadSettings(io, options.config)
  if (settings.problems.length > 0) return refuse(...settings.problems)
  const { dump, name, diagnostics, command } = await loadClusterFrom(options, io)
  talk(diagnostics)
  if (command !== undefined) io.stderr.write(`\n  ${command}\n`)
  if (dump === undefined) return EXIT.noAnswer
  const asked = questionOf(dump, options)
  if ('problem' in asked) return refuse(keptOut(diagnostics, options) ?? asked.problem)
  const base = coverOptions(options, settings.settings, name, asked)
  const coverage = focused(cover(dump, base), asked.node)
  const pools = asked.node === undefined ? poolProblem(coverage, dump, options) : undefined
  if (pools !== undefined) return refuse(pools)
  const partial = diagnostics.some(({ severity }) => severity === 'error')
  const { waivers } = settings.settings
  const beside: Beside = { waivers, partial, again: againFor(options) }
  for (const request of requests) {
    const shown =
      request.format === 'wide' && asked.node === undefined ? cover(dump, { ...base, grouping: 'node' }) : coverage
    const text = rendered(shown, asked, request, beside, options, io)
    if (request.file === undefined) io.stdout.write(text)
    else {
      const unwritable = await writeAtomically(io, request.file, text)
      if (unwritable !== undefined) return refuse(unwritable)
    }
  }
  if (options.demo === true) return EXIT.ok
  const failOn = new Set(options.failOn as readonly FailOn[])
  return codeOf(coverage, { failOn, waivers, partial })
}

/** The DaemonSet or the node that is asked about, where errors of the input keep it out. */
function keptOut(
  diagnostics: readonly Diagnostic[],
  { daemonSet, node, namespace }: WhyArguments,
): Diagnostic | undefined {
  const wanted = daemonSet === undefined ? undefined : parseName(daemonSet)
  const own = wanted && leftOut(diagnostics, 'DaemonSet', wanted.name, wanted.namespace ?? namespace)
  return own ?? (node === undefined ? undefined : leftOut(diagnostics, 'Node', node, undefined))
}

function usageProblem(options: WhyArguments): Diagnostic | undefined {
  const unknown = options.failOn.find(name => !FAIL_ON.some(known => known === name))
  if (unknown !== undefined)
    return failure(
      'usage',
      `unknown --fail-on "${unknown}"`,
      `It is one of ${FAIL_ON.join(', ')}, or several with commas.`,
    )
  if (options.failOn.includes('never') && options.failOn.length > 1)
    return failure('usage', '--fail-on never stands alone')
  if (options.kubernetesVersion !== undefined && modelFor(options.kubernetesVersion) === undefined)
    return failure('usage', `"${options.kubernetesVersion}" is no version of Kubernetes`, 'Write 1.36 or v1.36.2.')
  return unknownPlugin(options.admissionPlugins ?? [])
}

/** What is asked about: DaemonSets as `namespace/name`, and one node if it is named. */
interface Question {
  readonly keys: ReadonlySet<string>
  readonly node?: string
  readonly one: boolean
}

function questionOf(dump: ClusterDump, options: WhyArguments): Question | { readonly problem: Diagnostic } {
  const selected = selectDaemonSets(dump, options)
  if (selected.problem !== undefined) return { problem: selected.problem }
  const one = options.daemonSet !== undefined
  if (options.node === undefined) return { keys: selected.keys, one }
  const node = selectNode(dump, options.node)
  return 'problem' in node ? node : { keys: selected.keys, node: node.name, one }
}

function coverOptions(
  options: WhyArguments,
  settings: Settings,
  clusterName: string | undefined,
  asked: Question,
): CoverOptions {
  const narrowed =
    asked.one || options.selector !== undefined || (options.namespace !== undefined && options.allNamespaces !== true)
  return {
    intent: [...settings.intent, ...statementsOf(settings.waivers, clusterName)],
    ...(narrowed ? { only: asked.keys } : {}),
    ...(asked.node === undefined ? {} : { grouping: 'node' as const }),
    ...(options.kubernetesVersion === undefined ? {} : { kubernetesVersion: options.kubernetesVersion }),
    ...(clusterName === undefined ? {} : { clusterName }),
    ...(options.admissionPlugins === undefined
      ? {}
      : { admissionPlugins: admissionPluginsOf(options.admissionPlugins) }),
    ...(options.onlyPools.length === 0 ? {} : { onlyPools: options.onlyPools }),
    ...(options.exceptPools.length === 0 ? {} : { exceptPools: options.exceptPools }),
  }
}

/** The same answer with the groups of one node only; remedies keep their price for all nodes. */
function focused(coverage: Coverage, node: string | undefined): Coverage {
  if (node === undefined) return coverage
  const daemonSets = coverage.daemonSets.map(daemonSet => ({
    ...daemonSet,
    groups: daemonSet.groups.filter(({ nodes }) => nodes.includes(node)).map(group => ({ ...group, nodes: [node] })),
  }))
  return { ...coverage, daemonSets }
}

/** A pool that is misspelt would silently leave out everything. */
function poolProblem(coverage: Coverage, dump: ClusterDump, options: WhyArguments): Diagnostic | undefined {
  const pools = new Set((dump.nodePools ?? []).map(({ metadata }) => metadata.name ?? ''))
  for (const { groups } of coverage.daemonSets) for (const { pool } of groups) if (pool !== undefined) pools.add(pool)
  const unknown = [...options.onlyPools, ...options.exceptPools].find(name => !pools.has(name))
  if (unknown === undefined || coverage.daemonSets.length === 0) return undefined
  const near = nearNames(unknown, pools)
  return failure(
    'unknown-pool',
    `no NodePool is named "${unknown}"`,
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : pools.size === 0
        ? 'No node belongs to a pool.'
        : `There are ${someOf([...pools].sort(), 6)}.`,
  )
}

function rendered(
  coverage: Coverage,
  asked: Question,
  { format, file }: OutputRequest<Format>,
  beside: Beside,
  options: WhyArguments,
  io: Io,
): string {
  const terminal =
    file === undefined ? terminalOf(io, io.stdout, options.color) : { width: 120, color: false, unicode: true }
  switch (format) {
    case 'json':
      return `${harmlessJson(JSON.stringify(coverage, undefined, 2))}\n`
    case 'markdown':
      return markdown(coverage, beside.partial)
    case 'name':
      return lined(asked.one ? troubledNodes(coverage) : troubledDaemonSets(coverage))
    default:
      return lined(screen(terminal, coverage, asked, format === 'wide', beside))
  }
}

function screen(
  terminal: Terminal,
  coverage: Coverage,
  asked: Question,
  wide: boolean,
  beside: Beside,
): readonly string[] {
  const [only] = coverage.daemonSets
  if (!asked.one || only === undefined) return overview(terminal, coverage, wide, beside)
  const group = asked.node === undefined ? undefined : only.groups[0]
  return asked.node === undefined || group === undefined
    ? daemonSetPage(terminal, coverage, only, wide, beside)
    : nodePage(terminal, coverage, only, asked.node, group)
}

function lined(lines: readonly string[]): string {
  return lines.map(text => `${text}\n`).join('')
}

async function explainMessage(
  text: string,
  requests: readonly OutputRequest<Format>[],
  options: WhyArguments,
  io: Io,
  refuse: (...diagnostics: readonly Diagnostic[]) => number,
): Promise<number> {
  const page = messagePage(terminalOf(io, io.stdout, options.color), text)
  if (!page.understood)
    return refuse(
      failure(
        'no-scheduling-message',
        page.parsed.explanation.join(' '),
        /nodepool|instance type|nodeclaim/i.test(text)
          ? 'It reads like Karpenter, which says why it adds no node. Name the pod: everynode why pod/NAME.'
          : "It takes the message of a FailedScheduling event or of a pod's PodScheduled condition. For a FailedCreate event name the DaemonSet: everynode why DAEMONSET.",
      ),
    )
  for (const { format, file } of requests) {
    if (format === 'name' || format === 'markdown') return refuse(failure('usage', `--message has no -o ${format}`))
    const answer =
      format === 'json'
        ? `${harmlessJson(JSON.stringify({ apiVersion: 'everynode.dev/v1alpha1', kind: 'MessageExplanation', message: page.parsed }, undefined, 2))}\n`
        : lined(page.lines)
    if (file === undefined) io.stdout.write(answer)
    else {
      const unwritable = await writeAtomically(io, file, answer)
      if (unwritable !== undefined) return refuse(unwritable)
    }
  }
  return EXIT.ok
}
