import type { GatewayServer } from './gateway-server';
import { gatewayServer, isTlsServer, readsRequests, routeName } from './gateway-server';
import { GATEWAY_SEMANTICS, GATEWAY_SERVICE, PARENT_NAMESPACE, SERVICE_ACCOUNT } from '../../gateway-api/converted';
import { byAge } from '../../manifest/kubernetes-object';
import { selects } from '../../manifest/labels';
import type { ManifestOf } from '../../manifest/manifest';
import type { Note } from '../note';
import { isHttp } from '../protocol';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';
import type { Service } from '../service';
import type { ServiceRegistry } from '../service-registry';

/** The servers that share a port of the proxy, a protocol and an address. */
export interface MergedPort {
  readonly port: number;
  readonly bind: string;
  readonly servers: GatewayServer[];
  /** The route configuration of a plaintext port. */
  readonly routeName: string;
}

/** The Gateways of one proxy, merged. The oldest Gateway sets the protocol of a port. */
export interface MergedGateways {
  readonly ports: readonly MergedPort[];
  readonly serversByRoute: ReadonlyMap<string, readonly GatewayServer[]>;
}

/** Labels that only pods of gateways have. */
const OF_GATEWAYS = ['istio.io/gateway-name', 'gateway.networking.k8s.io/gateway-name'];

/** The Gateways of a mesh. */
export class Gateways {
  private readonly all: readonly ManifestOf<'Gateway'>[];

  constructor(objects: readonly ManifestOf<'Gateway'>[]) {
    this.all = [...objects].sort(byAge);
  }

  /** Whether pods with some labels are those of a gateway. */
  public areSelected(labels: { readonly [key: string]: string }): boolean {
    if (OF_GATEWAYS.some(key => Object.hasOwn(labels, key)) || /gateway$/.test(labels.istio ?? '')) return true;
    return this.all.some(({ spec: { selector = {} } = {} }) => Object.keys(selector).length > 0 && selects(selector, labels));
  }

  /** The merged Gateways of a proxy; undefined if no Gateway selects it. A selector applies to every namespace. */
  public of(proxy: Proxy, registry: ServiceRegistry, notes: Note[]): MergedGateways | undefined {
    const targets = targetPorts(proxy, registry);
    const own = ofManagedNamespaces(this.all.flatMap(gateway => boundTo(gateway, proxy, targets, registry) ?? []), notes);
    if (own.length === 0) return undefined;
    const merging = new Merging(notes);
    for (const { gateway, portsOf } of own) {
      for (const stated of gateway.spec?.servers ?? []) {
        const server = gatewayServer(gateway, stated);
        if (breaksIstiod(stated.hosts ?? [])) notes.push({ object: gateway, message: BREAKS });
        if (server) for (const port of portsOf(server.port)) merging.add(server, port);
      }
    }
    return merging;
  }
}

const BREAKS = 'istiod panics at a server whose hosts name a namespace after `*/*`, so that the gateway gets no new configuration; '
  + 'use `*/*` alone';

/** istiod shortens a list with this host to one item, and then reads the positions of the other items. */
function breaksIstiod(hosts: readonly string[]): boolean {
  const all = hosts.indexOf('*/*');
  return all >= 0 && hosts.some((host, place) => place > all && /^[.*]\//.test(host) && host !== '*/*');
}

/** A Gateway that applies to a proxy, and the ports of the proxy that a port of the Gateway means. */
interface BoundGateway {
  readonly gateway: ManifestOf<'Gateway'>;
  readonly portsOf: (port: number) => readonly number[];
}

/** How a Gateway applies to a proxy. One that is made for the Gateway API applies to the pods of the Services that it names. */
function boundTo(
  gateway: ManifestOf<'Gateway'>, proxy: Proxy, targets: ReadonlyMap<number, number>, registry: ServiceRegistry,
): BoundGateway | undefined {
  const { metadata: { namespace = '', annotations }, spec } = gateway;
  const named = annotations?.[GATEWAY_SERVICE]?.split(',');
  if (named === undefined) {
    return hasLabels(proxy, spec?.selector) ? { gateway, portsOf: port => [targets.get(port) ?? port] } : undefined;
  }
  const parent = annotations?.[PARENT_NAMESPACE] || namespace;
  const services = servicesOf(proxy, registry).filter(service => service.namespace === parent && named.includes(service.host));
  if (services.length === 0) return undefined;
  return {
    gateway,
    portsOf: port => [...new Set(services.flatMap(service => targetsOf(service, registry).filter(([number]) => number === port)
      .map(([, target]) => target)))],
  };
}

/** Gateways that Istio runs for the Gateway API do not serve what Gateways of Istio's API in other namespaces state. */
function ofManagedNamespaces(bound: readonly BoundGateway[], notes: Note[]): readonly BoundGateway[] {
  const isOfGatewayApi = ({ gateway }: BoundGateway) => gateway.metadata.annotations?.[GATEWAY_SEMANTICS] === 'gateway';
  const managed = new Set(bound.filter(each => isOfGatewayApi(each) && !!each.gateway.metadata.annotations?.[SERVICE_ACCOUNT])
    .map(({ gateway }) => gateway.metadata.namespace));
  if (managed.size === 0) return bound;
  return bound.filter(each => {
    const isKept = isOfGatewayApi(each) || managed.has(each.gateway.metadata.namespace);
    if (!isKept) notes.push({ object: each.gateway, message: 'istiod does not apply it to pods of a Gateway of the Gateway API in another namespace' });
    return isKept;
  });
}

/** The Services of a proxy. */
function servicesOf({ namespace, labels }: Proxy, registry: ServiceRegistry): KubernetesService[] {
  return registry.services.filter((service): service is KubernetesService => {
    const { object, selector } = service;
    if (object.kind !== 'Service' || service.namespace !== namespace || !selector || Object.keys(selector).length === 0) return false;
    return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
  });
}

type KubernetesService = Service & { readonly object: ManifestOf<'Service'> };

/** The ports of a Service, each with the container port behind it. */
function targetsOf(service: KubernetesService, registry: ServiceRegistry): (readonly [number, number])[] {
  return service.ports.flatMap((port, i) => {
    const { targetPort } = service.object.spec?.ports?.[i] ?? {};
    const named = typeof targetPort === 'string' && !/^\d+$/.test(targetPort);
    const target = named ? registry.endpoints(service, port)[0]?.port : Number(targetPort) || port.number;
    return target === undefined ? [] : [[port.number, target] as const];
  });
}

/** The container port behind each port of the proxy's Services: Gateways set the latter, the proxy listens on the former. */
function targetPorts(proxy: Proxy, registry: ServiceRegistry): ReadonlyMap<number, number> {
  const targets = new Map<number, number>();
  for (const service of servicesOf(proxy, registry)) {
    if (service.object.metadata.labels?.['experimental.istio.io/disable-gateway-port-translation'] !== undefined) continue;
    for (const [port, target] of targetsOf(service, registry)) if (!targets.has(port)) targets.set(port, target);
  }
  return targets;
}

class Merging implements MergedGateways {
  public readonly ports: MergedPort[] = [];
  public readonly serversByRoute = new Map<string, GatewayServer[]>();
  private readonly used = new Set<number>();
  private readonly plainText = new Map<number, MergedPort & { readonly server: GatewayServer }>();
  /** By port and host, the address of the TLS server that has the host. */
  private readonly tlsHosts = new Map<number, Map<string, string>>();
  private readonly tlsBinds = new Map<number, Set<string>>();

  constructor(private readonly notes: Note[]) {}

  public add(server: GatewayServer, port: number): void {
    const name = routeName(server, port);
    if (server.tls && !this.claimHosts(server, port)) return;
    if (!this.used.has(port)) {
      this.used.add(port);
      this.addFirst(server, port, name);
      return;
    }
    const current = this.plainText.get(port);
    if (current) this.addBesidePlainText(server, port, name, current);
    else if (isTlsServer(server)) this.addBesideTls(server, port, name);
    else this.addFirst(server, port, name);
  }

  private addFirst(server: GatewayServer, port: number, name: string): void {
    const merged = this.newPort(server, port, name);
    if (!isTlsServer(server)) this.plainText.set(port, { ...merged, server });
    if (readsRequests(server)) this.serversByRoute.set(name, [server]);
  }

  /** HTTP servers share a port and its route configuration; other servers cannot share it. */
  private addBesidePlainText(
    server: GatewayServer, port: number, name: string, current: MergedPort & { readonly server: GatewayServer },
  ): void {
    const sameBind = current.bind === server.bind;
    const fits = (isHttp(server.protocol) || server.protocol === current.server.protocol) && isHttp(current.server.protocol);
    if (sameBind && (!fits || name === '')) {
      this.skip(server, port, `${current.server.gatewayName} already uses port ${port} with protocol ${current.server.statedProtocol}`);
    } else if (sameBind) {
      current.servers.push(server);
      this.serversByRoute.set(name, [...this.serversByRoute.get(name) ?? [], server]);
    } else {
      const other = this.find(server, port);
      if (!other) {
        this.addFirst(server, port, name);
        return;
      }
      other.servers.push(server);
      this.serversByRoute.set(name, [...this.serversByRoute.get(name) ?? [], server]);
    }
  }

  private addBesideTls(server: GatewayServer, port: number, name: string): void {
    if (readsRequests(server)) {
      if (name === '' || this.serversByRoute.has(name)) {
        this.skip(server, port, `another server already has its route configuration '${name}'`);
        return;
      }
      this.serversByRoute.set(name, [server]);
    }
    const binds = this.tlsBinds.get(port) ?? new Set();
    this.tlsBinds.set(port, binds.add(server.bind));
    const other = this.find(server, port);
    if (other) other.servers.push(server);
    else this.newPort(server, port, '');
  }

  /** Whether no other TLS server at the address has a host of this one. If another has, istiod leaves out the whole server. */
  private claimHosts(server: GatewayServer, port: number): boolean {
    const hosts = this.tlsHosts.get(port) ?? new Map<string, string>();
    this.tlsHosts.set(port, hosts);
    const taken = server.hosts.filter(host => hosts.get(host) === server.bind);
    if (taken.length > 0) {
      this.skip(server, port, `another server at the port already has ${taken.join(', ')}`);
      return false;
    }
    for (const host of server.hosts) hosts.set(host, server.bind);
    return true;
  }

  private find(server: GatewayServer, port: number): MergedPort | undefined {
    const { bind, statedProtocol } = server;
    return this.ports.find(other => other.port === port && other.bind === bind && other.servers[0].statedProtocol === statedProtocol);
  }

  private newPort(server: GatewayServer, port: number, name: string): MergedPort {
    const merged = { port, bind: server.bind, servers: [server], routeName: name };
    this.ports.push(merged);
    return merged;
  }

  private skip(server: GatewayServer, port: number, why: string): void {
    this.notes.push({ object: server.gateway, message: `istiod leaves out the server '${server.portName}' at port ${port}: ${why}` });
  }
}
