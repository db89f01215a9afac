import { describe, expect, test } from 'vitest'
import type { AdmissionWorld, KubeObject, Pod, PodSpec } from '../src/index.ts'
import { Admission, admitObject } from '../src/index.ts'

const CONTAINER = { name: 'main', image: 'a:1' }

function messageOf(spec: object, world: AdmissionWorld = {}, metadata: object = {}): string {
  const pod = { metadata: { name: 'p', ...metadata }, spec: { containers: [CONTAINER], ...spec } }
  const answer = new Admission({ priorityClasses: [], runtimeClasses: [], ...world }).admitPod(pod as unknown as Pod)
  return answer.kind === 'refused' ? answer.message : answer.kind
}

function secure(level: string, version = 'latest'): AdmissionWorld {
  const key = 'pod-security.kubernetes.io/enforce'
  return { namespaces: [{ metadata: { name: 'default', labels: { [key]: level, [`${key}-version`]: version } } }] }
}

describe('validation of a pod', () => {
  test.each<[string, object, string]>([
    [
      'ports',
      { containers: [{ ...CONTAINER, ports: [{ containerPort: 70_000, protocol: 'tcp' }] }] },
      'Pod "p" is invalid: [spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive, spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"]',
    ],
    [
      'names of containers, which may not be equal',
      { containers: [CONTAINER, CONTAINER] },
      'Pod "p" is invalid: spec.containers[1].name: Duplicate value: "main"',
    ],
    [
      'requests above limits',
      { containers: [{ ...CONTAINER, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
      'Pod "p" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      'negative amounts',
      { containers: [{ ...CONTAINER, resources: { requests: { memory: '-1' } } }] },
      'Pod "p" is invalid: spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      'tolerations',
      { tolerations: [{ operator: 'Exists', value: 'v' }] },
      'Pod "p" is invalid: spec.tolerations[0].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
    ],
    [
      'activeDeadlineSeconds',
      { activeDeadlineSeconds: -1 },
      'Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive',
    ],
    [
      'volumes of which a mount speaks',
      { containers: [{ ...CONTAINER, volumeMounts: [{ name: 'v', mountPath: '/x' }] }] },
      'Pod "p" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      'a disk that has no name',
      { volumes: [{ name: 'v', gcePersistentDisk: { partition: 300 } }] },
      'Pod "p" is invalid: [spec.volumes[0].persistentDisk.pdName: Required value, spec.volumes[0].persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive]',
    ],
  ])('looks at %s', (_, spec, expected) => {
    expect(messageOf(spec)).toBe(expected)
  })

  test('wants one controller at most, and finalizers with a domain', () => {
    const owner = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', name, uid: name, controller: true })
    expect(messageOf({}, {}, { ownerReferences: [owner('a'), owner('b')] })).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/b',
    )
    expect(messageOf({}, {}, { finalizers: ['x'] })).toBe(
      'Pod "p" is invalid: metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
    )
  })

  test('drops fields that the API does not have', () => {
    const answer = new Admission({}).admitPod({
      metadata: { name: 'p' },
      spec: { containers: [{ ...CONTAINER, nope: 1 }] },
    } as unknown as Pod)
    expect(answer.kind === 'admitted' && 'nope' in (answer.pod.spec.containers?.[0] ?? {})).toBe(false)
  })
})

describe('Pod Security', () => {
  const context = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  }

  test('says every rule that the pod breaks, baseline before restricted', () => {
    const spec = { hostNetwork: true, containers: [{ ...CONTAINER, securityContext: { privileged: true } }] }
    expect(messageOf(spec, secure('restricted'))).toBe(
      'pods "p" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true), privileged (container "main" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    )
  })

  test('takes a pod that keeps to the restricted rules', () => {
    expect(messageOf({ containers: [{ ...CONTAINER, securityContext: context }] }, secure('restricted'))).toBe(
      'admitted',
    )
  })

  test('knows the rules of the version that the namespace names', () => {
    const spec = { containers: [{ ...CONTAINER, securityContext: { ...context, seccompProfile: undefined } }] }
    expect(messageOf(spec, secure('restricted', 'v1.18'))).toBe('admitted')
    expect(messageOf(spec, secure('restricted', 'v1.19'))).toContain('seccompProfile')
  })
})

describe('quota', () => {
  const quota = (hard: object, scopes?: readonly string[]): AdmissionWorld =>
    ({
      resourceQuotas: [{ metadata: { name: 'q', namespace: 'default' }, spec: { hard, ...(scopes && { scopes }) } }],
    }) as unknown as AdmissionWorld

  test('says what was asked, used and allowed', () => {
    const resources = { requests: { cpu: '2' } }
    expect(messageOf({ containers: [{ ...CONTAINER, resources }] }, quota({ 'requests.cpu': '1500m' }))).toBe(
      'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1500m',
    )
  })

  test('wants every container to say what is limited', () => {
    expect(messageOf({}, quota({ 'requests.cpu': '1', 'limits.memory': '1Gi' }))).toBe(
      'pods "p" is forbidden: failed quota: q: must specify limits.memory for: main; requests.cpu for: main',
    )
  })

  test('of a scope concerns the pods in it', () => {
    expect(messageOf({}, quota({ pods: '0' }, ['NotBestEffort']))).toBe('admitted')
    expect(messageOf({}, quota({ pods: '0' }, ['BestEffort']))).toBe(
      'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    )
  })
})

describe('a class', () => {
  test('that is not there refuses the pod; a list that is not known cannot tell', () => {
    expect(messageOf({ priorityClassName: 'x' })).toBe('pods "p" is forbidden: no PriorityClass with name x was found')
    expect(messageOf({ runtimeClassName: 'x' })).toBe('pods "p" is forbidden: pod rejected: RuntimeClass "x" not found')
    const pod = { metadata: { name: 'p' }, spec: { containers: [CONTAINER], priorityClassName: 'x' } as PodSpec }
    expect(new Admission({}).admitPod(pod)).toMatchObject({ kind: 'unknown', needs: ['priorityClasses'] })
  })

  test('of a system name or too high a value is not stored', () => {
    const answer = admitObject(
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'system-x' },
        value: 1,
      } as KubeObject,
      { priorityClasses: [] },
    )
    expect(answer).toMatchObject({ kind: 'refused', code: 422 })
    expect(answer.kind === 'refused' && answer.message).toContain(
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only",
    )
  })
})

describe('a service account', () => {
  const accounts = (rest: object): AdmissionWorld => ({
    serviceAccounts: [{ metadata: { name: 'default', namespace: 'default' }, ...rest }],
  })

  test('that is not there refuses the pod', () => {
    expect(messageOf({ serviceAccountName: 'nope' }, accounts({}))).toBe(
      'pods "p" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found',
    )
  })

  test('gives the pod a token, unless it says otherwise', () => {
    const mounts = (world: AdmissionWorld): readonly unknown[] => {
      const answer = new Admission(world).admitPod({ metadata: { name: 'p' }, spec: { containers: [CONTAINER] } })
      return answer.kind === 'admitted' ? (answer.pod.spec.volumes ?? []).map(({ name }) => name) : []
    }
    expect(mounts(accounts({}))).toEqual(['kube-api-access-xxxxx'])
    expect(mounts(accounts({ automountServiceAccountToken: false }))).toEqual([])
  })
})
