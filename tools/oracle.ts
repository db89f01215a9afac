// node tools/run.mjs oracle [VERSION]: finds or builds the oracle and prints its path. Exit 3: it can't be had on this machine.
import { DEFAULT_VERSION, KUBERNETES_VERSIONS } from '@everynode/engine'
import { findOracle, NoOracle, Refusal } from '@everynode/testkit'
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
