import { type AdmissionPlugins, OPTIONAL_PLUGINS } from '@everynode/engine'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { nearNames } from './near-names.ts'

/** Says that no plugin that is off by default runs; without the option that is not known. */
const NONE = 'none'

/** What is wrong with the names that `--admission-plugins` lists. */
export function unknownPlugin(names: readonly string[]): Diagnostic | undefined {
  if (names.includes(NONE) && names.length > 1) return failure('usage', '--admission-plugins none stands alone')
  const unknown = names.find(name => name !== NONE && !OPTIONAL_PLUGINS.some(known => known === name))
  if (unknown === undefined) return undefined
  const near = nearNames(unknown, OPTIONAL_PLUGINS)
  return failure(
    'usage',
    `unknown --admission-plugins "${unknown}"`,
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : `Of the plugins that are off by default these are modelled: ${OPTIONAL_PLUGINS.join(', ')}. Those that are on need not be named.`,
  )
}

/** The plugins of those names, with the default of each one's configuration file. */
export function admissionPluginsOf(names: readonly string[]): AdmissionPlugins {
  return { on: OPTIONAL_PLUGINS.filter(name => names.includes(name)) }
}
