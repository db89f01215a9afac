import { forbidden, invalid, required } from '../field-errors.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { localPathErrors } from './paths.ts'
import { downwardFileErrors, keyToPathErrors, needed, objects, textOf } from './volume-files.ts'

/** Field errors of the sources of a projected volume; files of different sources may not have one path (`validateProjectionSources`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function projectionErrors(source: JsonObject, path: string): readonly string[] {
  const errors: string[] = []
  const taken = new Set<string>()
  const take = (file: string, owner: string): void => {
    if (file === '') return
    if (taken.has(file)) errors.push(invalid(path, owner, 'conflicting duplicate paths'))
    taken.add(file)
  }
  objects(source['sources']).forEach((projection, index) => {
    const at = `${path}.sources[${index}]`
    const { secret, configMap, downwardAPI, serviceAccountToken } = projection
    for (const [kind, keyed] of [
      ['secret', secret],
      ['configMap', configMap],
    ] as const) {
      if (!isJsonObject(keyed)) continue
      errors.push(...needed(keyed, 'name', `${at}.${kind}`))
      objects(keyed['items']).forEach((item, i) => {
        errors.push(...keyToPathErrors(item, `${at}.${kind}.items[${i}]`))
        take(textOf(item, 'path'), textOf(keyed, 'name'))
      })
    }
    if (isJsonObject(downwardAPI)) {
      for (const item of objects(downwardAPI['items'])) {
        errors.push(...downwardFileErrors(item, `${at}.downwardAPI`))
        take(textOf(item, 'path'), textOf(item, 'path'))
      }
    }
    if (isJsonObject(serviceAccountToken)) errors.push(...tokenErrors(serviceAccountToken, at, path))
    const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate']
    if (kinds.filter(kind => isJsonObject(projection[kind])).length > 1) {
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'))
    }
  })
  return errors
}

function tokenErrors(token: JsonObject, path: string, projectedPath: string): readonly string[] {
  const errors: string[] = []
  const seconds = token['expirationSeconds']
  const at = `${path}.serviceAccountToken.expirationSeconds`
  if (typeof seconds === 'number') {
    if (seconds < 600) errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > 2 ** 32) errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'))
  }
  const file = textOf(token, 'path')
  if (file === '') errors.push(required(`${projectedPath}.path`))
  else errors.push(...localPathErrors(file, `${projectedPath}.path`))
  return errors
}
