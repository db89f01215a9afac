import type { Diagnostic } from '../diagnostic.ts'
import type { JsonEvents, JsonProblem } from '../json/events.ts'
import { JsonStream } from '../json-stream.ts'
import { listInfo } from './list-info.ts'
import { jsonLocator } from './locator.ts'
import type { ObjectReader } from './object-reader.ts'

/** Feeds the values of one JSON file to an `ObjectReader`. */
export class JsonFile {
  private readonly stream: JsonStream

  constructor(file: string, reader: ObjectReader, report: (diagnostic: Diagnostic) => void) {
    const events: JsonEvents = {
      value: (tape, token, place) =>
        reader.value(tape, token, jsonLocator(file, place), () => tape.bytes.slice(place.start, place.end)),
      listHead: (tape, from, to) => reader.listBegin(listInfo(tape, from, to)),
      listTail: (tape, from, to) => reader.listEnd(listInfo(tape, from, to)),
      problem: problem => report(diagnosticOf(file, problem)),
    }
    this.stream = new JsonStream(events)
  }

  /** False when what follows is no JSON; `rest` then holds it. */
  push(chunk: Uint8Array): boolean {
    return this.stream.push(chunk)
  }

  finish(): void {
    this.stream.finish()
  }

  rest(): { readonly bytes: Uint8Array; readonly line: number } | undefined {
    return this.stream.rest()
  }
}

function diagnosticOf(file: string, problem: JsonProblem): Diagnostic {
  const { code, message, line, column, excerpt, excerptColumn, leftOutFrom, resumedAt } = problem
  const goesOn = resumedAt === undefined ? 'nothing after it is read' : `reading goes on at line ${resumedAt}`
  return {
    code,
    severity: 'error',
    message,
    place: { file, line, column },
    excerpt,
    excerptColumn,
    note: `What begins at line ${leftOutFrom} is left out; ${goesOn}.`,
  }
}
