import { type FilterPlugin, SKIP } from '../framework/filter-plugin.ts'

/** A pod with gates waits outside the queue; no cycle sees it (kubernetes plugins/schedulinggates, v1.36.2). */
export const schedulingGates: FilterPlugin = {
  name: 'SchedulingGates',
  prepare: ({ spec }) => (spec.schedulingGates?.length ? { kind: 'unknown' } : SKIP),
}
