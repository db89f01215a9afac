import { type FilterPlugin, SKIP } from '../framework/filter-plugin.ts'
import { DIFFERENCES } from '../versions.ts'

/** A feature that the node must declare: user namespaces on the host's network (kubernetes plugins/nodedeclaredfeatures, v1.36.2). Not modelled. */
export const nodeDeclaredFeatures: FilterPlugin = {
  name: 'NodeDeclaredFeatures',
  prepare({ spec }, { version }) {
    if (!spec.hostNetwork || spec.hostUsers !== false) return SKIP
    return DIFFERENCES[version].declaredFeatures ? { kind: 'unknown' } : SKIP
  },
}
