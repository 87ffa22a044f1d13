import { badgesOfCluster } from './badges';
import { configuredBy, gatewayKey, gatewayTitle } from './configured-hosts';
import { drawConnection, drawHost, nodeOfCluster } from './draw-host';
import { GraphDraft } from './graph-draft';
import type { GraphFinding, MeshGraph } from './mesh-graph';
import type { Caller } from '../diff/callers';
import { describeCaller } from '../diff/callers';
import { destinationOf, shortHost } from '../diff/destination';
import type { Connection, Host, ProxyTraffic } from '../diff/proxy-traffic';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { isOfKind, manifestsOf, readManifests } from '../manifest/manifest';

/** A class of callers and its configuration. */
export interface CallerTraffic {
  readonly caller: Caller;
  /** The namespaces of the callers in the class. */
  readonly namespaces: readonly string[];
  readonly traffic: ProxyTraffic;
}

/** A finding and its object. */
export interface ObjectFinding extends GraphFinding {
  readonly resource?: { readonly kind: string; readonly namespace?: string; readonly name: string };
}

const OUTSIDE = 'outside of the mesh';
const INSIDE = /^([^.]+)\.([^.]+)\.svc\./;

/** Draws the mesh as its callers see it. A single caller is drawn as a node, with only what it reaches. */
export function buildGraph(
  objects: readonly KubernetesObject[], callers: readonly CallerTraffic[], findings: readonly ObjectFinding[], alone: boolean,
): MeshGraph {
  const builder = new GraphBuilder(objects);
  const gateways = callers.filter(({ caller }) => caller.type === 'gateway');
  const sidecars = callers.filter(({ caller }) => caller.type === 'sidecar');
  for (const gateway of gateways) builder.addGateway(gateway);
  builder.addServices(sidecars);
  if (alone) for (const sidecar of sidecars) builder.addCaller(sidecar);
  builder.addEgress(sidecars);
  builder.addAccess();
  for (const finding of findings) builder.addFinding(finding);
  return builder.draft.finished();
}

class GraphBuilder {
  public readonly draft = new GraphDraft();
  private readonly internalEntries = new Map<string, string>();
  private readonly nodesOfObjects = new Map<string, Set<string>>();

  private readonly manifests: readonly Manifest[];
  private readonly manifestsByName: ReadonlyMap<string, Manifest>;

  constructor(objects: readonly KubernetesObject[]) {
    this.manifests = readManifests(objects).manifests;
    this.manifestsByName = new Map(this.manifests.map(manifest => (
      [nameOf(manifest.kind, manifest.metadata.namespace, manifest.metadata.name), manifest])));
    for (const { spec, metadata } of manifestsOf(this.manifests, 'ServiceEntry')) {
      if (spec?.location === 'MESH_INTERNAL') for (const host of spec.hosts ?? []) this.internalEntries.set(host, metadata.namespace ?? '');
    }
  }

  public addGateway({ caller, traffic }: CallerTraffic): void {
    const id = `gateway ${describeCaller(caller)}`;
    this.draft.node(
      id,
      'gateway',
      gatewayTitle(caller.labels),
      caller.namespace,
    );
    const key = gatewayKey(caller);
    if (key !== undefined) this.remember(key, id);
    for (const host of traffic.hosts.values()) {
      const served = `${id} ${host.host}`;
      this.draft.node(served, 'host', host.host, caller.namespace);
      this.remember(host.host, served);
      this.draft.edge(id, served, 'route', host.port === 80 || host.port === undefined ? '' : `port ${host.port}`);
      drawHost(this.draft, served, host, traffic, this.nodeOf);
    }
    this.addConnections(id, traffic);
  }

  /** Draws each service as the sidecars of its own namespace call it, else as other callers do. */
  public addServices(sidecars: readonly CallerTraffic[]): void {
    const seen = new Map<string, { readonly host: Host; readonly traffic: ProxyTraffic; readonly own: boolean }>();
    for (const { namespaces, traffic } of sidecars) {
      for (const name of traffic.clusters.keys()) if (destinationOf(name).port !== undefined) this.nodeOf(destinationOf(name).host);
      for (const [key, host] of traffic.hosts) {
        const own = namespaces.includes(INSIDE.exec(host.host)?.[2] ?? '');
        const known = seen.get(key);
        if (!known || (own && !known.own)) seen.set(key, { host, traffic, own });
      }
    }
    this.addConnectionRoutes(sidecars);
    for (const { host, traffic } of seen.values()) {
      const id = this.nodeOf(host.host);
      drawHost(this.draft, id, host, traffic, this.nodeOf);
      const cluster = traffic.clusters.get(`outbound|${host.port}||${host.host}`);
      if (cluster) for (const [text, details] of badgesOfCluster(cluster)) this.draft.badge(id, text, details);
    }
  }

  /** Draws where TCP connections to a service go, unless they go to the whole service. */
  private addConnectionRoutes(sidecars: readonly CallerTraffic[]): void {
    const drawn = new Set<string>();
    // The sidecars of the service's own namespace come first, as for requests.
    for (const own of [true, false]) {
      for (const { namespaces, traffic } of sidecars) {
        const before = new Set(drawn);
        for (const connection of traffic.connections.values()) {
          for (const host of this.calledBy(connection, traffic)) {
            const key = `${connection.port} ${host}`;
            if (before.has(key) || (own && !namespaces.includes(INSIDE.exec(host)?.[2] ?? ''))) continue;
            drawn.add(key);
            drawConnection(this.draft, this.nodeOf(host), connection, traffic, this.nodeOf);
          }
        }
      }
    }
  }

  /** The hosts whose connections a route takes: the hosts of its VirtualService, else its destination. */
  private calledBy({ port, names, shares, virtualService }: Connection, traffic: ProxyTraffic): readonly string[] {
    const isKnown = (host: string) => traffic.hasCluster(`outbound|${port}||${host}`);
    const named = names.filter(isKnown);
    if (named.length > 0) return named;
    const [namespace = '', name = ''] = virtualService?.split('/') ?? [];
    const manifest = this.manifestsByName.get(nameOf('VirtualService', namespace, name));
    const services = manifest ? this.nodesOfManifest(manifest).filter(id => id.startsWith('service ')) : [];
    const known = services.map(id => id.slice('service '.length)).filter(isKnown);
    return known.length > 0 ? known : [...new Set(shares.map(({ destination }) => destination.host).filter(isKnown))].slice(0, 1);
  }

  public addCaller({ caller, traffic }: CallerTraffic): void {
    const id = `caller ${describeCaller(caller)}`;
    this.draft.node(id, 'caller', describeCaller(caller), caller.namespace);
    for (const { host } of traffic.hosts.values()) this.draft.edge(id, this.nodeOf(host), 'route', '');
    this.addConnections(id, traffic);
  }

  /** Draws the egress of namespaces that may not call every host: the allowed external hosts, and that others are blocked. */
  public addEgress(sidecars: readonly CallerTraffic[]): void {
    const groups = new Map<string, { readonly names: Set<string>; readonly external: readonly string[] }>();
    for (const { namespaces, traffic } of sidecars.filter(s => s.traffic.others === 'BlackHoleCluster')) {
      const hosts = new Set(
        [...traffic.clusters.keys()]
          .map(name => destinationOf(name))
          .filter(d => d.port !== undefined)
          .map(d => d.host),
      );
      const external = [...hosts].filter(host => !this.isInside(host)).sort();
      const key = external.join(' ');
      const known = groups.get(key);
      if (known) namespaces.forEach(namespace => known.names.add(namespace));
      else groups.set(key, { names: new Set(namespaces), external });
    }
    for (const [key, { names, external }] of groups) {
      const id = `egress ${key}`;
      this.draft.node(id, 'egress', `calls out of ${[...names].join(', ')}`, names.size === 1 ? [...names][0] : '');
      this.draft.node('blocked', 'blocked', 'any other host: blocked', OUTSIDE);
      this.draft.edge(id, 'blocked', 'blocked', '502');
      for (const host of external) this.draft.edge(id, this.nodeOf(host), 'route', '');
    }
  }

  public addAccess(): void {
    const services = manifestsOf(this.manifests, 'Service');
    for (const manifest of this.manifests) {
      const access = accessOf(manifest);
      if (!access) continue;
      for (const service of services) {
        if (service.metadata.namespace !== manifest.metadata.namespace) continue;
        if (!selects(access.selector, service.spec?.selector)) continue;
        const { text, details } = access;
        for (const id of this.nodesOf(`${service.metadata.name}.${service.metadata.namespace}`)) this.draft.badge(id, text, details);
      }
    }
  }

  /** Adds a finding to the services of its object, or to the gateway that the object configures. */
  public addFinding({ resource, ...finding }: ObjectFinding): void {
    if (!resource) return;
    const manifest = this.manifestsByName.get(nameOf(resource.kind, resource.namespace, resource.name));
    for (const id of new Set(manifest ? this.nodesOfManifest(manifest) : [])) this.draft.finding(id, finding);
  }

  private readonly nodeOf = (host: string): string => {
    const id = `service ${host}`;
    if (this.draft.has(id)) return id;
    const [, name, namespace] = INSIDE.exec(host) ?? [];
    const inside = name !== undefined || this.internalEntries.has(host);
    this.draft.node(
      id,
      inside ? 'service' : 'external',
      name ?? shortHost(host),
      namespace ?? (inside ? this.internalEntries.get(host)! : OUTSIDE),
    );
    for (const key of [host, ...(name === undefined ? [] : [`${name}.${namespace}`, `${name}.${namespace}.svc`])]) this.remember(key, id);
    return id;
  };

  private remember(host: string, id: string): void {
    this.nodesOfObjects.set(host, (this.nodesOfObjects.get(host) ?? new Set()).add(id));
  }

  private isInside(host: string): boolean {
    return INSIDE.test(host) || this.internalEntries.has(host);
  }

  private addConnections(id: string, traffic: ProxyTraffic): void {
    for (const { host, port, clusters } of traffic.connections.values()) {
      for (const cluster of clusters.filter(c => destinationOf(c).port !== undefined)) {
        this.draft.edge(id, nodeOfCluster(this.draft, cluster, traffic, this.nodeOf), 'route', `${shortHost(host)}:${port}`);
      }
    }
  }

  private nodesOf(host: string): Iterable<string> {
    return this.nodesOfObjects.get(host) ?? [];
  }

  private nodesOfManifest(manifest: Manifest): string[] {
    const full = (host: string) => (/[./]/.test(host) ? host : `${host}.${manifest.metadata.namespace}`);
    return configuredBy(manifest).flatMap(host => [...this.nodesOf(full(host))]);
  }
}

/** The label that an access policy adds to the services that it selects. Undefined for other objects. */
function accessOf(manifest: Manifest): { readonly text: string; readonly details: string; readonly selector: Labels } | undefined {
  if (isOfKind(manifest, 'AuthorizationPolicy')) {
    const { action = 'ALLOW', selector } = manifest.spec ?? {};
    return { text: 'access', details: `${action} by AuthorizationPolicy ${manifest.metadata.name}`, selector: selector?.matchLabels ?? {} };
  }
  if (!isOfKind(manifest, 'PeerAuthentication') || manifest.spec?.mtls?.mode !== 'STRICT') return undefined;
  return { text: 'mTLS', details: 'mutual TLS only', selector: manifest.spec.selector?.matchLabels ?? {} };
}

function nameOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
