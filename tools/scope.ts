/** What the engine answers for, by the names of the files in testdata/vectors/kubernetes. */
export const VECTORS: readonly string[] = [
  'admission',
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

/** The oracle's generators of the same names. Admission has none: its cases were recorded on a real API server. */
export const GENERATORS: readonly string[] = VECTORS.filter(name => name !== 'admission')

/** Cases that a door of many generators asks of a slow one at most: the oracle syncs each of these 150 times to see what it draws. */
export const MOST_CASES: Readonly<Record<string, number>> = { daemonSetSync: 2000 }
