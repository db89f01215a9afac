type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Block YAML of a JSON value; texts in quotes, as JSON has them. What is nested deeper than 60 levels is in flow style. */
export function yamlText(value: Json, indent = ''): string {
  if (typeof value !== 'object' || value === null || indent.length > 120) return `${JSON.stringify(value)}\n`
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]\n'
    return value.map(item => `${indent}- ${below(item, `${indent}  `)}`).join('')
  }
  const entries = Object.entries(value as { readonly [key: string]: Json })
  if (entries.length === 0) return '{}\n'
  return entries.map(([key, item]) => `${indent}${JSON.stringify(key)}: ${below(item, `${indent}  `)}`).join('')
}

function below(value: Json, indent: string): string {
  const text = yamlText(value, indent)
  const isBlock = typeof value === 'object' && value !== null && text.startsWith(indent)
  return isBlock ? `\n${text}` : text
}
