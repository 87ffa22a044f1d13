import type { DestinationRule } from './destination-rules';
import type { MeshServices } from './mesh-services';
import type { Proxy } from './proxy';
import type { Service } from './service';
import type { ServiceRegistry } from './service-registry';
import type { EgressListener } from './sidecar-egress';
import { egressListener, ofOneNamespace, portOf, withPorts } from './sidecar-egress';
import type { VirtualService } from './virtual-service';
import { destinationsFor } from './virtual-service';
import type { Destination } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** Whether connections to unknown hosts are passed through or dropped. */
export interface OutboundPolicy {
  readonly mode: 'REGISTRY_ONLY' | 'ALLOW_ANY' | 'ALLOW_ANY_DYNAMIC_DNS';
  readonly egressProxy?: Destination;
}

/** What one proxy sees of the mesh. */
export interface ProxyScope {
  readonly proxy: Proxy;
  /** The services that get clusters, in istiod's order, without the ports that the Sidecar does not import. */
  readonly services: readonly Service[];
  /** One of these services, by host. */
  readonly service: (host: string) => Service | undefined;
  readonly outboundTrafficPolicy: OutboundPolicy;
  /** The Sidecar of the proxy; undefined for gateways. */
  readonly sidecar?: ManifestOf<'Sidecar'>;
  /** The egress listeners; empty for gateways. */
  readonly egress: readonly EgressListener[];
  /** The DestinationRule that applies to calls to a host. */
  readonly destinationRule: (host: string) => DestinationRule | undefined;
}

/** A gateway sees everything that is exported to its namespace. Sidecars do not apply to it. */
export function gatewayScope(proxy: Proxy, mesh: MeshServices): ProxyScope {
  const services = new ServiceList();
  for (const service of mesh.registry.visibleFrom(proxy.namespace)) services.add(service);
  return scopeOf(proxy, services, [], mesh, mesh.meshConfig.outboundTrafficPolicy);
}

/** What a gateway, or a sidecar that no Sidecar limits, sees of a host to which a VirtualService routes. */
export function serviceSeenBy({ type, namespace }: Proxy, host: string, registry: ServiceRegistry): Service | undefined {
  const seen = registry.seenFrom(namespace, host);
  const services = new ServiceList();
  for (const service of type === 'gateway' ? seen : ofOneNamespace(seen, namespace)) services.add(service);
  const routed = type === 'gateway' ? undefined : destinationFor(host, namespace, registry);
  if (routed) services.add(routed);
  return services.get(host);
}

/** The service to which a VirtualService routes the sidecars of a namespace: their own, exported to them or not, else the best one. */
function destinationFor(host: string, namespace: string, registry: ServiceRegistry): Service | undefined {
  const byNamespace = registry.byNamespace(host);
  return byNamespace.get(namespace) ?? best([...byNamespace.values()].filter(each => registry.isVisible(each, namespace)));
}

/** A sidecar sees what the egress listeners of its Sidecar import, and the destinations of the imported VirtualServices. */
export function sidecarScope(proxy: Proxy, sidecar: ManifestOf<'Sidecar'> | undefined, mesh: MeshServices): ProxyScope {
  const stated = sidecar?.spec?.egress ?? [];
  const egress = stated.length === 0 ? [egressListener(undefined, ['*/*'], proxy.namespace, mesh)]
    : stated.map(listener => egressListener(listener, listener.hosts ?? [], proxy.namespace, mesh));
  const services = new ServiceList();
  for (const listener of egress) {
    for (const service of listener.services) services.add(service);
    for (const vs of listener.virtualServices) addDestinations(services, vs, listener, proxy.namespace, mesh);
  }
  const policy = sidecar?.spec?.outboundTrafficPolicy;
  const outbound: OutboundPolicy = policy ? { mode: 'REGISTRY_ONLY', ...policy } : mesh.meshConfig.outboundTrafficPolicy;
  return { ...scopeOf(proxy, services, egress, mesh, outbound), ...sidecar && { sidecar } };
}

function scopeOf(
  proxy: Proxy, services: ServiceList, egress: readonly EgressListener[], mesh: MeshServices, policy: OutboundPolicy,
): ProxyScope {
  const rules = new Map<string, DestinationRule | undefined>();
  return {
    proxy,
    services: services.list,
    service: host => services.get(host),
    outboundTrafficPolicy: policy,
    egress,
    destinationRule: host => {
      if (!rules.has(host)) {
        const service = services.get(host);
        rules.set(host, service && mesh.destinationRules.of(proxy, service));
      }
      return rules.get(host);
    },
  };
}

function addDestinations(
  services: ServiceList, vs: VirtualService, { stated }: EgressListener, namespace: string, { registry }: MeshServices,
): void {
  const ports = new Map<string, Set<number>>();
  for (const { host = '', port } of destinationsFor(vs, namespace)) {
    const known = ports.get(host) ?? new Set();
    ports.set(host, known.add(port?.number ?? 0));
  }
  for (const [host, numbers] of ports) {
    const service = destinationFor(host, namespace, registry);
    const port = portOf(stated);
    const wanted = port === undefined ? numbers : new Set([port]);
    const narrowed = service && (port === undefined && numbers.has(0) ? service : withPorts(service, wanted));
    if (narrowed) services.add(narrowed);
  }
}

/** The service that istiod prefers of several namespaces with one host: the Kubernetes Service, else the oldest. */
function best(services: readonly Service[]): Service | undefined {
  const age = ({ object }: Service) => Date.parse(object.metadata.creationTimestamp ?? '') || 0;
  return services.find(({ registry }) => registry === 'Kubernetes') ?? [...services].sort((a, b) => age(a) - age(b))[0];
}

/** Services by host. Of two with the same host a Kubernetes Service wins; equal ones of one namespace join their ports. */
class ServiceList {
  public readonly list: Service[] = [];
  private readonly places = new Map<string, number>();

  public get(host: string): Service | undefined {
    const place = this.places.get(host);
    return place === undefined ? undefined : this.list[place];
  }

  public add(service: Service): void {
    const place = this.places.get(service.host);
    if (place === undefined) {
      this.places.set(service.host, this.list.push(service) - 1);
      return;
    }
    const existing = this.list[place];
    if (existing === service || (existing.registry === 'Kubernetes' && service.registry !== 'Kubernetes')) return;
    if (existing.registry !== 'Kubernetes' && service.registry === 'Kubernetes') this.list[place] = service;
    else if (mayMerge(existing, service)) this.list[place] = { ...existing, ports: joinPorts(existing.ports, service.ports) };
  }
}

function joinPorts(some: Service['ports'], others: Service['ports']): Service['ports'] {
  const numbers = new Set(some.map(({ number }) => number));
  const more = others.filter(({ number }) => !numbers.has(number));
  return more.length === 0 ? some : [...some, ...more];
}

function mayMerge(a: Service, b: Service): boolean {
  const alike = (x: unknown, y: unknown) => JSON.stringify(x ?? {}) === JSON.stringify(y ?? {});
  return a.namespace === b.namespace && a.resolution === b.resolution && a.registry === b.registry
    && alike(a.object.metadata.labels, b.object.metadata.labels) && alike(a.selector, b.selector)
    && alike(statedExportTo(a), statedExportTo(b));
}

function statedExportTo({ object }: Service): readonly string[] {
  return object.kind === 'ServiceEntry' ? [...object.spec?.exportTo ?? []].sort() : [];
}
