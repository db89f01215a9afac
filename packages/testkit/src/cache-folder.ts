import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where outside tools are kept: `${XDG_CACHE_HOME:-~/.cache}/everynode`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME']
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'everynode')
}
