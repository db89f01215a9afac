import { decode } from '../admission/decode.ts'
import { isJsonObject, sameJson } from '../admission/json.ts'
import { ApiSchema } from '../admission/schema/api-schema.ts'
import type { PodTemplateSpec } from '../api/apps.ts'

/** Types are read from the table on first use. */
const SCHEMA = new ApiSchema()

/**
 * What a ControllerRevision keeps of a template: a patch that replaces the template by this one, as Go writes it
 * (`getPatch`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2).
 */
export function templatePatch(template: PodTemplateSpec): object {
  return { spec: { template: { ...written(template), $patch: 'replace' } } }
}

/**
 * Whether a revision's `data` is the patch of this template (`Match`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2). Upstream
 * compares bytes, whose keys are always in order. Data without `$patch` was read field by field, as the template was then: they are
 * compared by the fields that they have.
 */
export function isPatchOf(data: unknown, template: PodTemplateSpec): boolean {
  const spec = isJsonObject(data) ? data['spec'] : undefined
  const kept = isJsonObject(spec) ? spec['template'] : undefined
  if (!isJsonObject(kept)) return false
  return '$patch' in kept ? sameJson(data, templatePatch(template)) : sameJson(written(kept), written(template))
}

function written(template: object): object {
  const decoded = decode(template, SCHEMA.struct('PodTemplateSpec'))
  return decoded.kind === 'object' ? decoded.object : template
}
