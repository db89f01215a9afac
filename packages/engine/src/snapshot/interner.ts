/** Gives equal strings the same small number, in the order in which they are first seen. */
export class Interner {
  private readonly ids = new Map<string, number>()
  private readonly texts: string[] = []

  /** How many different strings there are. */
  get size(): number {
    return this.texts.length
  }

  /** The number of a string; a new one if it was not seen before. */
  id(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    const id = this.texts.length
    this.ids.set(text, id)
    this.texts.push(text)
    return id
  }

  /** The number of a string that was seen before. */
  find(text: string): number | undefined {
    return this.ids.get(text)
  }

  text(id: number): string {
    return this.texts[id] ?? ''
  }
}
