import type { ClusterDump, DumpKind } from '@everynode/engine'
import type { Diagnostic, DiagnosticPlace } from '../diagnostic.ts'
import { isLater } from '../project/scalars.ts'
import { dumpKindNamed, type ReadKind, readKindOf } from '../shapes/kinds.ts'
import type { ListInfo } from './list-info.ts'
import type { Locator } from './locator.ts'
import type { ObjectTarget } from './object-reader.ts'

type Field = DumpKind | 'others'

interface Named {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: { readonly name?: string; readonly namespace?: string }
}

/** The objects of one list of the dump, and where each stands. Places are three numbers an object: file, line, column. */
class Objects {
  readonly objects: Named[] = []
  readonly places: number[] = []
  /** Index by kind and namespace, then by name. */
  private readonly names = new Map<string, Map<string, number>>()

  indexOf(scope: string, name: string): number | undefined {
    return this.names.get(scope)?.get(name)
  }

  add(scope: string, name: string, object: Named): void {
    let scoped = this.names.get(scope)
    if (scoped === undefined) {
      scoped = new Map()
      this.names.set(scope, scoped)
    }
    scoped.set(name, this.objects.length)
    this.objects.push(object)
  }
}

/** Where the objects of a dump stand in the files that were read. */
export interface ObjectPlaces {
  /** The place where the object at this index of the dump's list begins. */
  placeOf(field: DumpKind | 'others', index: number): DiagnosticPlace | undefined
}

/** Annotations of a list that tell about the dump as a whole. */
const KINDS_ANNOTATION = 'everynode.dev/kinds'
const TAKEN_ANNOTATION = 'everynode.dev/taken-at'
const VERSION_ANNOTATION = 'everynode.dev/kubernetes-version'

/** Makes one dump of all objects; of two with one name the later one stays. */
export class DumpBuilder implements ObjectTarget, ObjectPlaces {
  readonly ignoredKinds = new Map<string, number>()
  private readonly report: (diagnostic: Diagnostic) => void
  private readonly fields = new Map<Field, Objects>()
  private readonly known = new Set<DumpKind>()
  private readonly files: string[] = []
  private readonly scopes = new Map<string, Map<string, string>>()
  private kubernetesVersion: string | undefined
  private takenAt: string | undefined

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.report = report
  }

  object(read: ReadKind, object: object, locator: Locator): void {
    const named = object as Named
    const { field } = read
    let list = this.fields.get(field)
    if (list === undefined) {
      list = new Objects()
      this.fields.set(field, list)
    }
    const name = named.metadata.name ?? ''
    const scope = this.scope(field === 'others' ? `${read.group}/${read.kind}` : '', named.metadata.namespace ?? '')
    const earlier = list.indexOf(scope, name)
    const { start } = locator
    let file = this.files.lastIndexOf(start.file)
    if (file < 0) file = this.files.push(start.file) - 1
    if (earlier === undefined) {
      list.add(scope, name, named)
      list.places.push(file, start.line, start.column)
      return
    }
    const before = this.placeOf(field, earlier)
    list.objects[earlier] = named
    list.places[3 * earlier] = file
    list.places[3 * earlier + 1] = start.line
    list.places[3 * earlier + 2] = start.column
    const full = named.metadata.namespace === undefined ? name : `${named.metadata.namespace}/${name}`
    this.report({
      code: 'duplicate-object',
      severity: 'warning',
      message: `${read.kind} ${JSON.stringify(full)} is read twice; the later one counts`,
      place: start,
      ...(before === undefined ? {} : { related: [{ message: 'the earlier one', place: before }] }),
    })
  }

  ignored(apiVersion: string, kind: string): void {
    const key = `${apiVersion}/${kind}`
    this.ignoredKinds.set(key, (this.ignoredKinds.get(key) ?? 0) + 1)
  }

  list(info: ListInfo): void {
    const { apiVersion, kind, annotations } = info
    if (apiVersion !== undefined && kind?.endsWith('List') === true && kind !== 'List') {
      const read = readKindOf(apiVersion, kind.slice(0, -'List'.length))
      if (read !== undefined && read.field !== 'others') this.known.add(read.field)
    }
    for (const name of (annotations.get(KINDS_ANNOTATION) ?? '').split(',')) {
      const field = dumpKindNamed(name)
      if (field !== undefined) this.known.add(field)
    }
    const taken = annotations.get(TAKEN_ANNOTATION)
    if (taken !== undefined && (this.takenAt === undefined || isLater(taken, this.takenAt))) this.takenAt = taken
    this.kubernetesVersion = annotations.get(VERSION_ANNOTATION) ?? this.kubernetesVersion
  }

  version(gitVersion: string): void {
    this.kubernetesVersion = gitVersion
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.report(diagnostic)
  }

  placeOf(field: Field, index: number): DiagnosticPlace | undefined {
    const places = this.fields.get(field)?.places
    const file = places?.[3 * index]
    const line = places?.[3 * index + 1]
    const column = places?.[3 * index + 2]
    if (file === undefined || line === undefined || column === undefined) return undefined
    return { file: this.files[file]!, line, column }
  }

  /** `newest` is the newest time in any object. */
  build(newest: string | undefined): ClusterDump {
    const lists: Record<string, readonly Named[]> = {}
    for (const field of this.known) lists[field] = []
    for (const [field, { objects }] of this.fields) lists[field] = objects
    const takenAt = this.takenAt ?? newest
    // The shapes of project/ are what makes these objects the API types of their lists.
    return {
      ...(lists as ClusterDump),
      ...(this.kubernetesVersion === undefined ? {} : { kubernetesVersion: this.kubernetesVersion }),
      ...(takenAt === undefined ? {} : { takenAt }),
    }
  }

  private scope(kind: string, namespace: string): string {
    let scopes = this.scopes.get(kind)
    if (scopes === undefined) {
      scopes = new Map()
      this.scopes.set(kind, scopes)
    }
    let scope = scopes.get(namespace)
    if (scope === undefined) {
      scope = `${kind} ${namespace}`
      scopes.set(namespace, scope)
    }
    return scope
  }
}
