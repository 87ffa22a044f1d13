import { isIP } from 'node:net';
import type { Filtered } from './access/access-filters';
import { CallAccess } from './access/call-access';
import type { CallerFacts, ServiceAccount } from './access/caller';
import { transportOf } from './access/connection-transport';
import { routedRequest } from './access/gateway-access';
import type { TakingPods } from './access/taking-pods';
import { Clusters } from './clusters';
import type { ConnectOptions } from './connect-options';
import { receive, upgradeRejection } from './connection-manager';
import { connectionOf } from './connection-url';
import { Decision } from './decision';
import { gatewayPorts } from './gateway-ports';
import { chainFor, Listeners } from '../envoy/listener-selection';
import type { LoadOptions } from './load/load';
import { runLoad } from './load/load';
import type { LoadResult } from './load/load-result';
import type { Place } from './place';
import { protocolsOf, versionOf } from './protocols';
import type { Redirection } from './redirect';
import type { Follow } from './redirect-loop';
import { Refusal } from './refusal';
import { RefusedResources } from './refused-resources';
import type { Request, RequestOptions } from './request';
import { requestOf } from './request';
import type { RoutePlan } from './route-plan';
import { routePlan, splitOf } from './route-plan';
import type { TakenRoute } from './route-table';
import { RouteTable } from './route-table';
import type { Claims } from './token';
import { waypointEntrance } from './waypoint-entrance';
import type { CallerEdge } from '../edge/caller-edge';
import { describeNotJudged } from '../edge/not-judged';
import { connectionManagerOf, tcpProxyOf } from '../envoy/filter-chains';
import type { Proxy } from '../envoy/proxy';
import { waypointName } from '../envoy/proxy';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';
import type { FilterChain, Listener } from '../envoy/xds/listener';
import type { Route } from '../envoy/xds/route';
import { describeObject } from '../manifest/kubernetes-object';

export interface SimulatedProxyOptions {
  /** The address to which DNS resolves a host. Undefined for an unknown host. */
  readonly resolve?: (host: string) => string | undefined;
  /** What is not read and applies to this proxy. Undefined if that is unknown. */
  readonly edge?: CallerEdge;
  /** The pods of the mesh, which decide who may call. Undefined if nothing is known of the mesh; then nothing decides it. */
  readonly pods?: TakingPods;
  /** Who calls, as far as the manifests do not tell. */
  readonly caller?: CallerFacts;
}

/** The listener and filter chain of a connection to a port, without regard to requests. */
interface Entrance {
  readonly listener?: Listener;
  readonly chain?: FilterChain;
  readonly table?: RouteTable;
  readonly manager?: HttpConnectionManager;
  readonly mismatch?: Place['mismatch'];
}

interface Handshake {
  readonly serverName?: string;
}

/** Who may call. */
interface Access {
  /** What the gateway's own filters decide. */
  readonly own?: Filtered;
  readonly takes?: Place['takes'];
}

const NO_ACCESS: Access = {};

/** The maximum number of cached places. */
const MOST_KEPT = 10_000;

/** The answer of a virtual host that is not asked. */
const NOT_ASKED: TakenRoute = {};

/** A proxy with the configuration that istiod sent. Nothing is compiled before a request needs it. */
export class SimulatedProxy {
  public readonly clusters: Clusters;
  private readonly listeners: Listeners;
  private readonly tables = new Map<string, RouteTable>();
  private readonly plans = new Map<Route, RoutePlan>();
  private readonly refused = new RefusedResources();
  private readonly inClear = new Map<string, Entrance>();
  private gatewayPorts?: ReadonlyMap<number, number>;
  /** What all decisions of this proxy share. */
  private readonly common: Pick<Place, 'proxy' | 'originOf' | 'unread' | 'hasAutomaticTls'>;
  /** Who may call. Undefined if no policy decides it, or if nothing is known of the mesh. */
  private readonly access?: CallAccess;

  constructor(public readonly proxy: Proxy, public readonly config: ProxyConfig, private readonly options: SimulatedProxyOptions = {}) {
    const { pods, caller = {} } = options;
    const labels = Object.entries(proxy.labels ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
    const name = proxy.type === 'waypoint' ? `waypoint ${proxy.namespace}/${waypointName(proxy)}`
      : `${proxy.type} of ${proxy.namespace}${labels === '' ? '' : ` (${labels})`}`;
    this.common = {
      proxy: name,
      originOf: route => config.origins.get(route),
      unread: options.edge,
      hasAutomaticTls: cluster => !caller.plaintext && (this.clusters.get(cluster)?.transportSocketMatches ?? []).length > 0,
    };
    this.clusters = new Clusters(config, options.edge, caller.plaintext);
    this.listeners = new Listeners(config);
    if (pods?.arePoliciesKnown) this.access = new CallAccess(pods, proxy, caller);
  }

  /** What is not translated for this proxy, or cannot be known. */
  public get notes(): readonly string[] {
    const notJudged = this.options.edge?.notJudged().map(describeNotJudged) ?? [];
    return [
      ...notJudged,
      ...this.config.notes.map(({ message, object }) => (object === undefined ? message : `${describeObject(object)}: ${message}`)),
    ];
  }

  /** The same proxy, as a service account: of its own namespace, or of the given one. */
  public as(account: ServiceAccount): SimulatedProxy {
    return this.with({ as: account });
  }

  /** The same proxy, whose requests have a token with these claims, which its issuer signed. */
  public withToken(claims: Claims): SimulatedProxy {
    return this.with({ token: claims });
  }

  /** The same proxy, whose connections to services are in plaintext, as those of a caller without a sidecar. */
  public plaintext(): SimulatedProxy {
    return this.with({ plaintext: true });
  }

  /** The same proxy, in a mesh whose external authorizers answer like this. */
  public authorized(authorizer: 'allows' | 'denies'): SimulatedProxy {
    return this.with({ authorizer });
  }

  private with(facts: CallerFacts): SimulatedProxy {
    return new SimulatedProxy(this.proxy, this.config, { ...this.options, caller: { ...this.options.caller, ...facts } });
  }

  /** What Envoy does with a GET of a URL. */
  public get(url: string, options?: RequestOptions): Decision {
    return this.request('GET', url, options);
  }

  /** What Envoy does with a request through this proxy. */
  public request(method: string, url: string, options?: RequestOptions): Decision {
    return this.decide(requestOf(method, url, options));
  }

  /** What Envoy does with a connection without HTTP: a URL such as `tcp://db:5432` or `tls://db.example.com:443`, or detailed options. */
  public connect(connection: string | ConnectOptions): Decision {
    const {
      host,
      port,
      address,
      sourceAddress,
      serverName,
      protocols = [],
    } = typeof connection === 'string' ? connectionOf(connection) : connection;
    const tls = serverName === undefined ? undefined : { serverName };
    const scheme = tls ? 'https' : 'http';
    const url = typeof connection === 'string' ? connection : `${tls ? 'tls' : 'tcp'}://${host}:${port}`;
    const request: Request = {
      url,
      scheme,
      proto: scheme,
      authority: host,
      host,
      port,
      address,
      sourceAddress,
      method: 'CONNECT',
      path: '/',
      headers: new Map(),
    };
    const entrance = this.entrance(port, this.addressOf(request), tls, protocols);
    if (entrance.table) return new Decision(request, { ...this.common, listener: entrance.listener, mismatch: 'HTTP' });
    return this.handOn(request, entrance);
  }

  /** Sends many requests to a URL, on a virtual clock. */
  public load(url: string, options: LoadOptions): LoadResult {
    return runLoad(this.request(options.method ?? 'GET', url, options), name => this.clusters.get(name), options);
  }

  private decide(sent: Request): Decision {
    const entrance = sent.scheme === 'http' ? this.entranceInClear(sent)
      : this.entranceOf(sent, { serverName: isIP(sent.host) !== 0 ? undefined : sent.host });
    const { listener, chain, table, manager } = entrance;
    if (!table || !manager) return this.handOn(sent, entrance);
    const { request: received, rejection } = receive(sent, versionOf(sent, chain), manager, chain);
    const { own, takes } = rejection ? NO_ACCESS : this.accessOf(entrance, received, sent);
    const request = own ? routedRequest(received, own) : received;
    const follow: Follow = (url, method) => this.redirectionOf({ ...sent, method }, url);
    const place = { ...this.common, ...own && { own: own.verdict }, takes, listener, chain, table, follow };
    if (rejection) return new Decision(request, { ...place, rejection });
    const found = table.find(request.authority);
    const { taken, open } = found && !found.host.asksForTls(request) ? found.host.take(request) : NOT_ASKED;
    const plan = taken && this.planOf(taken.route);
    const refused = taken || found?.host.asksForTls(request) ? upgradeRejection(request, manager) : undefined;
    return new Decision(request, { ...place, found, taken, open, plan, rejection: refused });
  }

  private redirectionOf({ method, headers, version, sourceAddress }: Request, url: string): Redirection | undefined {
    try {
      const kept = Object.fromEntries([...headers].filter(([name]) => name !== 'host'));
      return this.decide(requestOf(method, url, { headers: kept, version, sourceAddress })).redirection;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  /** The decision about a TCP connection. */
  private handOn(request: Request, entrance: Entrance): Decision {
    const action = entrance.chain && tcpProxyOf(entrance.chain);
    const chain = action ? entrance.chain : undefined;
    const plan = action && { split: splitOf(action, this.clusters), mirrors: [], hashedBy: [] };
    plan?.split.forEach(({ cluster }) => this.refused.requireCluster(this.clusters.get(cluster)));
    const { own, takes } = this.accessOf(entrance, undefined, request);
    return new Decision(request, { ...this.common, ...own && { own: own.verdict }, takes, ...entrance, chain, plan });
  }

  /** Who may call: the gateway's own filters, and the pods behind it. */
  private accessOf({ listener, chain }: Entrance, request: Request | undefined, sent: Request): Access {
    const { access } = this;
    if (!access || !listener || !chain) return {};
    const serverName = sent.scheme === 'https' ? sent.host : '';
    if (this.proxy.type === 'waypoint') return { own: access.atWaypoint(chain, sent.port, request, sent.sourceAddress) };
    const own = this.proxy.type === 'gateway' ? access.atGateway(chain, listener, request, serverName, sent.sourceAddress) : undefined;
    const { token, claimHeaders } = own ?? { token: access.token, claimHeaders: [] };
    const takes: Place['takes'] = ({ cluster, host = '', port = 0, endpoints, security }, outgoing) => {
      const found = this.clusters.get(cluster);
      const common = { host, port, endpoints, serverName: security?.serverName, sourceAddress: sent.sourceAddress, token, claimHeaders };
      return found && access.atPods({ ...common, transport: transportOf(found), request: outgoing });
    };
    return { own, takes };
  }

  private entranceInClear(request: Request): Entrance {
    const { address, host, port } = request;
    const key = `${address ?? host}_${port}_${protocolsOf(request, false).join()}`;
    let entrance = this.inClear.get(key);
    if (!entrance) {
      entrance = this.entranceOf(request, undefined);
      if (this.inClear.size >= MOST_KEPT) this.inClear.clear();
      this.inClear.set(key, entrance);
    }
    return entrance;
  }

  private entranceOf(request: Request, tls: Handshake | undefined): Entrance {
    return this.entrance(request.port, this.addressOf(request), tls, protocolsOf(request, tls !== undefined));
  }

  private entrance(port: number, address: string | undefined, tls: Handshake | undefined, protocols: readonly string[]): Entrance {
    const { listener, chain } = this.proxy.type === 'waypoint' ? waypointEntrance(this.config, { address, port, protocols })
      : this.ownEntrance(port, address, tls, protocols);
    if (!listener) return {};
    this.refused.requireListener(listener);
    const manager = chain && connectionManagerOf(chain);
    // A handshake to plaintext HTTP, or plaintext to TLS, ends the connection.
    const endsTls = chain?.transportSocket !== undefined;
    if (endsTls && tls === undefined) return { listener, mismatch: 'TLS' };
    if (!chain || !manager) return { listener, chain };
    if (!endsTls && tls !== undefined) return { listener, mismatch: 'plaintext' };
    return { listener, chain, table: this.tableOf(manager), manager };
  }

  private ownEntrance(
    port: number, address: string | undefined, tls: Handshake | undefined, protocols: readonly string[],
  ): Pick<Entrance, 'listener' | 'chain'> {
    const listener = this.listeners.find(address, this.ownPort(port));
    const connection = { address, port, tls: tls !== undefined, serverName: tls?.serverName, protocols };
    return listener ? { listener, chain: chainFor(listener, connection) } : {};
  }

  private addressOf({ address, host }: Request): string | undefined {
    return address ?? (isIP(host) !== 0 ? host : this.options.resolve?.(host));
  }

  /** The port of the listener for a port that callers use. */
  private ownPort(port: number): number {
    if (this.proxy.type !== 'gateway' || this.listeners.ofPort(port)) return port;
    this.gatewayPorts ??= gatewayPorts(this.config, this.proxy.namespace);
    return this.gatewayPorts.get(port) ?? port;
  }

  private tableOf({ rds, routeConfig }: HttpConnectionManager): RouteTable {
    const name = routeConfig?.name ?? rds?.routeConfigName ?? '';
    let table = this.tables.get(name);
    if (!table) {
      const configuration = routeConfig ?? this.config.routes.find(candidate => candidate.name === name) ?? { name };
      this.refused.requireRoutes(configuration);
      table = new RouteTable(configuration);
      this.tables.set(name, table);
    }
    return table;
  }

  private planOf(route: Route): RoutePlan {
    let plan = this.plans.get(route);
    if (!plan) {
      plan = routePlan(route, this.clusters);
      [...plan.split, ...plan.mirrors].forEach(({ cluster }) => this.refused.requireCluster(this.clusters.get(cluster)));
      this.plans.set(route, plan);
    }
    return plan;
  }
}
