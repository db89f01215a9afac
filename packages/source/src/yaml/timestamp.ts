const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?$/

/**
 * Whether go.yaml.in/yaml/v2 v2.4.3 takes the text for a timestamp (resolve.go, `parseTimestamp`): a date, or date and time with
 * `T` and a zone, or with spaces and none, as time.Parse reads them.
 */
export function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text)
  if (match === null) return false
  const [, year, month, day, hour, minute, second, zone] = match
  if (!isDate(Number(year), Number(month), Number(day))) return false
  if (hour === undefined) return true
  const spaced = /^[-0-9]+ /.test(text)
  if (spaced !== (zone === undefined)) return false
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && isZone(zone ?? 'Z')
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day <= days
}

/** time.Parse lets a zone be 24 hours and 60 minutes off. */
function isZone(zone: string): boolean {
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60)
}
