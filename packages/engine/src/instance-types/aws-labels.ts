import { CORE_WELL_KNOWN_LABELS } from '../requirements/well-known-labels.ts'
import { CORE_WELL_KNOWN_RESOURCES } from './overlay-problems.ts'

/** What the keys of the AWS provider's labels of an instance type begin with (karpenter-provider-aws `pkg/apis/v1/labels.go`, v1.14.1). */
export const AWS_INSTANCE_LABEL_PREFIX = 'karpenter.k8s.aws/instance-'

export const ZONE_ID_LABEL = 'topology.k8s.aws/zone-id'
export const WINDOWS_BUILD_LABEL = 'node.kubernetes.io/windows-build'

/** Labels of a reserved offering, absent from every other. */
export const RESERVATION_LABELS: readonly string[] = [
  'karpenter.k8s.aws/capacity-reservation-id',
  'karpenter.k8s.aws/capacity-reservation-type',
  'karpenter.k8s.aws/capacity-reservation-interruptible',
]

/** Labels of an instance type that not every type has, without their prefix. */
export const OPTIONAL_INSTANCE_LABELS: readonly string[] = [
  'cpu-manufacturer',
  'cpu-sustained-clock-speed-mhz',
  'ebs-bandwidth',
  'network-bandwidth',
  'category',
  'family',
  'generation',
  'local-nvme',
  'size',
  'gpu-name',
  'gpu-manufacturer',
  'gpu-count',
  'gpu-memory',
  'accelerator-name',
  'accelerator-manufacturer',
  'accelerator-count',
]

/** Labels that Karpenter with the AWS provider knows, so that a NodePool that says nothing of them leaves them open. */
export const AWS_WELL_KNOWN_LABELS: ReadonlySet<string> = new Set([
  ...CORE_WELL_KNOWN_LABELS,
  ...RESERVATION_LABELS,
  ...[
    'hypervisor',
    'encryption-in-transit-supported',
    'capability-flex',
    'cpu',
    'memory',
    'tenancy',
    ...OPTIONAL_INSTANCE_LABELS,
  ].map(key => `${AWS_INSTANCE_LABEL_PREFIX}${key}`),
  ZONE_ID_LABEL,
  WINDOWS_BUILD_LABEL,
  'karpenter.k8s.aws/placement-group-id',
  'karpenter.k8s.aws/placement-group-partition',
])

/** Resources that Karpenter with the AWS provider counts itself. */
export const AWS_WELL_KNOWN_RESOURCES: ReadonlySet<string> = new Set([
  ...CORE_WELL_KNOWN_RESOURCES,
  'vpc.amazonaws.com/pod-eni',
  'vpc.amazonaws.com/efa',
  'aws.amazon.com/neuron',
  'aws.amazon.com/neuroncore',
  'habana.ai/gaudi',
])
