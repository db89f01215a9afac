/** When each thing of the demo happened; all times are fixed. */
export const TIMES = {
  clusterCreated: '2026-09-14T07:30:00Z',
  daemonsApplied: '2026-09-14T07:52:00Z',
  workloadsStarted: '2026-11-18T08:05:00Z',
  agentApplied: '2026-11-23T09:12:00Z',
  agentChanged: '2026-11-23T09:36:00Z',
  nodeJoining: '2026-11-23T09:40:32Z',
  taken: '2026-11-23T09:41:00Z',
} as const

/** RFC 3339 time `minutes` after `start`, whole seconds. */
export function minutesAfter(start: string, minutes: number): string {
  return new Date(Date.parse(start) + Math.round(minutes * 60) * 1000).toISOString().replace('.000Z', 'Z')
}
