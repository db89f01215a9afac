/** Sets a property of any name; returns whether it was set before. */
export function setOwn<Value>(target: { [key: string]: Value }, key: string, value: Value): boolean {
  // Values are never undefined; what is there may still be inherited.
  const repeats = target[key] !== undefined && Object.hasOwn(target, key)
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else target[key] = value
  return repeats
}
