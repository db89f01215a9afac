import { type FilterPlugin, SKIP } from '../framework/filter-plugin.ts'

/** Claims for devices (kubernetes plugins/dynamicresources, v1.36.2). Which device is free is not modelled. */
export const dynamicResources: FilterPlugin = {
  name: 'DynamicResources',
  prepare: ({ spec }) => (spec.resourceClaims?.length ? { kind: 'unknown' } : SKIP),
}
