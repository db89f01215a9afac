import { explainPods, type PodExplanation, type Subject } from '@everynode/engine'
import { againFor } from '../again.ts'
import { loadClusterFrom } from '../cluster.ts'
import { diagnosticsText, failure, leftOut } from '../diagnostics.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { parseOutputs, writeAtomically } from '../outputs.ts'
import { podPage } from '../render/pod-page.ts'
import { troubledPods, worstOfPods } from '../render/pod-words.ts'
import { type NamedSubject, selectSubject } from '../subject.ts'
import { terminalOf } from '../terminal/terminal.ts'
import { harmlessJson } from '../terminal/text.ts'
import type { FailOn } from '../verdict-code.ts'
import type { WhyArguments } from './why.ts'

const FORMATS = ['table', 'wide', 'json', 'name'] as const

/** `everynode why pod/NAME`, `deploy/NAME`: why the pods of one object are Pending, or where they would land; returns the exit code. */
export async function whyPod(named: NamedSubject, options: WhyArguments, io: Io): Promise<number> {
  const refuse = (...diagnostics: Parameters<typeof diagnosticsText>[1]): number => {
    io.stderr.write(diagnosticsText(terminalOf(io, io.stderr, options.color), diagnostics))
    return EXIT.noAnswer
  }
  const { requests, problem } = parseOutputs(options.output, FORMATS)
  if (problem !== undefined) return refuse(problem)
  const needless = needlessOption(options)
  if (needless !== undefined)
    return refuse(failure('usage', `${needless} is about DaemonSets, and ${named.text} is none`))
  const { dump, name, diagnostics, command } = await loadClusterFrom(options, io)
  io.stderr.write(diagnosticsText(terminalOf(io, io.stderr, options.color), diagnostics))
  if (command !== undefined) io.stderr.write(`\n  ${command}\n`)
  if (dump === undefined) return EXIT.noAnswer
  const selected = selectSubject(dump, named, options)
  if ('problem' in selected)
    return refuse(
      leftOut(diagnostics, named.kind, named.name, named.namespace ?? options.namespace) ?? selected.problem,
    )
  const ask = (subject: Subject, wide: boolean): PodExplanation =>
    explainPods(dump, subject, {
      ...(wide ? { grouping: 'shape' as const } : {}),
      ...(options.kubernetesVersion === undefined ? {} : { kubernetesVersion: options.kubernetesVersion }),
      ...(name === undefined ? {} : { clusterName: name }),
    })
  const explanation = ask(selected.subject, false)
  const partial = diagnostics.some(({ severity }) => severity === 'error')
  for (const { format, file } of requests) {
    const terminal =
      file === undefined ? terminalOf(io, io.stdout, options.color) : { width: 120, color: false, unicode: true }
    const wide = format === 'wide'
    const lines =
      format === 'json'
        ? [harmlessJson(JSON.stringify(explanation, undefined, 2))]
        : format === 'name'
          ? troubledPods(explanation)
          : podPage(terminal, wide ? ask(selected.subject, true) : explanation, wide, {
              partial,
              again: againFor(options),
            })
    const text = lines.map(one => `${one}\n`).join('')
    if (file === undefined) io.stdout.write(text)
    else {
      const unwritable = await writeAtomically(io, file, text)
      if (unwritable !== undefined) return refuse(unwritable)
    }
  }
  return options.demo === true ? EXIT.ok : codeOf(explanation, new Set(options.failOn as readonly FailOn[]), partial)
}

/** Pods that are there were admitted: only the pods that a DaemonSet would get are forecast through admission. */
function needlessOption(options: WhyArguments): string | undefined {
  const { selector, onlyPools, exceptPools, admissionPlugins, node, daemonSet } = options
  if (selector !== undefined) return '-l'
  if (onlyPools.length > 0) return '--only-pools'
  if (exceptPools.length > 0) return '--except-pools'
  if (admissionPlugins !== undefined) return '--admission-plugins'
  return node !== undefined && daemonSet?.includes('/') === true ? `the node "${node}"` : undefined
}

/** Findings first, then what cannot be told, then all is well. */
function codeOf(explanation: PodExplanation, failOn: ReadonlySet<FailOn>, partial: boolean): ExitCode {
  if (failOn.has('never')) return EXIT.ok
  const trouble = worstOfPods(explanation)
  if (trouble.has('missing')) return EXIT.finding
  if (failOn.has('waits') && trouble.has('waits')) return EXIT.finding
  if (!trouble.has('unknown') && explanation.unknown.length === 0 && !partial) return EXIT.ok
  return failOn.has('unknown') ? EXIT.finding : EXIT.cannotTell
}
