import type { GatewayServer } from './gateway-servers';
import { proxiesOf, serversOf } from './gateway-servers';
import type { Gateway } from './gateways';
import { gatewaysOf } from './gateways';
import type { VirtualService } from './virtual-services';
import { groupBy } from '../../manifest/group-by';
import { HostIndex } from '../../manifest/host-name';
import { byAge } from '../../manifest/kubernetes-object';
import type { TrafficIndex } from '../traffic-index';

/** A VirtualService at a Gateway. */
export interface BoundService {
  readonly object: VirtualService;
  /** `namespace/name` of the Gateway. */
  readonly key: string;
  readonly gateway?: Gateway;
  readonly host: string;
}

/** An HTTP server without TLS: one table has its routes and those of all other such servers at its port. */
class PlainServer {
  private readonly scopes = new Map<string, HostIndex<true>>();
  private readonly tables: readonly string[];

  public constructor(one: GatewayServer, index: TrafficIndex) {
    this.tables = proxiesOf(one.object, index).map(proxy => `${proxy} ${one.address}`);
    for (const written of one.hosts) {
      const slash = written.indexOf('/');
      const scope = slash < 0 ? '*' : written.slice(0, slash) === '.' ? index.namespaceOf(one.object) : written.slice(0, slash);
      const hosts = this.scopes.get(scope) ?? new HostIndex<true>();
      hosts.set(written.slice(slash + 1), true);
      this.scopes.set(scope, hosts);
    }
  }

  /** The tables that have a namespace's routes for a host. */
  public tablesOf(host: string, namespace: string): readonly string[] {
    return ['*', namespace].some(scope => this.scopes.get(scope)?.mostSpecific(host)) ? this.tables : [];
  }
}

/** VirtualServices with the same host on one Gateway, or in one table of several Gateways, in Istio's order. */
export function sharedTables(index: TrafficIndex): readonly (readonly BoundService[])[] {
  const servers = new Map(index.of('Gateway').flatMap(object => (
    [[index.nameOf(object), serversOf(object, index).filter(({ layer }) => layer === 'http').map(one => new PlainServer(one,
      index))] as const])));
  const bound = index.of('VirtualService').flatMap(object => gatewaysOf(object, index).flatMap(({ key, gateway }) => (
    (object.spec?.hosts ?? []).map((host): BoundService => ({ object, key, host, ...(gateway && { gateway }) })))));
  const onOne = groupBy(bound, ({ key, host }) => `${key} ${host}`);
  const inTables = groupBy(
    bound.flatMap(one => (servers.get(one.key) ?? []).flatMap(server => (
      server.tablesOf(one.host, index.namespaceOf(one.object)).map(table => ({ one, table: `${table} ${one.host}` }))))),
    ({ table }) => table);
  const groups = [...inTables.values()].map(group => group.map(({ one }) => one));
  const ofSeveral = groups.filter(group => new Set(group.map(({ key }) => key)).size > 1);
  return [...onOne.values(), ...ofSeveral].filter(group => group.length > 1).map(group => [...group].sort(byGateway));
}

/** Istio goes Gateway by Gateway, and at each by the age of the VirtualServices. */
function byGateway(a: BoundService, b: BoundService): number {
  return (a.gateway && b.gateway && a.gateway !== b.gateway ? byAge(a.gateway, b.gateway) : 0) || byAge(a.object, b.object);
}
