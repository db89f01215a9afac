import { Command, CommanderError, Option } from 'commander'
import { version } from '../package.json'
import type { IntentArguments } from './commands/intent.ts'
import type { WhyArguments } from './commands/why.ts'
import { diagnosticsText, failure } from './diagnostics.ts'
import { EXIT } from './exit-codes.ts'
import type { Io } from './io.ts'
import { layout, line } from './terminal/layout.ts'
import { terminalOf } from './terminal/terminal.ts'

/** Commands that the design has and this version has not. */
const PLANNED = ['check', 'plan', 'fix', 'deploy', 'wait', 'roll', 'tax', 'snapshot', 'init', 'ui', 'controller']

const AFTER_HELP = [
  line(`Planned, not built yet: ${PLANNED.join(', ')}`, 2),
  line('Exit codes: 0 covered · 1 finding · 2 no answer · 3 cannot tell (partial data)', 2),
]

/** Parses the command line and runs the command; each command's code is loaded when it is asked for. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const state: { code: number } = { code: EXIT.ok }
  const program = programFor(io, state)
  if (argv.length === 0 || (argv[0] === 'help' && argv.length === 1)) {
    program.outputHelp()
    return EXIT.ok
  }
  try {
    await program.parseAsync(argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.ok : EXIT.noAnswer
  }
  return state.code
}

function programFor(io: Io, state: { code: number }): Command {
  const program = new Command('everynode')
  program
    .description('Is every DaemonSet on every node that should have it, and if not, why?')
    .version(version, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      getOutHelpWidth: () => terminalOf(io, io.stdout).width,
      getErrHelpWidth: () => terminalOf(io, io.stderr).width,
      getOutHasColors: () => terminalOf(io, io.stdout).color,
      getErrHasColors: () => terminalOf(io, io.stderr).color,
    })
    .addHelpText('after', () => `\n${layout(terminalOf(io, io.stdout), AFTER_HELP).join('\n')}`)
  const why = withCluster(program.command('why'))
  why
    .description(
      'tell which nodes a DaemonSet is missing on, or why a pod is Pending: short of what, because of whom, and what helps',
    )
    .argument(
      '[DAEMONSET]',
      'name, namespace/name or daemonset/name; pod/NAME, deploy/NAME, sts/, rs/ or job/NAME for other pods; without it, one line per cause',
    )
    .argument('[NODE]', 'one node in full')
    .option('-l, --selector <selector>', 'DaemonSets with these labels')
    .option('-o, --output <format>', 'table, wide, json, name or markdown, or FORMAT=FILE; repeatable', collect)
    .option('--only-pools <names>', 'NodePools that matter; the others are left out on purpose', collectNames)
    .option('--except-pools <names>', 'NodePools that are left out on purpose', collectNames)
    .addOption(
      new Option(
        '--fail-on <list>',
        'what makes the exit code 1: missing, waits, untolerated, unknown, never (default: missing)',
      ).argParser(collectNames),
    )
    .option(
      '--admission-plugins <names>',
      'which of PodNodeSelector, PodTolerationRestriction and ExtendedResourceToleration the API server runs, or none',
      collectNames,
    )
    .option('--message <text>', 'explain a FailedScheduling message of a real cluster')
    .action(async (daemonSet: string | undefined, node: string | undefined) => {
      const { why: command } = await import('./commands/why.ts')
      state.code = await command(
        {
          cluster: [],
          output: [],
          onlyPools: [],
          exceptPools: [],
          failOn: [],
          ...why.opts<Partial<WhyArguments>>(),
          daemonSet,
          node,
        } as WhyArguments,
        io,
      )
    })
  const intent = withCluster(program.command('intent'))
  intent
    .description('list the taints that keep DaemonSets out and that nobody explained; record what is meant')
    .argument('[DAEMONSET]', 'name, namespace/name or daemonset/name')
    .option('--taint <key>', 'only questions about this taint: key or key:Effect')
    .option('--pool <name>', 'only questions about this NodePool')
    .option('--write', 'record the answer to the listed questions in the settings file')
    .option('--gap', 'the answer is: these nodes should be covered (default: left out on purpose)')
    .option('--reason <text>', 'why; needed with --write')
    .action(async (daemonSet: string | undefined) => {
      const { intent: command } = await import('./commands/intent.ts')
      state.code = await command(
        { cluster: [], ...intent.opts<Partial<IntentArguments>>(), daemonSet } as IntentArguments,
        io,
      )
    })
  for (const name of PLANNED) {
    program
      .command(name, { hidden: true })
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        io.stderr.write(
          diagnosticsText(terminalOf(io, io.stderr), [
            failure('not-built', `everynode ${name} is planned and not built yet`),
          ]),
        )
        state.code = EXIT.noAnswer
      })
  }
  return program
}

function withCluster(command: Command): Command {
  return command
    .option(
      '--cluster <path>',
      'file, folder, .gz or - (stdin) with what kubectl get -A -o json or yaml prints; repeatable',
      collect,
    )
    .option('--demo', 'the cluster that comes with everynode')
    .option('-n, --namespace <name>', 'namespace of what is asked about')
    .option('-A, --all-namespaces', 'all namespaces (the default)')
    .option('--kubernetes-version <version>', 'version of the control plane, where the dump does not tell')
    .option('--config <file>', 'settings file (default: .everynode.yaml, if it is there)')
    .option('--color', 'colour, also where nobody is looking')
    .option('--no-color', 'no colour')
    .exitOverride()
    .copyInheritedSettings(command.parent ?? command)
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function collectNames(value: string, previous: readonly string[] = []): readonly string[] {
  return [
    ...previous,
    ...value
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== ''),
  ]
}
