import { decode } from '../admission/decode.ts'
import { ApiSchema } from '../admission/schema/api-schema.ts'
import type { PodTemplateSpec } from '../api/apps.ts'

/** Types are read from the table on first use. */
const SCHEMA = new ApiSchema()

/**
 * What a ControllerRevision keeps of a template, as a patch: the template as Go writes it, which must equal a revision's `data` for the
 * revision to be the present one (`getPatch`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2). Upstream compares bytes; keys are
 * always in order there.
 */
export function templatePatch(template: PodTemplateSpec): object {
  const decoded = decode(template, SCHEMA.struct('PodTemplateSpec'))
  const written = decoded.kind === 'object' ? decoded.object : template
  return { spec: { template: { ...written, $patch: 'replace' } } }
}
