// What the engine answers for: the files of testdata/vectors/kubernetes and the oracle's generators.

export const VECTORS = [
  'admission',
  'daemonSet',
  'labelSelector',
  'nodeAffinity',
  'podRequests',
  'podRequests-wide',
  'quantity',
  'scheduleOne-daemon',
  'scheduleOne-wide',
  'taints',
  'yaml',
]

/** Admission has no generator: its cases were recorded on a real API server. */
export const GENERATORS = VECTORS.filter(name => name !== 'admission')
