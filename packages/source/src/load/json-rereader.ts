import type { Tape } from '../json/tape.ts'
import { type JsonEvents, JsonStream, type ValuePlace } from '../json-stream.ts'

/** Reads JSON texts again and again with one stream: values that waited, and those that were written from YAML. */
export class JsonRereader {
  private events: Partial<JsonEvents> = {}
  private readonly stream = new JsonStream({
    value: (tape, token, place) => this.events.value?.(tape, token, place),
    listHead: (tape, from, to) => this.events.listHead?.(tape, from, to),
    listTail: (tape, from, to) => this.events.listTail?.(tape, from, to),
    problem: problem => this.events.problem?.(problem),
  })

  read(bytes: Uint8Array, events: Partial<JsonEvents>): void {
    this.events = events
    this.stream.push(bytes)
    this.events = {}
  }

  value(bytes: Uint8Array, each: (tape: Tape, token: number, place: ValuePlace) => void): void {
    this.read(bytes, { value: each })
  }
}
