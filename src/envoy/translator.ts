import { ProxyAccess } from './access/proxy-access';
import { proxyClusters } from './clusters/proxy-clusters';
import type { DestinationRule } from './destination-rules';
import { connectionManagerOf, filterChainsOf } from './filter-chains';
import { withGatewayApi } from './gateway-api-objects';
import { GatewayListeners } from './gateways/gateway-listeners';
import { gatewayRoutes } from './gateways/gateway-routes';
import { Gateways } from './gateways/merged-gateways';
import { applicationPort } from './inbound/application-port';
import { InboundConfigs } from './inbound/inbound-configs';
import { inboundPorts } from './inbound/inbound-ports';
import type { TakingProxy } from './inbound/taking-pods';
import { podsAt, podsOfSelector } from './inbound/taking-pods';
import { asOlder, istioVersion, KNOWN_VERSIONS, PINNED } from './istio-versions';
import type { IstioVersion } from './istio-versions';
import type { AccessFilters, ListenerSettings } from './listeners/listener';
import { sidecarListeners } from './listeners/sidecar-listeners';
import type { Mesh } from './mesh';
import { meshOf } from './mesh';
import type { MeshConfigFields } from './mesh-config';
import { meshConfigOf } from './mesh-config';
import type { Note } from './note';
import { PodProxyConfigs } from './pod-proxy-configs';
import type { Proxy } from './proxy';
import type { InboundConfig, ProxyConfig, RouteOrigin } from './proxy-config';
import type { ProxyScope } from './proxy-scope';
import { gatewayScope, serviceSeenBy, sidecarScope } from './proxy-scope';
import { namesOf } from './routes/domains';
import type { RouteContext } from './routes/route-context';
import { SidecarRoutes } from './routes/sidecar-routes';
import type { Endpoint, Service } from './service';
import { Sidecars } from './sidecars';
import { accessLogs } from './telemetry/access-logs';
import { providerCluster, Telemetries } from './telemetry/telemetries';
import { tracing } from './telemetry/tracing';
import { withTopology } from './topology-labels';
import { INBOUND, INBOUND_PARTS } from './translation-notes';
import { MESH } from './virtual-service';
import { waypointConfig } from './waypoints/waypoint-config';
import type { AccessLog } from './xds/access-log';
import type { Listener } from './xds/listener';
import type { Route, RouteConfiguration } from './xds/route';
import { Waypoints } from '../gateway-api/waypoints';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { acceptedManifests, manifestsOf } from '../manifest/manifest';

/** What istiod knows about a mesh in addition to the objects. */
export interface TranslatorOptions {
  /** MeshConfig, as parsed from YAML. @default - as Istio installs it */
  readonly meshConfig?: MeshConfigFields;
  /** The version of Istio, such as `1.17`. @default - the pinned version */
  readonly istioVersion?: string;
  /** The DNS domain of the cluster. @default 'cluster.local' */
  readonly clusterDomain?: string;
  /** The namespace of objects without one, as with `kubectl apply -n`. @default - none */
  readonly defaultNamespace?: string;
  /** Environment variables of istiod. Each except `DISABLE_SHADOW_HOST_SUFFIX` adds a note. @default - none */
  readonly features?: { readonly [name: string]: string };
}

/** The environment variable of istiod that is translated. */
const SHADOW_HOST = 'DISABLE_SHADOW_HOST_SUFFIX';

/** Outbound listeners of sidecars decide nothing about who may call. */
const NO_ACCESS: AccessFilters = { http: [], network: [] };

type RouteSettings = Omit<RouteContext, 'port' | 'service' | 'isTls' | 'gateways'>;

/** Translates manifests into the configuration that istiod would send to each proxy. The indexes of the mesh are made once. */
export class Translator {
  private readonly version: IstioVersion;
  private readonly mesh: Mesh;
  private readonly sidecars: Sidecars;
  private readonly gateways: Gateways;
  private readonly telemetries: Telemetries;
  private readonly proxyConfigs: PodProxyConfigs;
  private readonly access: ProxyAccess;
  private readonly inboundConfigs: InboundConfigs;
  /** Which connections pass which waypoint. */
  public readonly waypoints: Waypoints;
  private readonly notes: readonly Note[];

  constructor(objects: readonly KubernetesObject[], options: TranslatorOptions = {}) {
    const { istioVersion: name = PINNED, clusterDomain = 'cluster.local', features = {} } = options;
    const version = istioVersion(name);
    if (!version) throw new Error(`unknown version of Istio: '${name}'; use a version from ${KNOWN_VERSIONS}`);
    this.version = features[SHADOW_HOST] === undefined ? version : { ...version, keepsShadowHost: features[SHADOW_HOST] === 'true' };
    const accepted = acceptedManifests(objects);
    const { defaultNamespace } = options;
    const stated = defaultNamespace === undefined ? accepted : accepted.map(object => inNamespace(object, defaultNamespace));
    const meshConfig = meshConfigOf(options.meshConfig);
    const notes: Note[] = [];
    const { manifests: placed, origins } = withGatewayApi(stated, clusterDomain, notes);
    for (const feature of Object.keys(features).filter(key => key !== SHADOW_HOST)) {
      notes.push({ message: `istiod's environment variable ${feature} is not translated` });
    }
    this.mesh = meshOf(placed, { meshConfig, clusterDomain, origins }, notes);
    this.sidecars = new Sidecars(manifestsOf(placed, 'Sidecar'), meshConfig.rootNamespace);
    this.gateways = new Gateways(manifestsOf(placed, 'Gateway'));
    this.telemetries = new Telemetries(manifestsOf(placed, 'Telemetry'));
    this.proxyConfigs = new PodProxyConfigs(placed, meshConfig.defaultConfig);
    this.access = new ProxyAccess(this.mesh);
    this.inboundConfigs = new InboundConfigs(meshConfig, this.version);
    this.waypoints = new Waypoints(placed);
    this.notes = notes;
  }

  /** The DNS domain of the cluster. */
  public get clusterDomain(): string {
    return this.mesh.clusterDomain;
  }

  /** The services of the registry. */
  public get services(): readonly Service[] {
    return this.mesh.registry.services;
  }

  /** The endpoints of a service at all of its ports. */
  public endpointsOf(service: Service): readonly Endpoint[] {
    return service.ports.flatMap(port => this.mesh.registry.endpoints(service, port));
  }

  public translate(stated: Proxy): ProxyConfig {
    const proxy = withTopology(stated);
    const notes: Note[] = [...this.notes];
    const origins = new Map<Route, RouteOrigin>();
    if (proxy.type === 'waypoint') return this.waypoint(proxy, origins, notes);
    const isGateway = proxy.type === 'gateway';
    const scope = isGateway ? gatewayScope(proxy, this.mesh) : sidecarScope(proxy, this.sidecars.of(proxy), this.mesh);
    const { listeners, routes } = isGateway ? this.gateway(scope, origins, notes) : this.sidecar(scope, origins, notes);
    const sent = proxyClusters(proxy, this.proxyConfigs.of(proxy, []), scope.services, this.mesh, notes);
    return { ...sent, routes, clusters: asOlder(sent.clusters, this.version), listeners, notes, origins };
  }

  /**
   * The sidecars of the pods that have the labels of a proxy, one for each set of labels; the proxy itself if the input has no such pod.
   */
  public sidecarsOf(stated: Proxy): readonly Proxy[] {
    const pods = this.mesh.registry.pods(stated.namespace, stated.labels ?? {});
    const byLabels = new Map(pods.map(({ labels }) => [JSON.stringify(Object.entries(labels).sort()), labels]));
    return byLabels.size === 0 ? [stated] : [...byLabels.values()].map(labels => ({ ...stated, labels }));
  }

  /**
   * The pods that take the connections to a port of a host: those with these endpoints, else those that the selector of its Service names.
   * Pods of gateways are left out, as they have no sidecar.
   */
  public takersOf(host: string, port: number, endpoints: readonly string[]): readonly TakingProxy[] {
    const { registry } = this.mesh;
    const pods = endpoints.length > 0 ? podsAt(endpoints, registry) : podsOfSelector(host, port, registry);
    return pods.filter(({ proxy }) => !this.gateways.areSelected(proxy.labels ?? {}));
  }

  /** The pods that take the connections to a port of a host. */
  public takersAt(host: string, port: number): readonly TakingProxy[] {
    const { registry } = this.mesh;
    const endpoints = [...registry.byNamespace(host).values()].flatMap(service => registry.endpointsAt(service, port));
    return this.takersOf(host, port, endpoints.map(endpoint => `${endpoint.address}:${endpoint.port}`));
  }

  /** The SPIFFE IDs of all pods. */
  public get identities(): readonly string[] {
    return this.mesh.registry.identities;
  }

  /** The SPIFFE IDs of the pods that a proxy may be. */
  public identitiesOf({ namespace, labels = {} }: Proxy): readonly string[] {
    const pods = this.mesh.registry.pods(namespace, labels);
    return [...new Set(pods.flatMap(({ identity }) => identity ?? []))];
  }

  /** Whether an object of the mesh decides who may call. */
  public get decidesAccess(): boolean {
    const { authorizationPolicies, requestAuthentications, peerAuthentications } = this.mesh;
    return !(authorizationPolicies.isEmpty && requestAuthentications.isEmpty && peerAuthentications.isEmpty);
  }

  /** Whether MeshConfig has an external authorizer whose service the input lacks. */
  public get lacksAuthorizer(): boolean {
    return this.mesh.meshConfig.extensionProviders.some(({ envoyExtAuthzHttp: http, envoyExtAuthzGrpc: grpc }) => (
      [http, grpc].some(stated => stated && providerCluster(this.mesh, stated) === undefined)));
  }

  /** The trust domain of the mesh. */
  public get trustDomain(): string {
    return this.mesh.meshConfig.trustDomain;
  }

  /** What istiod would send a sidecar for the connections to its pod. Its notes name what is not translated. */
  public inbound(stated: Proxy): InboundConfig {
    const proxy = withTopology(stated);
    const notes: Note[] = [...this.notes, INBOUND_PARTS];
    const sidecar = this.sidecars.of(proxy);
    const { meshConfig, registry } = this.mesh;
    const logs = accessLogs(proxy, 'SERVER', this.telemetries, this.mesh, notes);
    const ruleOf = this.ownRules(proxy, sidecar);
    const hasIngress = Boolean(sidecar?.spec?.ingress?.length);
    const made = this.inboundConfigs.of({
      ...this.requestSettings(proxy, notes),
      access: this.access.of(proxy, notes),
      accessLog: logs.ofConnections,
      listenerLog: logs.ofListener,
      accepted: this.mesh.peerAuthentications.of(proxy),
      ports: inboundPorts(proxy, sidecar?.spec ?? {}, registry).map(port => applicationPort(port, sidecar?.spec ?? {}, meshConfig, ruleOf)),
      sidecar: sidecar && hasIngress ? { name: sidecar.metadata.name, namespace: proxy.namespace } : undefined,
      proxy,
      podAddress: hasIngress ? registry.pods(proxy.namespace, proxy.labels ?? {})[0]?.address : undefined,
    });
    return { ...made, notes };
  }

  /** The DestinationRules of the services of a pod, as its own sidecar sees them. Those for callers with some labels do not count. */
  private ownRules(proxy: Proxy, sidecar: ManifestOf<'Sidecar'> | undefined): (service: Service) => DestinationRule | undefined {
    const { registry, destinationRules } = this.mesh;
    let scope: ProxyScope | undefined;
    return ({ host }) => {
      const isLimited = Boolean(sidecar?.spec?.egress?.length);
      const service = isLimited ? (scope ??= sidecarScope(proxy, sidecar, this.mesh)).service(host) : serviceSeenBy(proxy, host, registry);
      const rule = service && destinationRules.of({ ...proxy, labels: {} }, service);
      return rule?.selector === undefined ? rule : undefined;
    };
  }

  private sidecar(scope: ProxyScope, origins: Map<Route, RouteOrigin>, notes: Note[]): Pick<ProxyConfig, 'listeners' | 'routes'> {
    notes.push(INBOUND);
    const { settings, listenerLog } = this.listenerSettings(scope, notes);
    const listeners = sidecarListeners(settings, this.mesh, listenerLog);
    const context = { ...this.routeSettings(scope, origins, notes), isTls: false, gateways: new Set([MESH]) };
    const routes = new SidecarRoutes(scope, this.naming(scope), context);
    return { listeners, routes: routeNames(listeners).map(name => routes.configuration(name)) };
  }

  private gateway(scope: ProxyScope, origins: Map<Route, RouteOrigin>, notes: Note[]): Pick<ProxyConfig, 'listeners' | 'routes'> {
    const merged = this.gateways.of(scope.proxy, this.mesh.registry, notes);
    if (!merged) return { listeners: [], routes: [] };
    const { settings, listenerLog } = this.listenerSettings(scope, notes, this.access.of(scope.proxy, notes));
    const listeners = new GatewayListeners(settings, this.mesh, notes).of(merged, listenerLog);
    const context = this.routeSettings(scope, origins, notes);
    const routes = routeNames(listeners).map((name): RouteConfiguration => {
      const servers = merged.serversByRoute.get(name);
      return servers ? gatewayRoutes(name, servers, scope, this.mesh, context) : { name, validateClusters: false };
    });
    return { listeners, routes };
  }

  private waypoint(proxy: Proxy, origins: Map<Route, RouteOrigin>, notes: Note[]): ProxyConfig {
    const scope = gatewayScope(proxy, this.mesh);
    const { listeners, ...sent } = waypointConfig(scope, {
      mesh: this.mesh,
      waypoints: this.waypoints,
      telemetries: this.telemetries,
      access: this.access,
      settings: this.requestSettings(proxy, notes),
      context: { ...this.routeSettings(scope, origins, notes), isTls: false, gateways: new Set([MESH]) },
    }, notes);
    return { ...sent, routes: [], clusters: asOlder(sent.clusters, this.version), listeners, notes, origins };
  }

  private naming({ proxy: { namespace } }: ProxyScope) {
    return { namespace, clusterDomain: this.mesh.clusterDomain, hasAbsoluteNames: this.version.hasAbsoluteNames };
  }

  private listenerSettings(
    scope: ProxyScope, notes: Note[], access = NO_ACCESS,
  ): { settings: ListenerSettings; listenerLog: readonly AccessLog[] } {
    const { ofConnections, ofListener } = accessLogs(scope.proxy, 'CLIENT', this.telemetries, this.mesh, notes);
    const traces = tracing(scope.proxy, this.telemetries, this.mesh, notes);
    const names = (host: string) => namesOf(host, this.naming(scope));
    const settings = { ...this.requestSettings(scope.proxy, notes), scope, accessLog: ofConnections, tracing: traces, access, names };
    return { settings, listenerLog: ofListener };
  }

  private requestSettings(proxy: Proxy, notes: Note[]): Pick<ListenerSettings, 'proxyConfig' | 'pathNormalization'> {
    return { proxyConfig: this.proxyConfigs.of(proxy, notes), pathNormalization: this.mesh.meshConfig.pathNormalization?.normalization };
  }

  private routeSettings({ proxy, destinationRule }: ProxyScope, origins: Map<Route, RouteOrigin>, notes: Note[]): RouteSettings {
    return {
      meshConfig: this.mesh.meshConfig,
      namespace: proxy.namespace,
      labels: proxy.labels ?? {},
      retries: this.version.retries,
      keepsShadowHost: this.version.keepsShadowHost,
      destinationRule,
      origins,
      notes,
    };
  }
}

function inNamespace(object: Manifest, namespace: string): Manifest {
  const isWide = object.kind === 'Namespace' || object.kind.startsWith('Cluster');
  return object.metadata.namespace !== undefined || isWide ? object : { ...object, metadata: { ...object.metadata, namespace } };
}

/** The names of the route configurations that listeners use. */
function routeNames(listeners: readonly Listener[]): string[] {
  const names = new Set<string>();
  for (const chain of listeners.flatMap(filterChainsOf)) {
    const name = connectionManagerOf(chain)?.rds?.routeConfigName;
    if (name !== undefined) names.add(name);
  }
  return [...names];
}
