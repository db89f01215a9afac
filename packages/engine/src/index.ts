export type { AdmissionOptions } from './admission/admission.ts'
export { Admission, failedCreateText } from './admission/admission.ts'
export type { ObjectAnswer } from './admission/admit-object.ts'
export { admitObject, changePriorityClass } from './admission/admit-object.ts'
export { admitPod } from './admission/admit-pod.ts'
export { OPTIONAL_PLUGINS } from './admission/plugins/optional-plugins.ts'
export { chargePods, podQuotaUsage } from './admission/plugins/resource-quota.ts'
export type { QosClass } from './admission/qos.ts'
export { podQos } from './admission/qos.ts'
export type * from './admission/types.ts'
export type * from './api/apps.ts'
export type * from './api/cluster-dump.ts'
export type * from './api/core.ts'
export type * from './api/karpenter.ts'
export type * from './api/meta.ts'
export type * from './api/node-overlay.ts'
export type * from './api/storage.ts'
export { cover } from './coverage/cover.ts'
export type { MessagePreemption, MessageReason, SchedulingMessage } from './coverage/message.ts'
export { parseSchedulingMessage } from './coverage/message.ts'
export type * from './coverage/types.ts'
export type { DaemonPodOptions } from './daemonset/daemon-pod.ts'
export { daemonPod, targetNodeName, templateGeneration } from './daemonset/daemon-pod.ts'
export type { CompiledDaemonSet, NotRunBy, ShouldRun } from './daemonset/should-run.ts'
export { compileDaemonSet, nodeShouldRunDaemonPod } from './daemonset/should-run.ts'
export type { ClaimedPods, DaemonSetCounts, DaemonSetStatusOptions } from './daemonset/status.ts'
export { claimDaemonPods, daemonPodsByNode, daemonSetStatus } from './daemonset/status.ts'
export { syncDaemonSet } from './daemonset/sync/sync.ts'
export type * from './daemonset/sync/types.ts'
export { templateHash } from './daemonset/template-hash.ts'
export { daemonTolerations } from './daemonset/tolerations.ts'
export type { MoveScore, NodePoolTotals, PoolScore } from './disruption/balanced.ts'
export { scoreMove } from './disruption/balanced.ts'
export type { BudgetState, NodePoolBudget } from './disruption/budgets.ts'
export { allowedDisruptions, budgetState, UNLIMITED_DISRUPTIONS } from './disruption/budgets.ts'
export type { Candidate, PassedOver } from './disruption/candidate.ts'
export type { DisruptionCommand } from './disruption/command.ts'
export { becomesConsolidatable, isUnderConsolidateAfter } from './disruption/consolidate-after.ts'
export type { CronError, CronSchedule } from './disruption/cron.ts'
export { nextHit, parseCron } from './disruption/cron.ts'
export type {
  Disruption,
  DisruptionMethod,
  DisruptionSettings,
  MethodResult,
  PassedOverNode,
} from './disruption/disrupt.ts'
export { DISRUPTION_METHODS, Disruptor, disrupt } from './disruption/disrupt.ts'
export type { DriftOptions, DriftReason } from './disruption/drift-reasons.ts'
export { driftReason, rehashed } from './disruption/drift-reasons.ts'
export { disruptionCost, evictionCost } from './disruption/eviction-cost.ts'
export type { FrozenNode, Shortfall } from './disruption/frozen.ts'
export { frozenNodes } from './disruption/frozen.ts'
export { parseGoDuration } from './disruption/go-duration.ts'
export type { FailedAttempt, MethodOutcome } from './disruption/methods.ts'
export { nodePoolHash } from './disruption/nodepool-hash.ts'
export type { DisruptionClass, DisruptionReason } from './disruption/reasons.ts'
export type { Simulation, Unplaced } from './disruption/simulation.ts'
export type { VetoedNode } from './disruption/state.ts'
export type { StaticCount, StaticReplacement } from './disruption/static-pools.ts'
export { countStatic, staticDrift, staticScaleDown, staticScaleUp } from './disruption/static-pools.ts'
export type { Invalid } from './disruption/validation.ts'
export type { Veto, VetoKind } from './disruption/vetoes.ts'
export { explainPods } from './explain/explain-pods.ts'
export type * from './explain/types.ts'
export { ownerOf as podOwner } from './explain/workload.ts'
export type { Cycle, NodeVerdict } from './framework/cycle.ts'
export { feasibleNodesToFind, rejectingPlugins, scheduleOne } from './framework/cycle.ts'
export type { FilterCode } from './framework/filter-plugin.ts'
export { FITS, statusCode, UNRESOLVABLE, UNSCHEDULABLE } from './framework/filter-plugin.ts'
export { explainWithNominated, filterWithNominated } from './framework/nominated.ts'
export type { PreparedPod } from './framework/prepared-pod.ts'
export { explainNode, filterNode, preparePod } from './framework/prepared-pod.ts'
export type { QueuedPod } from './framework/queue.ts'
export { SchedulingQueue } from './framework/queue.ts'
export type { PodEvent } from './framework/queueing-hints.ts'
export { mayHelp } from './framework/queueing-hints.ts'
export type { SettleInput, SettleStep } from './framework/settle.ts'
export { settle } from './framework/settle.ts'
export type * from './framework/status.ts'
export { sweepNodes } from './framework/sweep.ts'
export { goSort } from './go-sort.ts'
export { adjustedPrice } from './instance-types/adjusted-price.ts'
export type { AmiFamily } from './instance-types/ami-family.ts'
export { AMI_FAMILIES } from './instance-types/ami-family.ts'
export type { AwsMarket, AwsZone, HourlyPrice } from './instance-types/aws-instance-type.ts'
export { awsInstanceType } from './instance-types/aws-instance-type.ts'
export { AWS_WELL_KNOWN_LABELS, AWS_WELL_KNOWN_RESOURCES } from './instance-types/aws-labels.ts'
export type * from './instance-types/aws-node-class.ts'
export { DEFAULT_AWS_OPTIONS } from './instance-types/aws-node-class.ts'
export type { Ec2Facts } from './instance-types/ec2-facts.ts'
export type { OverlayRules, PoolInstanceTypes, RejectedOverlay } from './instance-types/node-overlay.ts'
export { applyNodeOverlays } from './instance-types/node-overlay.ts'
export { CORE_WELL_KNOWN_RESOURCES } from './instance-types/overlay-problems.ts'
export type { PrefixDelegation } from './instance-types/prefix-delegation.ts'
export { prefixDelegation } from './instance-types/prefix-delegation.ts'
export type { NodeClassProblem } from './instance-types/read-node-class.ts'
export { readNodeClass } from './instance-types/read-node-class.ts'
export type { KarpenterDifferences, KarpenterVersion } from './karpenter-versions.ts'
export {
  DEFAULT_KARPENTER_VERSION,
  KARPENTER_DIFFERENCES,
  KARPENTER_VERSIONS,
  karpenterModelFor,
} from './karpenter-versions.ts'
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
  boundRequests,
  boundUsage,
  incomingRequest,
  isExtendedResourceName,
  isPodLevelResourceName,
  isScalarResourceName,
  nonZeroRequest,
  podRequests,
} from './pod-requests.ts'
export { DisruptionBudgets } from './preemption/budgets.ts'
export type { DryRun } from './preemption/dry-run.ts'
export type { PreemptionOutcome } from './preemption/preempt.ts'
export { preempt } from './preemption/preempt.ts'
export { selectVictims } from './preemption/victims.ts'
export type { ChoicePoint, Choices } from './provisioning/choices.ts'
export { FIRST_CHOICES } from './provisioning/choices.ts'
export type { Daemon, DaemonOptions } from './provisioning/daemon.ts'
export { daemonsOf } from './provisioning/daemon.ts'
export type { DaemonGroup, DaemonOverhead, DaemonSemantics, OverheadOptions } from './provisioning/daemon-overhead.ts'
export { daemonOverhead } from './provisioning/daemon-overhead.ts'
export type { ExistingNode, ExistingOptions } from './provisioning/existing-nodes.ts'
export { existingNodes } from './provisioning/existing-nodes.ts'
export type { InstanceType, KubeletOverhead, Offering } from './provisioning/instance-type.ts'
export { instanceType, offering, offeringPrice } from './provisioning/instance-type.ts'
export type { Launch, LaunchChoice } from './provisioning/launch.ts'
export { launchChoice } from './provisioning/launch.ts'
export { satisfiesMinValues } from './provisioning/min-values.ts'
export type { LabelRules, NodeClaimTemplate, TemplateOptions } from './provisioning/node-claim-template.ts'
export { CORE_LABEL_RULES, nodeClaimTemplate } from './provisioning/node-claim-template.ts'
export { isNodePoolReady, isStaticNodePool, provisioningNodePools } from './provisioning/node-pools.ts'
export type { PodsToPlace } from './provisioning/provision.ts'
export { podsToPlace, provision, provisionIn } from './provisioning/provision.ts'
export type { InstanceTypeProblem } from './provisioning/read-instance-types.ts'
export { readInstanceTypes } from './provisioning/read-instance-types.ts'
export { mergeResources, resourcesFit, subtractResources } from './provisioning/resource-lists.ts'
export type { RoundRequest } from './provisioning/round.ts'
export { solve } from './provisioning/round.ts'
export type { StateNode, StateObjects } from './provisioning/state-node.ts'
export { stateNodes } from './provisioning/state-node.ts'
export type * from './provisioning/types.ts'
export type { ResolvedSettings } from './provisioning/world.ts'
export { ProvisioningWorld } from './provisioning/world.ts'
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
export type { RequirementOperator } from './requirements/requirement.ts'
export { Requirement } from './requirements/requirement.ts'
export { RequirementIndex } from './requirements/requirement-index.ts'
export type { Incompatibility } from './requirements/requirements.ts'
export { Requirements } from './requirements/requirements.ts'
export * from './requirements/well-known-labels.ts'
export type { SnapshotObjects } from './snapshot/cluster-snapshot.ts'
export { ClusterSnapshot, podKey, podPriority } from './snapshot/cluster-snapshot.ts'
export type { NodeIndex, PodIndex } from './snapshot/indices.ts'
export type { TaintEffects } from './taints.ts'
export { findUntoleratedTaint, isTolerated, tolerates } from './taints.ts'
export type { ChangeStep } from './timeline/change.ts'
export type { FailedCreate } from './timeline/daemon-controller.ts'
export type { Forecast, ForecastOptions, ForecastPreemption } from './timeline/forecast.ts'
export { Forecaster } from './timeline/forecast.ts'
export type { Latencies, Latency, LatencyName } from './timeline/latencies.ts'
export { LATENCY_NAMES } from './timeline/latencies.ts'
export type { KubernetesVersion, VersionDifferences } from './versions.ts'
export { DEFAULT_VERSION, DIFFERENCES, KUBERNETES_VERSIONS, modelFor } from './versions.ts'
