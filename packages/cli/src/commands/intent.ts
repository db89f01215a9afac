import { cover, type IntentQuestion, type IntentStatement } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { againFor } from '../again.ts'
import { type ClusterArguments, loadClusterFrom } from '../cluster.ts'
import { diagnosticsText, failure } from '../diagnostics.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { writeAtomically } from '../outputs.ts'
import { intentPage } from '../render/intent.ts'
import { capital, count, someOf } from '../render/words.ts'
import { type SelectArguments, selectDaemonSets } from '../select.ts'
import { loadSettings, SETTINGS_FILE } from '../settings-file.ts'
import { terminalOf } from '../terminal/terminal.ts'
import { statementsOf } from '../waivers.ts'

export interface IntentArguments extends ClusterArguments, SelectArguments {
  readonly taint?: string
  readonly pool?: string
  readonly write?: boolean
  readonly gap?: boolean
  readonly reason?: string
  readonly kubernetesVersion?: string
  readonly config?: string
  readonly color?: boolean
}

/** `everynode intent`: the taints that keep DaemonSets out and that nobody explained; records the answer with `--write`. */
export async function intent(options: IntentArguments, io: Io): Promise<number> {
  const talk = (diagnostics: readonly Diagnostic[]): void =>
    io.stderr.write(diagnosticsText(terminalOf(io, io.stderr, options.color), diagnostics))
  const refuse = (...diagnostics: readonly Diagnostic[]): number => {
    talk(diagnostics)
    return EXIT.noAnswer
  }
  if (options.write === true && (options.reason ?? '').trim() === '')
    return refuse(
      failure(
        'usage',
        '--write needs --reason',
        'Say why, for the one who reads it next year: --reason "GPU nodes run training only".',
      ),
    )
  const { settings, text = '', problems } = await loadSettings(io, options.config)
  if (problems.length > 0) return refuse(...problems)
  const { dump, name, diagnostics, command } = await loadClusterFrom(options, io)
  talk(diagnostics)
  if (command !== undefined) io.stderr.write(`\n  ${command}\n`)
  if (dump === undefined) return EXIT.noAnswer
  const selected = selectDaemonSets(dump, options)
  if (selected.problem !== undefined) return refuse(selected.problem)
  const coverage = cover(dump, {
    remedies: false,
    only: selected.keys,
    intent: [...settings.intent, ...statementsOf(settings.waivers, name)],
    ...(name === undefined ? {} : { clusterName: name }),
    ...(options.kubernetesVersion === undefined ? {} : { kubernetesVersion: options.kubernetesVersion }),
  })
  const questions = coverage.questions.filter(question => isAsked(question, options))
  if (coverage.unknown.some(({ list }) => list === 'nodes' || list === 'daemonSets'))
    return refuse(
      failure('missing-list', 'no list of nodes or no list of DaemonSets was read', 'Take both into the dump.'),
    )
  const about = [options.taint, options.pool === undefined ? undefined : `pool ${options.pool}`].filter(
    part => part !== undefined,
  )
  const open = coverage.questions.map(questionName)
  if (questions.length === 0 && open.length > 0) {
    const message = `no open question is about ${about.join(' of ')}`
    const note = `Open: ${someOf(open, 4)}.`
    if (options.write === true) return refuse(failure('no-question', message, note))
    io.stdout.write(`${capital(message)}\n${note}\n`)
    return EXIT.ok
  }
  const terminal = terminalOf(io, io.stdout, options.color)
  if (options.write !== true || questions.length === 0) {
    io.stdout.write(
      intentPage(terminal, questions, againFor(options))
        .map(line => `${line}\n`)
        .join(''),
    )
    return coverage.unknown.length > 0 ? EXIT.cannotTell : EXIT.ok
  }
  const file = options.config ?? SETTINGS_FILE
  const statements = questions.map(question => statementFor(question, options))
  const { withStatements } = await import('../settings-edit.ts')
  const unwritable = await writeAtomically(io, file, withStatements(text, statements))
  if (unwritable !== undefined) return refuse(unwritable)
  for (const question of questions)
    io.stdout.write(
      `${file}: taint ${questionName(question)} is ${options.gap === true ? 'a gap' : 'meant'} for ${count(question.daemonSets.length, 'DaemonSet')}\n`,
    )
  return EXIT.ok
}

function questionName({ taint, pool }: IntentQuestion): string {
  return `${taint}${pool === undefined ? '' : ` of pool ${pool}`}`
}

function isAsked(question: IntentQuestion, { taint, pool }: IntentArguments): boolean {
  return (
    (taint === undefined || question.taint === taint || question.taint.split(/[:=]/)[0] === taint) &&
    (pool === undefined || question.pool === pool)
  )
}

/** Names the DaemonSets of today: what nobody looked at yet must not pass as meant. */
function statementFor(question: IntentQuestion, { gap, reason = '' }: IntentArguments): IntentStatement {
  return {
    says: gap === true ? 'gap' : 'meant',
    taint: question.taint,
    ...(question.pool === undefined ? {} : { pool: question.pool }),
    daemonSets: question.daemonSets,
    reason,
  }
}
