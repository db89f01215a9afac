import { basename, dirname } from 'node:path'
import type { ClusterDump } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { inputsOf, UnreadableInput } from './inputs.ts'
import type { Io } from './io.ts'

/** Where the cluster comes from, as the options say it. */
export interface ClusterArguments {
  readonly cluster: readonly string[]
  readonly demo?: boolean
}

/** What could be read. Without `dump` there is no answer. */
export interface LoadedCluster {
  readonly dump?: ClusterDump
  readonly name?: string
  readonly diagnostics: readonly Diagnostic[]
  /** What to run next, on a line of its own so that it can be copied. */
  readonly command?: string
}

/** Short names as kubectl takes them; `nodepools,nodeclaims` are Karpenter's. */
const KINDS =
  'nodes,pods,ds,rs,deploy,sts,jobs,controllerrevisions,pdb,pc,limits,quota,runtimeclasses,ns,svc,pvc,pv,sc,csinodes,csidrivers,csistoragecapacities,volumeattachments,nodepools,nodeclaims,ev'

/** Reads the demo or the files that the user named. */
export async function loadClusterFrom(options: ClusterArguments, io: Io): Promise<LoadedCluster> {
  if (options.demo === true) {
    if (options.cluster.length > 0) return refused(failure('usage', '--demo and --cluster exclude each other'))
    const { demoCluster } = await import('@everynode/demo')
    return { dump: demoCluster(), name: 'demo', diagnostics: [] }
  }
  if (options.cluster.length === 0) {
    return {
      ...refused(
        failure(
          'no-cluster',
          'no cluster is named, and live clusters cannot be read yet',
          'Try everynode why --demo, or make a file (without Karpenter leave out nodepools,nodeclaims) and name it with --cluster:',
        ),
      ),
      command: `kubectl get ${KINDS} -A -o json > cluster.json`,
    }
  }
  const { inputs, problems } = await inputsOf(options.cluster, io)
  if (problems.length > 0)
    return {
      diagnostics: problems.map(problem =>
        failure('unreadable-input', `${problem.path}: ${problem.message}`, problem.note),
      ),
    }
  try {
    const { loadCluster } = await import('@everynode/source')
    const { dump, diagnostics } = await loadCluster(inputs)
    if (!Object.values(dump).some(Array.isArray)) {
      const empty = failure(
        'no-objects',
        `no Kubernetes object is in ${options.cluster.map(path => (path === '-' ? 'stdin' : path)).join(', ')}`,
        'It takes what kubectl get -A -o json or -o yaml prints.',
      )
      return { diagnostics: [...diagnostics, empty] }
    }
    const name = clusterName(options.cluster)
    return name === undefined ? { dump, diagnostics } : { dump, diagnostics, name }
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    return refused(failure('unreadable-input', `${error.problem.path}: ${error.problem.message}`, error.problem.note))
  }
}

/** The name of the one file or folder that was named; of a recorded story, or a file that is just named cluster, that of its folder. */
function clusterName([path, ...others]: readonly string[]): string | undefined {
  if (path === undefined || path === '-' || others.length > 0) return undefined
  const name = basename(path).replace(/(\.(json|ya?ml|jsonl|ndjson))?(\.gz)?$/i, '')
  const told = /^cluster(-before|-after)?$/.test(name) ? basename(dirname(path)) : name
  return /^\.*$/.test(told) ? undefined : told
}

function refused(diagnostic: Diagnostic): LoadedCluster {
  return { diagnostics: [diagnostic] }
}
