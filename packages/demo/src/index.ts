export { afterForecast } from './after.ts'
export { demoCluster } from './cluster.ts'
export {
  DEFAULT_POOL,
  LOG_AGENT,
  LOG_AGENT_REMEDY,
  LOG_AGENT_STANDARD,
  QOVERY_HIGH_PRIORITY,
  QOVERY_STANDARD_PRIORITY,
  STABLE_POOL,
} from './qovery.ts'
export type { DemoVariant } from './variant.ts'
export { DEMO_VARIANTS } from './variant.ts'
