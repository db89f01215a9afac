// node tools/run.mjs oracle [VERSION | karpenter [VERSION]]: finds or builds the oracle and prints its path. Exit 3: it can't be had on this machine.
// Not by the packages: an oracle can be built where the rest of the sources can't be bundled.
import { DEFAULT_KARPENTER_VERSION, KARPENTER_VERSIONS } from '../packages/engine/src/karpenter-versions.ts'
import { DEFAULT_VERSION, KUBERNETES_VERSIONS } from '../packages/engine/src/versions.ts'
import { findKarpenterOracle, findOracle, NoOracle } from '../packages/testkit/src/oracle-build.ts'
import { Refusal } from '../packages/testkit/src/refusal.ts'
import { open } from './door.ts'

await open(async ([first, second]) => {
  try {
    console.log(await (first === 'karpenter' ? karpenterOracle(second) : kubernetesOracle(first)))
    return 0
  } catch (error) {
    if (!(error instanceof NoOracle)) throw error
    console.error(`error: ${error.message}`)
    return 3
  }
})

function kubernetesOracle(name: string = DEFAULT_VERSION): Promise<string> {
  const version = KUBERNETES_VERSIONS.find(one => one === name)
  if (version === undefined)
    throw new Refusal(`no oracle for Kubernetes ${name}; there is: ${KUBERNETES_VERSIONS.join(', ')}`)
  return findOracle(version, console.error)
}

function karpenterOracle(name: string = DEFAULT_KARPENTER_VERSION): Promise<string> {
  const version = KARPENTER_VERSIONS.find(one => one === name)
  if (version === undefined)
    throw new Refusal(`no oracle for Karpenter ${name}; there is: ${KARPENTER_VERSIONS.join(', ')}`)
  return findKarpenterOracle(version, console.error)
}
