import { isIP } from 'node:net';
import type { CheckedMesh } from './checked-mesh';
import { hasSubset, subsetsOf } from './subsets';
import type { Target } from './target';
import type { Endpoint, Service } from '../envoy/service';
import { addedLabels, templateLabels } from '../manifest/added-labels';
import { hostsOverlap, isWildcard } from '../manifest/host-name';
import { describeObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import { readValue } from '../manifest/shape';
import { isCidrWithin } from '../traffic/cidr';

/** A destination of another name that leads to the pods of a target. */
export interface OtherWay {
  /** Why it leads there. */
  readonly why: string;
  readonly target: Target;
}

const STATED = {
  spec: { externalIPs: ['string'], loadBalancerIP: 'string' },
  status: { loadBalancer: { ingress: [{ ip: 'string', hostname: 'string' }] } },
} as const;

/** The destinations in the input that lead to the pods of a target, although they have another host or subset. */
export function otherWays(target: Target, mesh: CheckedMesh): readonly OtherWay[] {
  if (target.hosts.length === 0) return [];
  const own = new OwnPods(target.hosts, mesh);
  const others = mesh.parts.translator.services.filter(({ host }) => !own.hosts.has(host));
  const found = new Map<string, OtherWay>();
  for (const service of others) {
    const why = own.reachedBy(service);
    const { host } = service;
    if (why !== undefined && !found.has(host)) {
      const takes: Target['takes'] = place => place.host === host;
      found.set(host, { why: `${describeObject(service.object)} ${why}`, target: { words: host, hosts: [host], takes } });
    }
  }
  return [...subsetsBeside(target, mesh), ...found.values()];
}

/** The whole service, and other subsets that may share pods with a subset. */
function subsetsBeside({ hosts: [host], subset }: Target, mesh: CheckedMesh): readonly OtherWay[] {
  if (subset === undefined || !hasSubset(host, subset, mesh.parts)) return [];
  const all = subsetsOf(host, mesh.parts);
  const own = all.filter(({ name }) => name === subset);
  const isApart = (labels: Labels) => own.every(one => areContrary(labels, one.labels));
  const takes: Target['takes'] = place => place.host === host && place.subset !== subset
    && !(all.some(({ name }) => name === place.subset) && all.every(({ name, labels }) => name !== place.subset || isApart(labels)));
  return [{
    why: `what goes to ${host} without a subset, or to a subset with some of the same pods, may go to pods of ${subset}`,
    target: { words: host, hosts: [host], takes },
  }];
}

/** Whether no pod has the labels of both. */
function areContrary(some: Labels, others: Labels): boolean {
  return Object.entries(some).some(([name, value]) => others[name] !== undefined && others[name] !== value);
}

/** The services of a target, and the names and addresses that lead to their pods. */
class OwnPods {
  public readonly hosts: ReadonlySet<string>;
  private readonly services: readonly Service[];
  private readonly names = new Set<string>();
  private readonly listed: ReadonlySet<string>;

  constructor(hosts: readonly string[], private readonly mesh: CheckedMesh) {
    this.hosts = new Set(hosts);
    const { translator, objects } = mesh.parts;
    this.services = translator.services.filter(({ host }) => this.hosts.has(host));
    for (const service of this.services) this.add(service, translator.endpointsOf(service));
    this.listed = new Set(objects.filter(({ kind }) => kind === 'Endpoints' || kind === 'EndpointSlice').map(({ kind, metadata }) => (
      `${metadata.namespace ?? ''}/${kind === 'Endpoints' ? metadata.name : metadata.labels?.['kubernetes.io/service-name'] ?? ''}`)));
  }

  /** Why connections to another service reach these pods. Undefined if they do not. */
  public reachedBy(service: Service): string | undefined {
    const { externalName, resolution, host } = service;
    // Requests to the host of an alias go to the clusters of the service itself.
    if (externalName !== undefined) {
      const isAlias = this.services.some(({ aliases }) => aliases.includes(host));
      return !isAlias && this.isNamed(externalName) ? `stands for ${externalName}` : undefined;
    }
    const endpoint = this.mesh.parts.translator.endpointsOf(service).find(({ address }) => this.isNamed(address));
    if (endpoint !== undefined) return `has the endpoint ${endpoint.address}`;
    if (this.services.some(own => selectsSame(own, service))) return 'selects the same pods';
    if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return this.passedOn(service);
    const { object, selector = {} } = service;
    const isListed = object.kind === 'Service' && Object.keys(selector).length === 0
      && this.listed.has(`${service.namespace}/${object.metadata.name}`);
    return isListed ? 'has endpoints of its own, which are not read' : undefined;
  }

  /** Why a service whose connections keep their destination takes those to these pods. */
  private passedOn({ host, addresses, registry }: Service): string | undefined {
    if (registry === 'Kubernetes') return undefined;
    const address = addresses.find(each => [...this.names].some(name => isCidrWithin(name, each)));
    if (address !== undefined) return `has the address ${address}`;
    const name = [...this.names].find(each => isIP(each) === 0 && (isWildcard(host) ? hostsOverlap(host, each) : host === each));
    return name === undefined ? undefined : `passes requests to ${name} on`;
  }

  private isNamed(address: string): boolean {
    const name = address.replace(/\.$/, '').toLowerCase();
    return this.names.has(name) || [...this.hosts].some(host => name.endsWith(`.${host}`));
  }

  private add({ host, name, namespace, registry, addresses, isAddressAssumed, object }: Service, endpoints: readonly Endpoint[]): void {
    this.names.add(host);
    if (registry === 'Kubernetes') this.names.add(`${name}.${namespace}`).add(`${name}.${namespace}.svc`);
    const { spec: { externalIPs = [], loadBalancerIP = '' } = {}, status } = readValue(STATED, object) ?? {};
    const ingress = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip ?? '', hostname ?? '']);
    const stated = [...isAddressAssumed ? [] : addresses, ...externalIPs, loadBalancerIP, ...ingress];
    for (const address of [...stated, ...endpoints.map(endpoint => endpoint.address)]) {
      if (address !== '' && !address.includes('/')) this.names.add(address.toLowerCase());
    }
  }
}

/** Whether the selectors of two services take the same pods, as one of them asks for all that the other does. */
function selectsSame(own: Service, other: Service): boolean {
  if (own.namespace !== other.namespace || own.selector === undefined || other.selector === undefined) return false;
  const [mine, theirs] = [templateLabels(own.selector), templateLabels(other.selector)];
  const isEmpty = [own.selector, other.selector].some(selector => Object.keys(selector).length === 0);
  const hasAdded = addedLabels(own.selector).length + addedLabels(other.selector).length > 0;
  return !isEmpty && (hasAdded || Object.keys(mine).length > 0) && (selects(mine, theirs) || selects(theirs, mine));
}
