import { CLOSE_ARRAY, OPEN_ARRAY } from '../json/byte-classes.ts'
import type { JsonEvents, ValuePlace } from '../json/events.ts'
import type { Tape } from '../json/tape.ts'
import { JsonStream } from '../json-stream.ts'

/** Reads JSON texts again and again with one stream: values that waited, and those that were written from YAML. */
export class JsonRereader {
  private events: Partial<JsonEvents> = {}
  private stream = this.newStream()

  read(bytes: Uint8Array, events: Partial<JsonEvents>): void {
    this.events = events
    this.stream.push(bytes)
    if (!this.stream.isIdle) {
      this.stream.finish()
      this.stream = this.newStream()
    }
    this.events = {}
  }

  /** Gives the value as a whole, even if it is a list. */
  value(bytes: Uint8Array, each: (tape: Tape, token: number, place: ValuePlace) => void): void {
    const element = new Uint8Array(bytes.length + 2)
    element[0] = OPEN_ARRAY
    element.set(bytes, 1)
    element[bytes.length + 1] = CLOSE_ARRAY
    this.read(element, { value: each })
  }

  private newStream(): JsonStream {
    return new JsonStream({
      value: (tape, token, place) => this.events.value?.(tape, token, place),
      listHead: (tape, from, to) => this.events.listHead?.(tape, from, to),
      listTail: (tape, from, to) => this.events.listTail?.(tape, from, to),
      problem: problem => this.events.problem?.(problem),
    })
  }
}
