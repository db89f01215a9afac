import type { Ec2Facts } from '@everynode/engine'
import { LABEL_COLUMNS } from './columns.ts'
import type { Row } from './rows.ts'

/** The facts of a row as the engine's formulas take them. */
export function factsOf(row: Row): Ec2Facts {
  const count = row.get('interfaces')
  const pods = row.get('documentedPods')
  const hypervisor = row.get('hypervisor')
  return {
    name: row.get('name') ?? '',
    arch: row.get('arch') === 'arm64' ? 'arm64' : 'amd64',
    cpu: Number(row.get('cpu')),
    memoryMiB: Number(row.get('memoryMiB')),
    interfaces: count === undefined ? undefined : { count: Number(count), ipv4Each: Number(row.get('ipv4Each')) },
    documentedPods: pods === undefined ? undefined : Number(pods),
    hypervisor: hypervisor === 'nitro' || hypervisor === 'xen' ? hypervisor : '',
    bareMetal: row.get('bareMetal') !== undefined,
    labels: new Map(
      LABEL_COLUMNS.flatMap(column => {
        const value = row.get(column)
        return value === undefined ? [] : [[column, value] as const]
      }),
    ),
    devices: devicesOf(row),
    localNvmeGB: Number(row.get('local-nvme') ?? 0),
  }
}

/** GPUs and accelerators are told by their labels, except what the provider counts otherwise. */
function devicesOf(row: Row): ReadonlyMap<string, number> {
  const isNeuron = row.get('accelerator-manufacturer') === 'aws'
  const devices = [
    ['vpc.amazonaws.com/pod-eni', row.get('pod-eni')],
    ['vpc.amazonaws.com/efa', row.get('efa')],
    [`${row.get('gpu-manufacturer')}.com/gpu`, row.get('gpu-count')],
    ['aws.amazon.com/neuron', isNeuron ? row.get('accelerator-count') : undefined],
    ['aws.amazon.com/neuroncore', row.get('neuroncore')],
  ] as const
  return new Map(devices.flatMap(([name, count]) => (count === undefined ? [] : [[name, Number(count)] as const])))
}
