import { invalid } from '../field-errors.ts'

// Paths of files inside volumes (`validateLocalDescendingPath`, `ValidateLocalNonReservedPath`, kubernetes
// `pkg/apis/core/validation/validation.go`, v1.36.2).

/** No element of the path may be `..`. */
export function backstepErrors(text: string, path: string): readonly string[] {
  return text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : []
}

/** Relative, and not upwards. */
export function descendingPathErrors(text: string, path: string): readonly string[] {
  return [
    ...(text.startsWith('/') ? [invalid(path, text, 'must be a relative path')] : []),
    ...backstepErrors(text, path),
  ]
}

/** The same, and not a name that the kubelet keeps for itself. */
export function localPathErrors(text: string, path: string): readonly string[] {
  const reserved = text.startsWith('..') && !text.startsWith('../')
  return [...descendingPathErrors(text, path), ...(reserved ? [invalid(path, text, "must not start with '..'")] : [])]
}
