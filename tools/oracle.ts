// node tools/run.mjs oracle [VERSION]: finds or builds the oracle and prints its path. Exit 3: it can't be had on this machine.
// Not by the packages: an oracle can be built where the rest of the sources can't be bundled.
import { DEFAULT_VERSION, KUBERNETES_VERSIONS } from '../packages/engine/src/versions.ts'
import { findOracle, NoOracle } from '../packages/testkit/src/oracle-build.ts'
import { Refusal } from '../packages/testkit/src/refusal.ts'
import { open } from './door.ts'

await open(async ([name = DEFAULT_VERSION]) => {
  const version = KUBERNETES_VERSIONS.find(one => one === name)
  if (version === undefined)
    throw new Refusal(`no oracle for Kubernetes ${name}; there is: ${KUBERNETES_VERSIONS.join(', ')}`)
  try {
    console.log(await findOracle(version, console.error))
    return 0
  } catch (error) {
    if (!(error instanceof NoOracle)) throw error
    console.error(`error: ${error.message}`)
    return 3
  }
})
