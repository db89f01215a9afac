const MAX_GROUPS = 8

/** IPv4 or IPv6, where numbers of IPv4 may have leading zeros (`ParseIPSloppy`, k8s.io/utils `internal/third_party/forked/golang/net/ip.go`). */
export function isIpAddress(text: string): boolean {
  return text.includes(':') ? isIpv6(text) : isIpv4(text)
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^[0-9]+$/.test(part) && part.length < 10 && Number(part) <= 255)
}

function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const embedded = last?.includes('.') ?? false
  if (embedded && (last === undefined || !isIpv4(last) || text.endsWith('::'))) return false
  const plain = embedded ? groups.slice(0, -1) : groups
  if (!plain.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  const count = plain.length + (embedded ? 2 : 0)
  return halves.length === 2 ? count < MAX_GROUPS : count === MAX_GROUPS
}
