import { kubernetesEndpoints, kubernetesServices } from './kubernetes-services';
import type { MeshConfig } from './mesh-config';
import type { Endpoint, Service, ServicePort } from './service';
import { podLabelsOf } from './service';
import { serviceEntryEndpoints, serviceEntryServices } from './service-entries';
import type { Workload } from './workloads';
import { podsOf, WorkloadIndex, workloadOf } from './workloads';
import { ClueIndex } from '../manifest/clue-index';
import { isVisible } from '../manifest/export-to';
import { addToGroup } from '../manifest/group-by';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { byAge } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { labelClues, selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/** The endpoints of one host in one namespace, by name and by number of the service's port. */
interface Endpoints {
  readonly byName: ReadonlyMap<string, readonly Endpoint[]>;
  readonly byNumber: ReadonlyMap<number, readonly Endpoint[]>;
  readonly identities: readonly string[];
}

/** The services of the mesh, made once for all proxies. */
export class ServiceRegistry {
  /** Every service, in istiod's order: by age, then by name (of a ServiceEntry's: by host), then by namespace. */
  public readonly services: readonly Service[];
  /** All pods. */
  public readonly runningPods: readonly Workload[];
  /** The workloads of the WorkloadEntries. */
  public readonly statedWorkloads: readonly Workload[];
  private readonly allWorkloads: readonly Workload[];
  private readonly hosts = new Map<string, Map<string, Service>>();
  private readonly namesakes = new Map<string, Service[]>();
  private readonly ofHost = new Map<string, Service[]>();
  private readonly public: Service[] = [];
  private readonly exported = new Map<string, Service[]>();
  private readonly visible = new Map<string, readonly Service[]>();
  private readonly endpointsOf = new Map<string, Endpoints>();
  private readonly allPods: WorkloadIndex;
  private readonly entries: WorkloadIndex;
  private byAddress?: ReadonlyMap<string, Workload>;
  private bySelector?: ReadonlyMap<string, ClueIndex<Service>>;

  constructor(manifests: readonly Manifest[], private readonly mesh: MeshConfig, clusterDomain = 'cluster.local') {
    const namespaces = new Map(manifestsOf(manifests, 'Namespace').map(({ metadata }) => [metadata.name, metadata.annotations]));
    this.services = withAliases([
      ...manifestsOf(manifests, 'ServiceEntry').sort(byAge).flatMap(object => serviceEntryServices(object, mesh, namespaces)),
      ...kubernetesServices(manifestsOf(manifests, 'Service'), mesh, namespaces, clusterDomain),
    ].map(service => ({ service, place: placeOf(service) })).sort((a, b) => byAge(a.place, b.place)).map(({ service }) => service));
    this.runningPods = podsOf(manifests, mesh);
    this.allPods = new WorkloadIndex(this.runningPods);
    const entries = manifestsOf(manifests, 'WorkloadEntry');
    this.statedWorkloads = entries.map(({ metadata: { name, namespace = '', labels, creationTimestamp }, spec = {} }) => ({
      ...workloadOf({ ...spec, labels: { ...spec.labels, ...labels } }, name, namespace, mesh),
      ...creationTimestamp && { creationTimestamp },
    }));
    this.entries = new WorkloadIndex(this.statedWorkloads);
    this.allWorkloads = [...this.runningPods, ...this.statedWorkloads];
    for (const service of this.services) this.add(service);
  }

  /** The services that are visible to a namespace, in istiod's order: those exported to it, then the public ones. */
  public visibleFrom(namespace: string): readonly Service[] {
    let services = this.visible.get(namespace);
    if (!services) {
      services = [...this.exported.get(namespace) ?? [], ...this.public];
      this.visible.set(namespace, services);
    }
    return services;
  }

  /** The services of a host that are visible to a namespace, in the same order. */
  public seenFrom(namespace: string, host: string): readonly Service[] {
    const seen = (this.ofHost.get(host) ?? []).filter(service => this.isVisible(service, namespace));
    return [...seen.filter(({ exportTo }) => exportTo !== 'all'), ...seen.filter(({ exportTo }) => exportTo === 'all')];
  }

  public isVisible(service: Service, namespace: string): boolean {
    return isVisible(service.exportTo, namespace);
  }

  /** The services of a namespace that select pods with some labels, whether visible or not, in istiod's order. */
  public selecting(namespace: string, labels: Labels): readonly Service[] {
    this.bySelector ??= bySelector(this.services);
    return this.bySelector.get(namespace)?.all(labelClues(labels), service => selects(podLabelsOf(service), labels)) ?? [];
  }

  /** The services of a host by namespace, whether visible or not: the Kubernetes Service, else the oldest. */
  public byNamespace(host: string): ReadonlyMap<string, Service> {
    return this.hosts.get(host) ?? new Map();
  }

  public find(host: string, namespace: string): Service | undefined {
    return this.hosts.get(host)?.get(namespace);
  }

  /** The pods of a namespace that have some labels. */
  public pods(namespace: string, labels: { readonly [key: string]: string }): readonly Workload[] {
    return this.allPods.select(namespace, labels);
  }

  /** The SPIFFE IDs of all pods and WorkloadEntries. */
  public get identities(): readonly string[] {
    return [...new Set(this.allWorkloads.flatMap(({ identity }) => identity ?? []))];
  }

  /** The pod or the WorkloadEntry that has an address. */
  public workloadAt(address: string): Workload | undefined {
    this.byAddress ??= new Map(this.allWorkloads.map(workload => [workload.address, workload]));
    return this.byAddress.get(address);
  }

  /** The endpoints of a port. istiod compares the port's name for EDS endpoints, its number for those resolved by DNS. */
  public endpoints(service: Service, port: ServicePort): readonly Endpoint[] {
    const { byName, byNumber } = this.allEndpoints(service);
    const byDns = service.resolution === 'DNS' || service.resolution === 'DNS_ROUND_ROBIN';
    return (byDns ? byNumber.get(port.number) : byName.get(port.name)) ?? [];
  }

  /** The endpoints of a port number, of all services with the host and namespace. */
  public endpointsAt(service: Service, number: number): readonly Endpoint[] {
    return this.allEndpoints(service).byNumber.get(number) ?? [];
  }

  /** The subject alternative names of a service: its endpoints' identities, and those of the last service with its host and namespace. */
  public subjectAltNames(service: Service): readonly string[] {
    const { identities } = this.allEndpoints(service);
    const stated = this.namesakes.get(`${service.namespace}/${service.host}`)?.at(-1)?.subjectAltNames ?? [];
    return stated.length === 0 ? identities : [...new Set([...identities, ...stated])].sort();
  }

  private add(service: Service): void {
    const { host, namespace, exportTo } = service;
    const places = this.hosts.get(host) ?? new Map<string, Service>();
    this.hosts.set(host, places);
    const other = places.get(namespace);
    if (!other || (other.registry !== 'Kubernetes' && service.registry === 'Kubernetes')) places.set(namespace, service);
    addToGroup(this.namesakes, `${namespace}/${host}`, service);
    addToGroup(this.ofHost, host, service);
    if (exportTo === 'all') this.public.push(service);
    else for (const scope of exportTo) addToGroup(this.exported, scope, service);
  }

  private allEndpoints({ host, namespace }: Service): Endpoints {
    const key = `${namespace}/${host}`;
    let found = this.endpointsOf.get(key);
    if (!found) {
      found = grouped(this.collect(this.namesakes.get(key) ?? []));
      this.endpointsOf.set(key, found);
    }
    return found;
  }

  /** Services with the same host and namespace share their endpoints; those of ServiceEntries come first. */
  private collect(namesakes: readonly Service[]): Endpoint[] {
    const taken = new Set<number>();
    const entries = namesakes.filter(({ registry }) => registry === 'External').flatMap(service => {
      const endpoints = serviceEntryEndpoints(service, this.allPods, this.entries, this.mesh);
      return endpoints.filter(({ servicePort: { number } }) => {
        const isOneTooMany = service.resolution === 'DNS_ROUND_ROBIN' && taken.has(number);
        taken.add(number);
        return !isOneTooMany;
      });
    });
    const ofKubernetes = namesakes.filter(({ registry }) => registry === 'Kubernetes');
    return [...entries, ...ofKubernetes.flatMap(service => kubernetesEndpoints(service, this.allPods, this.entries))];
  }
}

/** The services of each namespace that have pods, by the labels that the pods must have. */
function bySelector(services: readonly Service[]): ReadonlyMap<string, ClueIndex<Service>> {
  const indexes = new Map<string, ClueIndex<Service>>();
  for (const service of services) {
    const clues = labelClues(podLabelsOf(service)).map(clue => [clue]);
    if (clues.length === 0) continue;
    const index = indexes.get(service.namespace) ?? new ClueIndex<Service>();
    indexes.set(service.namespace, index);
    index.add(service, clues);
  }
  return indexes;
}

/** The object by which istiod orders a service. */
function placeOf({ object, name }: Service): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, name } };
}

/** Adds to each service the ExternalName Services that refer to it, also through chains of them. Circles refer to no service. */
function withAliases(services: readonly Service[]): readonly Service[] {
  const targets = new Map(services
    .flatMap(({ host, externalName }) => (externalName === undefined ? [] : [[host, externalName] as const])));
  if (targets.size === 0) return services;
  const aliases = new Map<string, Service[]>();
  for (const service of services) {
    if (service.externalName === undefined) continue;
    const seen = new Set([service.host]);
    let target = service.externalName;
    while (targets.has(target) && !seen.has(target)) {
      seen.add(target);
      target = targets.get(target)!;
    }
    if (!seen.has(target)) addToGroup(aliases, target, service);
  }
  const order = (a: Service, b: Service) => compare(a.namespace, b.namespace) || compare(a.host, b.host);
  return services.map(service => {
    const found = aliases.get(service.host);
    return found ? { ...service, aliases: found.sort(order).map(({ host }) => host) } : service;
  });
}

function grouped(endpoints: readonly Endpoint[]): Endpoints {
  const byName = new Map<string, Endpoint[]>();
  const byNumber = new Map<number, Endpoint[]>();
  for (const endpoint of endpoints) {
    addToGroup(byName, endpoint.servicePort.name, endpoint);
    addToGroup(byNumber, endpoint.servicePort.number, endpoint);
  }
  const identities = [...new Set(endpoints.flatMap(({ identity }) => (identity === undefined ? [] : [identity])))].sort();
  return { byName, byNumber, identities };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
