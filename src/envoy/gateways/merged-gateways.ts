import type { GatewayServer } from './gateway-server';
import { gatewayServer, isTlsServer, readsRequests, routeName } from './gateway-server';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { Note } from '../note';
import { isHttp } from '../protocol';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';
import type { ServiceRegistry } from '../service-registry';

/** The servers of one port of the proxy, protocol and address. */
export interface MergedPort {
  readonly port: number;
  readonly bind: string;
  readonly servers: GatewayServer[];
  /** The routes of a port in clear text. */
  readonly routeName: string;
}

/** All Gateways of one proxy in one: the older decides what a port is. */
export interface MergedGateways {
  readonly ports: readonly MergedPort[];
  readonly serversByRoute: ReadonlyMap<string, readonly GatewayServer[]>;
}

/** The Gateways of a mesh. */
export class Gateways {
  private readonly all: readonly ManifestOf<'Gateway'>[];

  constructor(objects: readonly ManifestOf<'Gateway'>[]) {
    this.all = [...objects].sort(byAge);
  }

  /** What a proxy's Gateways come to; undefined where it has none. A Gateway selects by labels, whatever its namespace. */
  public of(proxy: Proxy, registry: ServiceRegistry, notes: Note[]): MergedGateways | undefined {
    const own = this.all.filter(({ spec }) => hasLabels(proxy, spec?.selector));
    if (own.length === 0) return undefined;
    const merging = new Merging(notes);
    const targets = targetPorts(proxy, registry);
    for (const gateway of own) {
      for (const stated of gateway.spec?.servers ?? []) {
        const server = gatewayServer(gateway, stated);
        if (breaksIstiod(stated.hosts ?? [])) notes.push({ object: gateway, message: BREAKS });
        if (server) merging.add(server, targets.get(server.port) ?? server.port);
      }
    }
    return merging;
  }
}

const BREAKS = 'a server\'s hosts name another namespace behind `*/*`, on which istiod breaks, so that the gateway gets nothing new; state `*/*` alone';

/** istiod shortens a list with this host to one item, and then looks for the places of the rest. */
function breaksIstiod(hosts: readonly string[]): boolean {
  const all = hosts.indexOf('*/*');
  return all >= 0 && hosts.some((host, place) => place > all && /^[.*]\//.test(host) && host !== '*/*');
}

/** The ports of the proxy behind those of its Services: it listens on the former, and Gateways state the latter. */
function targetPorts({ namespace, labels }: Proxy, registry: ServiceRegistry): Map<number, number> {
  const targets = new Map<number, number>();
  for (const service of registry.services) {
    const { object, selector } = service;
    if (object.kind !== 'Service' || service.namespace !== namespace || !selector || Object.keys(selector).length === 0) continue;
    if (!Object.entries(selector).every(([key, value]) => labels?.[key] === value)) continue;
    if (object.metadata.labels?.['experimental.istio.io/disable-gateway-port-translation'] !== undefined) continue;
    for (const [i, port] of service.ports.entries()) {
      const { targetPort } = object.spec?.ports?.[i] ?? {};
      const named = typeof targetPort === 'string' && !/^\d+$/.test(targetPort);
      const target = named ? registry.endpoints(service, port)[0]?.port : Number(targetPort) || port.number;
      if (target !== undefined && !targets.has(port.number)) targets.set(port.number, target);
    }
  }
  return targets;
}

class Merging implements MergedGateways {
  public readonly ports: MergedPort[] = [];
  public readonly serversByRoute = new Map<string, GatewayServer[]>();
  private readonly used = new Set<number>();
  private readonly plainText = new Map<number, MergedPort & { readonly server: GatewayServer }>();
  /** By port, the address that each host of a TLS server is taken at. */
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

  /** Servers of HTTP share a port and its routes; others stand alone. */
  private addBesidePlainText(server: GatewayServer, port: number, name: string, current: MergedPort & { readonly server: GatewayServer }): void {
    const sameBind = current.bind === server.bind;
    const fits = (isHttp(server.protocol) || server.protocol === current.server.protocol) && isHttp(current.server.protocol);
    if (sameBind && (!fits || name === '')) {
      this.skip(server, port, `port ${port} is taken by ${current.server.gatewayName}, whose protocol is ${current.server.statedProtocol}`);
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
        this.skip(server, port, `its routes would be '${name}', which another server has`);
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

  /** Whether a TLS server's hosts are free at its address; one that is taken costs the server all of them. */
  private claimHosts(server: GatewayServer, port: number): boolean {
    const hosts = this.tlsHosts.get(port) ?? new Map<string, string>();
    this.tlsHosts.set(port, hosts);
    const taken = server.hosts.filter(host => hosts.get(host) === server.bind);
    if (taken.length > 0) {
      this.skip(server, port, `another server of the port has ${taken.join(', ')}`);
      return false;
    }
    for (const host of server.hosts) hosts.set(host, server.bind);
    return true;
  }

  private find(server: GatewayServer, port: number): MergedPort | undefined {
    return this.ports.find(other => other.port === port && other.bind === server.bind && other.servers[0].statedProtocol === server.statedProtocol);
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
