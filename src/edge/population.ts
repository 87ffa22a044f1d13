import { replicasOf } from '../envoy/workloads';
import { addedLabels, labelsOfRoles, templateLabels } from '../manifest/added-labels';
import { addToGroup } from '../manifest/group-by';
import { serviceHost } from '../manifest/host-name';
import { POD_TEMPLATED } from '../manifest/kubernetes-kinds';
import { describeObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { isOfKind } from '../manifest/manifest';
import { podTemplateOf } from '../manifest/pod-template';
import { readValue } from '../manifest/shape';

const TARGET = { name: 'string' } as const;
/** The fields in which objects name the workload that they scale. */
const SCALING = { spec: { scaleTargetRef: TARGET, targetRef: TARGET, workloadRef: TARGET } } as const;

/** Pods of one namespace: those in the manifests, else what is known of their labels. */
export interface PodSet {
  readonly namespace: string;
  /** The labels of each; empty if they have no manifest. */
  readonly pods: readonly Labels[];
  /** Labels that all of them have. */
  readonly labels: Labels;
}

/** The pods of one object. */
interface Workload {
  readonly name: string;
  readonly labels: Labels;
}

/** The pods of a mesh, and which of them serve a host. */
export class Population {
  /** The names of all objects that make pods. */
  public readonly workloads = new Set<string>();
  /** Workloads by `key=value` of each label, and by the same behind `namespace/`. */
  private readonly byLabel = new Map<string, Workload[]>();
  private readonly pods = new Map<string, Labels[]>();
  /** The pods of workloads with 0 replicas, by the workload. */
  private readonly idle = new Map<Labels, string>();
  /** `namespace/name` of the workloads that other objects scale, such as a HorizontalPodAutoscaler or Argo's Rollout. */
  private readonly scaled = new Set<string>();
  private readonly selectors = new Map<string, PodSet[]>();
  /** The labels of pods that only a running cluster has, by namespace: of Jobs, of WorkloadGroups, of the roles in a Rollout. */
  private readonly later = new Map<string, Labels[]>();
  /** The hosts of Services. What one of type ExternalName stands for may lie outside the input. */
  private readonly services = new Set<string>();
  /** The ports of the hosts of ServiceEntries. */
  private readonly entries = new Map<string, number[]>();
  /** The labels of the endpoints that ServiceEntries list, by host. */
  private readonly listed = new Map<string, Labels[]>();
  private readonly served = new Map<string, readonly PodSet[]>();

  public constructor(manifests: readonly Manifest[], private readonly clusterDomain: string) {
    for (const manifest of manifests) this.add(manifest);
  }

  /** The pods of a namespace with some labels. */
  public of(namespace: string, labels: Labels): PodSet {
    return { namespace, labels, pods: (this.pods.get(namespace) ?? []).filter(pod => selects(labels, pod)) };
  }

  /** The pods that serve a host. */
  public serving(host: string): readonly PodSet[] {
    let served = this.served.get(host);
    if (!served) this.served.set(host, served = this.find(host));
    return served;
  }

  /**
   * Whether a running cluster may have pods or endpoints of a host with some labels, where the manifests have none: it adds labels to them,
   * scales workloads, and runs pods of kinds of which the manifests do not tell how many there are.
   */
  public mayServe(host: string, labels: Labels): boolean {
    const stated = templateLabels(labels);
    const isOpen = addedLabels(labels).length > 0;
    if (isOpen && (this.listed.get(host) ?? []).some(each => selects(stated, each))) return true;
    return (this.selectors.get(host) ?? []).some(({ namespace, labels: selector }) => {
      const hasAdded = isOpen || addedLabels(selector).length > 0;
      const pods = [...this.later.get(namespace) ?? [], ...hasAdded ? this.pods.get(namespace) ?? [] : []];
      return pods.some(pod => selects(templateLabels(selector), pod) && selects(stated, pod) && !this.isIdle(pod));
    });
  }

  /** Whether the manifests scale a workload to 0, and no object of theirs scales it otherwise. */
  public isIdle(pod: Labels): boolean {
    const workload = this.idle.get(pod);
    return workload !== undefined && !this.scaled.has(workload);
  }

  /** The names of the objects whose pods a selector takes, of one namespace or of all; none for a selector that takes every pod. */
  public selected(selector: Labels, namespace: string | undefined): readonly string[] {
    const where = namespace === undefined ? '' : `${namespace}/`;
    const lists = Object.entries(selector).map(([key, value]) => this.byLabel.get(`${where}${key}=${value}`) ?? []);
    if (lists.length === 0) return [];
    const fewest = lists.reduce((least, list) => (list.length < least.length ? list : least));
    return fewest.filter(({ labels }) => selects(selector, labels)).map(({ name }) => name);
  }

  /** Whether a Service or ServiceEntry of the input has a host. */
  public knows(host: string): boolean {
    return this.services.has(host) || this.entries.has(host);
  }

  /** Whether a Service of the input has a host. Only ServiceEntries can share one, and each adds ports. */
  public hasService(host: string): boolean {
    return this.services.has(host);
  }

  /** Whether no ServiceEntry of the input has a port of a host that ServiceEntries alone have. */
  public lacksPort(host: string, port: number): boolean {
    return !this.services.has(host) && this.entries.has(host) && !this.entries.get(host)!.includes(port);
  }

  /** Whether the ServiceEntries of a host list no endpoints, and select none. */
  public hasEmptyEntries(host: string): boolean {
    return this.entries.has(host) && !this.services.has(host) && !this.listed.has(host) && !this.selectors.has(host);
  }

  private find(host: string): readonly PodSet[] {
    const stated = this.selectors.get(host);
    if (stated) return stated.map(({ namespace, labels }) => this.of(namespace, labels));
    const [, namespace, ...domain] = host.split('.');
    // If a Service is not in the input, only the namespace of its pods is known.
    return domain.join('.') === `svc.${this.clusterDomain}` ? [{ namespace, labels: {}, pods: [] }] : [];
  }

  private addPods(name: string, namespace: string, labels: Labels): void {
    addToGroup(this.pods, namespace, labels);
    this.workloads.add(name);
    for (const [key, value] of Object.entries(labels)) {
      addToGroup(this.byLabel, `${key}=${value}`, { name, labels });
      addToGroup(this.byLabel, `${namespace}/${key}=${value}`, { name, labels });
    }
  }

  private add(manifest: Manifest): void {
    const { name, namespace = '' } = manifest.metadata;
    const template = podTemplateOf(manifest);
    if (template) {
      const labels = { ...template.metadata?.labels };
      this.addPods(describeObject(manifest), namespace, labels);
      if (readValue(POD_TEMPLATED, manifest)?.spec?.replicas === 0) this.idle.set(labels, `${namespace}/${name}`);
      if (!replicasOf(manifest)) addToGroup(this.later, namespace, labels);
      for (const ofRole of labelsOfRoles(manifest)) addToGroup(this.later, namespace, { ...labels, ...ofRole });
    }
    const { scaleTargetRef, targetRef, workloadRef } = readValue(SCALING, manifest)?.spec ?? {};
    for (const target of [scaleTargetRef, targetRef, workloadRef]) {
      if (target?.name !== undefined) this.scaled.add(`${namespace}/${target.name}`);
    }
    if (isOfKind(manifest, 'WorkloadEntry')) addToGroup(this.pods, namespace, manifest.spec?.labels ?? {});
    if (isOfKind(manifest, 'WorkloadGroup')) addToGroup(this.later, namespace, manifest.spec?.metadata?.labels ?? {});
    if (isOfKind(manifest, 'Service')) {
      const { selector, type } = manifest.spec ?? {};
      const host = serviceHost(name, namespace, this.clusterDomain);
      if (type === 'ExternalName') return;
      this.services.add(host);
      addToGroup(this.selectors, host, { namespace, labels: selector ?? {}, pods: [] });
    } else if (isOfKind(manifest, 'ServiceEntry')) {
      const { hosts = [], workloadSelector, location, endpoints = [], ports = [] } = manifest.spec ?? {};
      const labels = workloadSelector?.labels;
      for (const host of hosts) {
        this.entries.set(host, [...this.entries.get(host) ?? [], ...ports.flatMap(({ number }) => number ?? [])]);
        for (const { labels: own = {} } of endpoints) addToGroup(this.listed, host, own);
        if (labels || location === 'MESH_INTERNAL') addToGroup(this.selectors, host, { namespace, labels: labels ?? {}, pods: [] });
      }
    }
  }
}
