export type * from './api/apps.ts'
export type * from './api/cluster-dump.ts'
export type * from './api/core.ts'
export type * from './api/karpenter.ts'
export type * from './api/meta.ts'
export type * from './coverage/types.ts'
export type * from './framework/status.ts'
export type { CompiledLabelSelector, LabelOperator, LabelRequirement, LabelSelectorError } from './labels.ts'
export {
  compileLabelSelector,
  formatLabelSelector,
  labelKeyErrors,
  labelSelectorMatches,
  labelValueErrors,
  parseLabelSelector,
  requirementMatches,
  subdomainErrors,
} from './labels.ts'
export type { CompiledNodeAffinity, NodeFieldRequirement, NodeTerm } from './node-affinity.ts'
export { compileNodeAffinity, compileNodeTerms, matchNodeAffinity, nodeTermMatches } from './node-affinity.ts'
export type { Quantities, SchedulerAmounts } from './pod-requests.ts'
export {
  boundUsage,
  incomingRequest,
  isExtendedResourceName,
  isPodLevelResourceName,
  isScalarResourceName,
  nonZeroRequest,
  podRequests,
} from './pod-requests.ts'
export type { Quantity, QuantityError, QuantityFormat, WholeNumber } from './quantity.ts'
export {
  addQuantity,
  compareQuantity,
  formatQuantity,
  maxQuantity,
  milliQuantityOf,
  parseQuantity,
  QuantityReader,
  quantityMilliValue,
  quantityOf,
  quantitySign,
  quantityValue,
  readQuantity,
  recomputeQuantity,
  roundUpQuantity,
  subQuantity,
  wholeNumber,
} from './quantity.ts'
export type { TaintEffects } from './taints.ts'
export { findUntoleratedTaint, isTolerated, tolerates } from './taints.ts'
export type { KubernetesVersion, VersionDifferences } from './versions.ts'
export { DEFAULT_VERSION, DIFFERENCES, KUBERNETES_VERSIONS, modelFor } from './versions.ts'
