import type { Fields } from './fields';
import { isObject, items, labelsOf } from './fields';
import { addToGroup, groupBy } from '../manifest/group-by';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';

/** Pods of one kind: a Pod, or the pods that a template makes. */
export interface Workload {
  readonly object: KubernetesObject;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: Fields;
  /** How many pods there are; undefined where the manifests leave it open. */
  readonly replicas?: number;
}

/** An object with a workload that it selects, and the other objects that select the same one. */
export interface Contest {
  readonly object: KubernetesObject;
  readonly workload: Workload;
  readonly others: readonly KubernetesObject[];
}

/** The name under which objects of all other kinds stand that make pods of a template, such as Argo's Rollout. */
export const TEMPLATED = 'Templated';

/** The kinds whose pods Services and selectors take. */
export const WORKLOAD_KINDS: readonly string[] = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', TEMPLATED];

/** Whether an object has a template of pods where Deployments have it, with labels to be found by. */
export function hasPodTemplate({ spec }: KubernetesObject): boolean {
  return isObject(spec?.template?.metadata?.labels) && isObject(spec.template.spec);
}

const REPLICATED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

function workloadOf(object: KubernetesObject, namespace: string): Workload {
  const single = object.kind === 'Pod';
  const template = single ? object : (object.kind === 'CronJob' ? object.spec?.jobTemplate?.spec?.template : object.spec?.template) ?? {};
  const stated = object.spec?.replicas ?? (REPLICATED.has(object.kind) ? 1 : undefined);
  const replicas = single ? 1 : stated === undefined ? undefined : Number(stated);
  return {
    object,
    namespace,
    labels: labelsOf(template.metadata?.labels),
    annotations: labelsOf(template.metadata?.annotations),
    spec: template.spec ?? {},
    ...(replicas !== undefined && { replicas }),
  };
}

/** Whether pods are Istio's own, its gateways included, or have no sidecar by their own statement: none of them is a client of the mesh. */
export function isOutsideMesh({ labels, annotations }: Workload): boolean {
  return labels.istio !== undefined || labels.app === 'istiod' || labels['gateway.istio.io/managed'] !== undefined
    || (annotations['inject.istio.io/templates'] ?? '').split(',').includes('gateway')
    || (labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject']) === 'false';
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

/** The workloads of an environment, found by the labels of selectors. */
export class Workloads {
  public readonly all: readonly Workload[];
  private readonly byLabel: ReadonlyMap<string, readonly Workload[]>;
  private readonly byNamespace: ReadonlyMap<string, readonly Workload[]>;

  constructor(objects: readonly KubernetesObject[], private readonly namespaceOf: (object: KubernetesObject) => string) {
    this.all = objects.map(object => workloadOf(object, namespaceOf(object)));
    this.byNamespace = groupBy(this.all, workload => workload.namespace);
    this.byLabel = byLabel(this.all);
  }

  public in(namespace: string): readonly Workload[] {
    return this.byNamespace.get(namespace) ?? [];
  }

  /** The workloads that a selector takes, of one namespace or of all. The rarest of its labels is looked up, the others are compared. */
  public selectedBy(selector: Labels, namespace?: string): readonly Workload[] {
    return this.candidates(selector, namespace).filter(workload => selects(selector, workload.labels));
  }

  /** Whether a selector takes any workload. */
  public hasAny(selector: Labels, namespace?: string): boolean {
    return this.candidates(selector, namespace).some(workload => selects(selector, workload.labels));
  }

  /** Where several objects select one workload of their namespace. */
  public contested(objects: readonly KubernetesObject[], selectorOf: (object: KubernetesObject) => Labels): Contest[] {
    const pairs = objects.flatMap(object => this.selectedBy(selectorOf(object), this.namespaceOf(object)).map(workload => ({ object, workload })));
    const selecting = new Map<Workload, KubernetesObject[]>();
    for (const { object, workload } of pairs) addToGroup(selecting, workload, object);
    const contests = pairs.map(pair => ({ ...pair, others: selecting.get(pair.workload)!.filter(other => other !== pair.object) }));
    return contests.filter(({ others }) => others.length > 0);
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

const NONE: readonly Workload[] = [];

/** The containers of a workload's pods, sidecars that start first included. */
export function containersOf({ spec }: Workload): readonly Fields[] {
  return [...items(spec.containers), ...items(spec.initContainers)];
}
