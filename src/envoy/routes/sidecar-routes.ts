import type { Domains, Naming } from './domains';
import { domainName, serviceDomains } from './domains';
import { hashOfPort, hashPolicy } from './hash-policy';
import { retryPolicy } from './retry-policy';
import type { RouteContext } from './route-context';
import { routesOf } from './virtual-service-routes';
import { isWildcard } from '../../manifest/host-name';
import { HostOverlaps } from '../../manifest/host-overlaps';
import { clusterName, destinationCluster } from '../cluster-name';
import { message } from '../message';
import { isHttpOrGuessed, parseProtocol } from '../protocol';
import type { ProxyScope } from '../proxy-scope';
import type { Service, ServicePort } from '../service';
import type { EgressListener } from '../sidecar-egress';
import type { VirtualService } from '../virtual-service';
import type { Route, RouteAction, RouteConfiguration, VirtualHost } from '../xds/route';

/** A service with the port of a listener, or with all of its ports for a listener of protocol HTTP_PROXY. */
interface Listed {
  readonly service: Service;
  readonly ports: readonly ServicePort[];
  /** Its host as its object spells it. */
  readonly stated: string;
}

/** Virtual hosts of one port that share their routes. */
interface Group {
  readonly port: number;
  readonly hosts: readonly string[];
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
}

/** Makes the route configurations of a sidecar's listeners. */
export class SidecarRoutes {
  private readonly byPort = new Map<EgressListener, Map<number, Listed[]>>();

  constructor(
    private readonly scope: ProxyScope, private readonly naming: Naming, private readonly context: Omit<RouteContext, 'port' | 'service'>,
  ) {}

  /** The configuration of a name: a port, or a host and a port if the listener has its own address. */
  public configuration(name: string): RouteConfiguration {
    const colon = name.indexOf(':');
    const virtualHosts = this.virtualHosts(Number(name.slice(colon + 1)));
    if (colon < 0) {
      virtualHosts.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
      return configuration(name, [...virtualHosts, catchAll(this.scope.outboundTrafficPolicy)]);
    }
    const own = virtualHosts.filter(({ domains }) => domains.includes(name) || domains.includes(name.slice(0, colon)));
    return configuration(name, own.length === 1 ? [{ ...own[0], domains: ['*'] }] : own);
  }

  private virtualHosts(listenPort: number): VirtualHost[] {
    const egress = this.scope.egress.find(({ stated }) => !stated?.port || stated.port.number === listenPort);
    if (!egress) return [];
    const isProxy = egress.stated?.port !== undefined && parseProtocol(egress.stated.port.protocol ?? '') === 'HTTP_PROXY';
    const port = isProxy ? 0 : listenPort;
    const all = isProxy
      ? egress.services.map(service => ({ service, ports: service.ports, stated: service.host }))
      : this.servicesOf(egress, port);
    const listed = new Map(all.map(each => [each.service.host, each]));
    const groups = this.groups(port, listed, egress);
    return isProxy ? joinPorts(this.named(groups, port)) : this.named(groups, port);
  }

  /** The services of a listener that have a port. */
  private servicesOf(egress: EgressListener, port: number): readonly Listed[] {
    let ports = this.byPort.get(egress);
    if (!ports) {
      ports = new Map();
      for (const service of egress.services) {
        for (const each of new Map(service.ports.map(stated => [stated.number, stated])).values()) {
          const others = ports.get(each.number) ?? [];
          if (others.push({ service: inLowerCase(service), ports: [each], stated: service.host }) === 1) ports.set(each.number, others);
        }
      }
      this.byPort.set(egress, ports);
    }
    return ports.get(port) ?? [];
  }

  private groups(port: number, listed: ReadonlyMap<string, Listed>, egress: EgressListener): Group[] {
    const context: RouteContext = { ...this.context, port, service: host => portsOf(listed.get(host)) };
    const overlaps = overlapsOf(listed);
    const groups = candidates(port, listed, overlaps, egress).flatMap(vs =>
      groupsOf(vs, routesOf(vs, context), port, listed, overlaps, egress, this.scope.proxy.namespace),
    );
    const taken = new Set(groups.flatMap(({ services }) => services));
    for (const { service, ports } of listed.values()) {
      if (taken.has(service) || service.resolution === 'ALIAS') continue;
      for (const each of ports) if (isHttpOrGuessed(each.protocol)) groups.push(this.defaultGroup(service, each.number));
    }
    return groups;
  }

  /** The default route of a service that no VirtualService routes. */
  private defaultGroup(service: Service, port: number): Group {
    const hash = hashPolicy(hashOfPort(this.scope.destinationRule(service.host), port));
    const { meshConfig: { defaultHttpRetryPolicy }, retries } = this.context;
    const route: Route = {
      name: 'default',
      match: { prefix: '/' },
      route: message<RouteAction>({
        cluster: clusterName(service.host, port),
        timeout: '0s',
        maxGrpcTimeout: '0s',
        retryPolicy: retryPolicy(defaultHttpRetryPolicy, false, retries),
        hashPolicy: hash && [hash],
      }),
      decorator: { operation: `${domainName(service.host, port)}/*` },
    };
    return { port, hosts: [], services: [service], routes: [route] };
  }

  /** The groups as virtual hosts. Each name and each domain is in the first virtual host that has it. */
  private named(groups: readonly Group[], listenPort: number): VirtualHost[] {
    const known = new Set(groups.flatMap(({ services, port }) => services.flatMap(({ host }) => [host, domainName(host, port)])));
    const [names, taken] = [new Set<string>(), new Set<string>()];
    const virtualHosts: VirtualHost[] = [];
    const add = ({ port, routes }: Group, host: string, { all, short }: Domains) => {
      const name = domainName(host, port);
      if (names.has(name)) return;
      names.add(name);
      const isFree = (domain: string) => !taken.has(domain.toLowerCase()) && !(short.has(domain) && known.has(domain));
      const domains = all.filter(domain => isFree(domain) && taken.add(domain.toLowerCase()));
      if (domains.length > 0) virtualHosts.push({ name, domains, routes, includeRequestAttemptCount: true });
    };
    for (const group of groups) {
      if (group.routes.length === 0) continue;
      for (const host of group.hosts) add(group, host.toLowerCase(), { all: [host.toLowerCase()], short: new Set() });
      for (const service of group.services) {
        add(group, service.host, serviceDomains(service, this.naming, listenPort === 0 ? group.port : undefined));
      }
    }
    return virtualHosts;
  }
}

/**
 * A service as the listener of a port names it. Its clusters keep the spelling of its object, so that a default route leads to none of
 * them.
 */
function inLowerCase(service: Service): Service {
  const host = service.host.toLowerCase();
  return host === service.host ? service : { ...service, host };
}

const portsOf = (listed: Listed | undefined) => listed && { externalName: listed.service.externalName, ports: listed.ports };

/** Finds the listed hosts that share a name with a host. Most meshes need it for a few wildcards, many for none. */
type Overlaps = (host: string) => readonly string[];

function overlapsOf(listed: ReadonlyMap<string, Listed>): Overlaps {
  let overlaps: HostOverlaps | undefined;
  return host => (overlaps ??= new HostOverlaps([...listed.keys()])).of(host);
}

/** The VirtualServices that may route a listener's services, in their order. On port 80 also those of hosts without a service. */
function candidates(
  port: number, listed: ReadonlyMap<string, Listed>, overlaps: Overlaps, { virtualServices }: EgressListener,
): readonly VirtualService[] {
  if (port === 80) return virtualServices;
  const hasWildcard = [...listed.keys()].some(isWildcard);
  return virtualServices.filter(({ hosts }) => hosts.some(stated => {
    const host = stated.toLowerCase();
    return listed.has(host) || ((hasWildcard || isWildcard(host)) && overlaps(host).length > 0);
  }));
}

/** The virtual hosts of a VirtualService: one group per port of its services. Without services, on port 80. */
function groupsOf(
  vs: VirtualService, routes: readonly Route[], listenPort: number, listed: ReadonlyMap<string, Listed>, overlaps: Overlaps,
  { owners }: EgressListener, namespace: string,
): Group[] {
  if (routes.length === 0 || vs.isOfGatewayApi && !isForCaller(vs, namespace, listed)) return [];
  const exact = vs.hosts.filter(host => !isWildcard(host));
  const wildcards = vs.hosts.filter(isWildcard).map(host => {
    const overlapping = overlaps(host.toLowerCase()).flatMap(other => listed.get(other) ?? []);
    return { host, overlapping, own: overlapping.filter(({ stated }) => owners.get(stated) === vs) };
  });
  const unlisted = wildcards.filter(({ overlapping }) => overlapping.length === 0).map(({ host }) => host);
  const hosts = [...exact.filter(host => !listed.has(host.toLowerCase())), ...unlisted];
  const services = [...exact.flatMap(host => listed.get(host.toLowerCase()) ?? []), ...wildcards.flatMap(({ own }) => own)];
  const byPort = new Map<number, Service[]>();
  for (const { service, ports } of services) {
    for (const { number, protocol } of ports) if (isHttpOrGuessed(protocol)) byPort.set(number, [...byPort.get(number) ?? [], service]);
  }
  if (byPort.size === 0 && listenPort === 80) byPort.set(80, []);
  return [...byPort].map(([port, found]) => ({ port, hosts, services: found, routes }));
}

/**
 * A route of the Gateway API counts for the callers of its own namespace, and in the namespace of the service for all callers. istiod
 * ignores it for a wildcard host.
 */
function isForCaller(vs: VirtualService, namespace: string, listed: ReadonlyMap<string, Listed>): boolean {
  return vs.hosts.some(host => {
    if (isWildcard(host)) return false;
    const service = listed.get(host.toLowerCase())?.service;
    return service !== undefined && [service.namespace, namespace].includes(vs.namespace);
  });
}

/** The virtual hosts of all ports in one list, for HTTP_PROXY. On other ports than 80 the domains must contain the port. */
function joinPorts(virtualHosts: readonly VirtualHost[]): VirtualHost[] {
  const withPort = (host: VirtualHost) => ({ ...host, domains: host.domains.filter(domain => domain.includes(':')) });
  return virtualHosts.map(host => (host.name.endsWith(':80') ? host : withPort(host)))
    .filter(({ domains }) => domains.length > 0);
}

function configuration(name: string, virtualHosts: readonly VirtualHost[]): RouteConfiguration {
  return message({ name, virtualHosts, validateClusters: false, maxDirectResponseBodySizeBytes: 1048576, ignorePortInHostMatching: true });
}

/** The virtual host for unknown hosts. */
function catchAll({ mode, egressProxy }: ProxyScope['outboundTrafficPolicy']): VirtualHost {
  const name = mode === 'ALLOW_ANY' ? 'allow_any' : 'block_all';
  const through = egressProxy ? destinationCluster(egressProxy, undefined, 0) : 'PassthroughCluster';
  const action: Omit<Route, 'match'> = mode === 'ALLOW_ANY' ? { route: { cluster: through, timeout: '0s', maxGrpcTimeout: '0s' } }
    : { directResponse: { status: 502 } };
  return { name, domains: ['*'], routes: [{ name, match: { prefix: '/' }, ...action }], includeRequestAttemptCount: true };
}
