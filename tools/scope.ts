/** What the engine answers for, by the names of the files in testdata/vectors/kubernetes. */
export const VECTORS: readonly string[] = [
  'admission',
  'admissionPlugins',
  'daemonSet',
  'daemonSetSync',
  'labelSelector',
  'nodeAffinity',
  'podRequests',
  'podRequests-wide',
  'quantity',
  'scheduleOne-daemon',
  'scheduleOne-wide',
  'scheduleOne-workload',
  'settle',
  'taints',
  'yaml',
]

/** What the engine answers for, by the names of the files in testdata/vectors/karpenter. */
export const KARPENTER_VECTORS: readonly string[] = [
  'aws-allocatable',
  'aws-node-class',
  'by-version/v1.14.1',
  'by-version/v1.15.0',
  'disrupt',
  'existing',
  'overhead',
  'provision',
  'provision-1.13',
  'provision-wide',
  'provision.2',
  'requirements',
  'sort',
  'upstream-daemonsets',
]

/** The folders of the vectors, and the names in scope that are in each. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'testdata/vectors/kubernetes': VECTORS,
  'testdata/vectors/karpenter': KARPENTER_VECTORS,
}

/** The files of the vectors in scope, from the root of the checkout. */
export const VECTOR_FILES: readonly string[] = Object.entries(FOLDERS).flatMap(([folder, names]) =>
  names.map(name => `${folder}/${name}.jsonl.gz`),
)

/** The folders in which vectors are. */
export const VECTOR_FOLDERS: readonly string[] = Object.keys(FOLDERS)

/** Not provision and disrupt: where Karpenter draws among hundreds of answers, 500 seeds do not yet meet all that it gave. */
const KARPENTER_GENERATOR_NAMES: ReadonlySet<string> = new Set([
  'requirements',
  'sort',
  'overhead',
  'existing',
  'provision-wide',
])

/** Karpenter's generators of the names in scope; provision's other files are answers of other versions, or its own tests. */
export const KARPENTER_GENERATORS: readonly string[] = KARPENTER_VECTORS.filter(name =>
  KARPENTER_GENERATOR_NAMES.has(name),
)

/** The oracles' generators of the names in scope. Admission has none: its cases were recorded on a real API server. */
export const GENERATORS: readonly string[] = [...VECTORS.filter(name => name !== 'admission'), ...KARPENTER_GENERATORS]

/**
 * Cases that a door of many generators asks of a slow one at most: the oracle syncs each of daemonSetSync 150 times to see what it
 * draws, and Karpenter's builds a cluster for each.
 */
export const MOST_CASES: Readonly<Record<string, number>> = {
  daemonSetSync: 2000,
  overhead: 20_000,
  existing: 20_000,
  provision: 20_000,
  'provision-wide': 20_000,
  disrupt: 20_000,
}
