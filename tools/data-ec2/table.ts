import { createHash } from 'node:crypto'
import { ABSENT, COLUMNS, type Column, DITTO, PRICE_REGIONS } from '../../packages/data-ec2/src/columns.ts'

/** An instance type as the file of facts has it. */
interface Fact {
  readonly name: string
  readonly arch: string
  readonly cpu: number
  readonly memoryMiB: number
  readonly labels: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  readonly eni?: {
    readonly interfaces: number
    readonly ipv4PerInterface: number
    readonly hypervisor: string
    readonly bareMetal: boolean
  }
  readonly onDemandUSDPerHour?: Readonly<Record<string, number>>
}

interface Facts {
  readonly about: string
  readonly source: string
  readonly instanceTypes: readonly Fact[]
}

const LABEL = 'karpenter.k8s.aws/instance-'
/** Labels that the name, cpu and memory say. */
const SAID_ELSEWHERE = ['capability-flex', 'category', 'cpu', 'family', 'generation', 'hypervisor', 'memory', 'size']

/** The source of packages/data-ec2/src/table.ts, from the text of the file of facts. Throws where the table could not hold a fact. */
export function tableSource(text: string): string {
  const { about, source, instanceTypes } = JSON.parse(text) as Facts
  const rows = instanceTypes.map(fact => COLUMNS.map(column => cellOf(fact, column)))
  instanceTypes.forEach(checkNothingIsLost)
  const lines = rows.map((row, index) => lineOf(row, rows[index - 1]))
  return `// Made by tools/data-ec2.ts; do not edit.

/** Where the table is from. */
export const PROVENANCE = {
  about:
    ${quoted(about)},
  source: ${quoted(source)},
  sha256: ${quoted(createHash('sha256').update(text).digest('hex'))},
}

/** A line for each instance type, a word for each column. */
export const TABLE = \`
${lines.join('\n')}
\`
`
}

function cellOf(fact: Fact, column: Column): string {
  const { name, arch, cpu, memoryMiB, labels, allocatable, eni, onDemandUSDPerHour } = fact
  switch (column) {
    case 'name':
      return name
    case 'arch':
      return arch
    case 'cpu':
      return String(cpu)
    case 'memoryMiB':
      return String(memoryMiB)
    case 'interfaces':
      return eni === undefined ? ABSENT : String(eni.interfaces)
    case 'ipv4Each':
      return eni === undefined ? ABSENT : String(eni.ipv4PerInterface)
    case 'documentedPods':
      return eni === undefined ? (allocatable['pods'] ?? ABSENT) : ABSENT
    case 'hypervisor':
      return labels[`${LABEL}hypervisor`] || ABSENT
    case 'bareMetal':
      return eni?.bareMetal === true ? 'metal' : ABSENT
    case 'pod-eni':
    case 'efa':
      return allocatable[`vpc.amazonaws.com/${column}`] ?? ABSENT
    case 'neuroncore':
      return allocatable['aws.amazon.com/neuroncore'] ?? ABSENT
    default: {
      const region = PRICE_REGIONS.find(one => one === column)
      if (region === undefined) return labels[`${LABEL}${column}`] ?? ABSENT
      const price = onDemandUSDPerHour?.[region]
      return price === undefined ? ABSENT : String(price)
    }
  }
}

function checkNothingIsLost({ name, labels, onDemandUSDPerHour = {} }: Fact): void {
  const known = (key: string): boolean => COLUMNS.some(column => column === key) || SAID_ELSEWHERE.includes(key)
  const label = Object.keys(labels).find(key => !key.startsWith(LABEL) || !known(key.slice(LABEL.length)))
  if (label !== undefined) throw new Error(`${name}: the table has no column for the label ${label}`)
  const region = Object.keys(onDemandUSDPerHour).find(key => !PRICE_REGIONS.some(one => one === key))
  if (region !== undefined) throw new Error(`${name}: the table has no column for prices of ${region}`)
}

function lineOf(row: readonly string[], previous: readonly string[] | undefined): string {
  const words = row.map((cell, index) => {
    if (/\s|`|\\|\$/.test(cell) || cell === '' || cell === DITTO) throw new Error(`${row[0]}: ${cell} is no word`)
    return cell === previous?.[index] && cell !== ABSENT ? DITTO : cell
  })
  while (words.at(-1) === ABSENT) words.pop()
  return words.join(' ')
}

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`
}
