import { Rivals } from './rivals';
import { templateLabels } from '../../manifest/added-labels';
import { addToGroup, groupBy } from '../../manifest/group-by';
import type { Container, PodSpec, PodTemplate } from '../../manifest/kubernetes-kinds';
import { POD_TEMPLATED } from '../../manifest/kubernetes-kinds';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import type { Kind, Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { readValue } from '../../manifest/shape';

/** Pods of one kind: a Pod, or the pods that a template makes. */
export interface Workload {
  readonly object: Manifest;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PodSpec;
  /** How many pods there are; undefined where the manifests leave it open. */
  readonly replicas?: number;
}

/** An object that selects workloads of its namespace. */
export interface Selecting {
  readonly object: Manifest;
  readonly namespace: string;
  readonly selector: Labels;
}

/** An object with a workload that it selects, and all objects that select the same one. */
export interface Contest {
  readonly object: Manifest;
  readonly workload: Workload;
  readonly rivals: Rivals;
}

/** Kubernetes' own kinds with `spec.template`. */
const TEMPLATED = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController',
  'Job'] as const satisfies readonly Kind[];

/** The order in which workloads are listed; those of other kinds with a template of pods, such as Argo's Rollout, stand last. */
const KINDS: readonly string[] = ['Pod', ...TEMPLATED, 'CronJob'];

/** Kinds that make one pod unless they state a number. */
const REPLICATED: readonly string[] = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

interface Pods {
  readonly template?: PodTemplate;
  readonly replicas?: number;
}

/** The pods that an object makes; undefined where it makes none. */
function podsOf(object: Manifest): Pods | undefined {
  if (isOfKind(object, 'Pod')) return { template: object, replicas: 1 };
  if (isOfKind(object, 'CronJob')) return { template: object.spec?.jobTemplate?.spec?.template };
  for (const kind of TEMPLATED) if (isOfKind(object, kind)) return object.spec ?? {};
  const pods = readValue(POD_TEMPLATED, object)?.spec;
  return pods?.template?.metadata?.labels && pods.template.spec ? pods : undefined;
}

/** The workload that an object is; none for one that makes no pods. */
export function workloadsOf(object: Manifest, namespace: string): readonly Workload[] {
  const pods = podsOf(object);
  if (!pods) return [];
  const { template = {}, replicas = REPLICATED.includes(object.kind) ? 1 : undefined } = pods;
  const { metadata: { labels = {}, annotations = {} } = {}, spec = {} } = template;
  return [{ object, namespace, labels, annotations, spec, ...(replicas !== undefined && { replicas }) }];
}

/** Whether pods are Istio's own, its gateways included. */
export function isIstiosOwn({ labels, annotations }: Workload): boolean {
  return labels.istio !== undefined || labels.app === 'istiod' || labels['gateway.istio.io/managed'] !== undefined
    || (annotations['inject.istio.io/templates'] ?? '').split(',').includes('gateway');
}

/** Whether pods have no sidecar, by what they state, or by the labels of their namespace where these are known. */
export function hasNoSidecar(workload: Workload, ofNamespace?: Labels): boolean {
  const { labels, annotations, spec: { hostNetwork } } = workload;
  const isWritten = containersOf(workload).some(({ name }) => name === 'istio-proxy');
  // Istio injects no sidecar into pods in the network of their node.
  if (hostNetwork && !isWritten) return true;
  const stated = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
  if (stated !== undefined) return stated === 'false';
  if (ofNamespace === undefined || labels['istio.io/rev'] !== undefined) return false;
  const isInjected = ofNamespace['istio-injection'] === 'enabled' || ofNamespace['istio.io/rev'] !== undefined;
  return !isInjected && !isWritten;
}

/** Whether pods are Istio's own, or state that they have no sidecar: none of them is a caller in the mesh. */
export function isOutsideMesh(workload: Workload): boolean {
  return isIstiosOwn(workload) || hasNoSidecar(workload);
}

/** The containers of a workload's pods, init containers included: sidecars may be among them. */
export function containersOf({ spec: { containers = [], initContainers = [] } }: Workload): readonly Container[] {
  return [...containers, ...initContainers];
}

/** Workloads by `name=value` of each label, and by the same behind `namespace/`. */
function byLabel(workloads: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const [name, value] of Object.entries(workload.labels)) {
      addToGroup(found, `${name}=${value}`, workload);
      addToGroup(found, `${workload.namespace}/${name}=${value}`, workload);
    }
  }
  return found;
}

function position({ object }: Workload): number {
  const place = KINDS.indexOf(object.kind);
  return place < 0 ? KINDS.length : place;
}

const NONE: readonly Workload[] = [];

/** The workloads of an environment, found by the labels of selectors. */
export class Workloads {
  public readonly all: readonly Workload[];
  private readonly byLabel: ReadonlyMap<string, readonly Workload[]>;
  private readonly byNamespace: ReadonlyMap<string, readonly Workload[]>;

  public constructor(workloads: readonly Workload[]) {
    this.all = [...workloads].sort((a, b) => position(a) - position(b));
    this.byNamespace = groupBy(this.all, ({ namespace }) => namespace);
    this.byLabel = byLabel(this.all);
  }

  public in(namespace: string): readonly Workload[] {
    return this.byNamespace.get(namespace) ?? NONE;
  }

  /** The workloads that a selector takes, of one namespace or of all. The rarest of its labels is looked up, the others are compared. */
  public selectedBy(selector: Labels, namespace?: string): readonly Workload[] {
    return this.candidates(selector, namespace).filter(workload => selects(selector, workload.labels));
  }

  /** Whether a selector takes any workload. */
  public hasAny(selector: Labels, namespace?: string): boolean {
    return this.candidates(selector, namespace).some(workload => selects(selector, workload.labels));
  }

  /** Whether a selector takes any workload, or may take one that gets labels when it runs. */
  public mayHave(selector: Labels, namespace?: string): boolean {
    return this.hasAny(templateLabels(selector), namespace);
  }

  /** Where several objects select one workload of their namespace, by object. */
  public contested(objects: readonly Selecting[]): ReadonlyMap<Manifest, readonly Contest[]> {
    const pairs = objects.flatMap(({
      object, selector,
      namespace,
    }) => this.selectedBy(selector, namespace).map(workload => ({ object, workload })));
    const contests = [...groupBy(pairs, ({ workload }) => workload).values()].filter(selecting => selecting.length > 1);
    const rivals = new Map(contests.map(selecting => [selecting[0].workload, new Rivals(selecting.map(({ object }) => object))]));
    return groupBy(pairs.flatMap(pair => {
      const all = rivals.get(pair.workload);
      return all ? [{ ...pair, rivals: all }] : [];
    }), ({ object }) => object);
  }

  private candidates(selector: Labels, namespace: string | undefined): readonly Workload[] {
    const where = namespace === undefined ? '' : `${namespace}/`;
    let rarest: readonly Workload[] | undefined;
    for (const name in selector) {
      const found = this.byLabel.get(`${where}${name}=${selector[name]}`) ?? NONE;
      if (!rarest || found.length < rarest.length) rarest = found;
    }
    return rarest ?? (namespace === undefined ? this.all : this.in(namespace));
  }
}
