import type { Change } from './change';
import { describeDestination } from './destination';
import { fieldWords } from './field-words';
import type { ProxyTraffic } from './proxy-traffic';
import { reachedDestinations } from './used-clusters';
import { addToGroup, groupBy } from '../manifest/group-by';
import type { WorkloadEntrySpec } from '../manifest/istio-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';
import { manifestsOf, readManifests } from '../manifest/manifest';

type WorkloadEntry = ManifestOf<'WorkloadEntry'>;

/** A WorkloadEntry with all labels by which it is selected. */
interface StatedWorkload {
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: WorkloadEntrySpec;
}

/** The pods behind a port of a host, in words. */
interface Backend {
  /** The labels that select its pods, with the addresses of matching WorkloadEntries, or the endpoints of a ServiceEntry. */
  readonly selection: string;
  /** The target port, as a number or a name. */
  readonly targetPort: string;
}

/** The backends per `host|port`. If several objects define a port, they are all listed. */
export type ServiceBackends = ReadonlyMap<string, Backend>;

export function serviceBackends(
  objects: readonly KubernetesObject[], defaultNamespace = 'default', clusterDomain = 'cluster.local',
): ServiceBackends {
  const { manifests } = readManifests(objects);
  const backends = new Map<string, Backend>();
  const add = (key: string, backend: Backend) => backends.set(key, either(backends.get(key), backend));
  for (const { metadata: { name, namespace = defaultNamespace }, spec = {} } of manifestsOf(manifests, 'Service')) {
    if (spec.type === 'ExternalName') continue;
    for (const { port, targetPort = port } of spec.ports ?? []) {
      const selection = spec.selector ? labelsText(spec.selector) : 'no labels';
      add(`${name}.${namespace}.svc.${clusterDomain}|${port}`, { selection, targetPort: `port ${targetPort}` });
    }
  }
  const workloads = new WorkloadEntries(manifestsOf(manifests, 'WorkloadEntry'), defaultNamespace);
  for (const { metadata: { namespace = defaultNamespace }, spec = {} } of manifestsOf(manifests, 'ServiceEntry')) {
    // With the other resolutions, the cluster holds the endpoints.
    if (spec.resolution !== 'STATIC') continue;
    const endpoints = (spec.endpoints ?? []).map(endpointWords).sort().join(', ');
    const { labels } = spec.workloadSelector ?? {};
    const selected = labels === undefined ? [] : workloads.selectedBy(labels, namespace);
    const addresses = selected.map(({ spec: { address = '' } }) => address).sort().join(', ');
    const selection = labels === undefined ? endpoints : `${labelsText(labels)}${addresses === '' ? '' : ` (${addresses})`}`;
    for (const host of spec.hosts ?? []) {
      for (const { number, targetPort = number } of spec.ports ?? []) {
        add(`${host.toLowerCase()}|${number}`, { selection, targetPort: `port ${targetPort}` });
      }
    }
  }
  return backends;
}

/** WorkloadEntries by namespace and label, so that a selector compares few of them. */
class WorkloadEntries {
  private readonly byNamespace: ReadonlyMap<string, readonly StatedWorkload[]>;
  private readonly byLabel = new Map<string, StatedWorkload[]>();

  public constructor(entries: readonly WorkloadEntry[], defaultNamespace: string) {
    const stated = entries.map(({ metadata, spec = {} }): StatedWorkload => (
      { namespace: metadata.namespace ?? defaultNamespace, labels: { ...spec.labels, ...metadata.labels }, spec }));
    this.byNamespace = groupBy(stated, ({ namespace }) => namespace);
    for (const workload of stated) {
      for (const [name, value] of Object.entries(workload.labels)) {
        addToGroup(this.byLabel, keyOf(workload.namespace, name, value), workload);
      }
    }
  }

  public selectedBy(selector: Labels, namespace: string): readonly StatedWorkload[] {
    const lists = Object.entries(selector).map(([name, value]) => this.byLabel.get(keyOf(namespace, name, value)) ?? []);
    const fewest = lists.length === 0 ? this.byNamespace.get(namespace) ?? [] : lists.reduce((a, b) => (b.length < a.length ? b : a));
    return fewest.filter(({ labels }) => selects(selector, labels));
  }
}

function keyOf(namespace: string, name: string, value: string): string {
  return `${namespace}/${name}=${value}`;
}

function endpointWords({ address = 'no address', ...others }: WorkloadEntrySpec): string {
  const rest = fieldWords(others);
  return rest === '' ? address : `${address} (${rest})`;
}

function labelsText(labels: Labels = {}): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).sort().join(', ') || 'no labels';
}

function either(known: Backend | undefined, backend: Backend): Backend {
  if (!known) return backend;
  const join = (a: string, b: string) => [...new Set([...a.split(' or '), b])].sort().join(' or ');
  return { selection: join(known.selection, backend.selection), targetPort: join(known.targetPort, backend.targetPort) };
}

/** Hosts that get requests before and after, but whose pods or target port change. EDS delivers both, so no cluster shows it. */
export function compareBackends(old: ServiceBackends, now: ServiceBackends, before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const isChanged = (key: string) => {
    const [a, b] = [old.get(key), now.get(key)];
    return a !== undefined && b !== undefined && (a.selection !== b.selection || a.targetPort !== b.targetPort);
  };
  const changed = new Set([...now.keys()].filter(isChanged));
  if (changed.size === 0) return [];
  return reachedDestinations(({ host, port }) => changed.has(`${host}|${port}`), before, after).flatMap((destination): Change[] => {
    const key = `${destination.host}|${destination.port}`;
    const [a, b] = [old.get(key)!, now.get(key)!];
    const place = { host: destination.host, port: destination.port, destination: describeDestination(destination) };
    return [
      ...(a.selection === b.selection ? [] : [
        { kind: 'selection', risk: 'high', ...place, before: a.selection, after: b.selection } as const,
      ]),
      ...(a.targetPort === b.targetPort ? [] : [
        { kind: 'endpoints', risk: 'medium', ...place, before: a.targetPort, after: b.targetPort } as const,
      ]),
    ];
  });
}
