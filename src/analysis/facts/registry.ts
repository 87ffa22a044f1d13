import { hostAndWildcards } from './host-lookup';
import type { Protocol } from '../../envoy/protocol';
import { parseProtocol } from '../../envoy/protocol';
import type { ExportTo } from '../../manifest/export-to';
import { exportTo, isVisible } from '../../manifest/export-to';
import { groupBy } from '../../manifest/group-by';
import { fullHost, serviceHost } from '../../manifest/host-name';
import type { ServicePort } from '../../manifest/kubernetes-kinds';
import type { Labels } from '../../manifest/labels';
import type { Manifest, ManifestOf } from '../../manifest/manifest';

export interface RegisteredPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** A host that the mesh knows: a Service's, or one of a ServiceEntry's. */
export interface RegisteredHost {
  readonly host: string;
  readonly namespace: string;
  readonly object: ManifestOf<'Service'> | ManifestOf<'ServiceEntry'>;
  readonly ports: readonly RegisteredPort[];
  readonly visibleTo: ExportTo;
  /** The labels of the pods behind it, where it selects any. */
  readonly selector?: Labels;
}

/** Ports at which servers speak first, so that Istio does not guess the protocol. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);
const APP_PROTOCOLS: { readonly [name: string]: Protocol } = {
  'kubernetes.io/h2c': 'HTTP2',
  'kubernetes.io/ws': 'HTTP',
  'kubernetes.io/wss': 'HTTPS',
};

/** The protocol that Istio takes a Service's port for: by `appProtocol`, else by the name up to its first hyphen. */
export function servicePortProtocol({ protocol: transport, appProtocol, name: portName, port }: ServicePort): Protocol {
  if (transport === 'UDP') return 'UDP';
  const name = appProtocol ?? portName ?? '';
  if (appProtocol !== undefined && Object.hasOwn(APP_PROTOCOLS, name)) return APP_PROTOCOLS[name];
  if (/^grpc-web/i.test(name)) return 'GRPC-Web';
  const protocol = parseProtocol(name.split('-')[0]);
  return protocol === 'Unsupported' && port !== undefined && SERVER_FIRST.has(port) ? 'TCP' : protocol;
}

/** What hosts are registered under. */
export interface RegistryOptions {
  readonly clusterDomain: string;
  /** The `exportTo` of Services and ServiceEntries that state none. */
  readonly exportTo: readonly string[];
}

/** The host of a Service. */
export function hostOfService(object: ManifestOf<'Service'>, namespace: string, options: RegistryOptions): RegisteredHost {
  const { metadata: { name, annotations = {} }, spec: { ports = [], selector } = {} } = object;
  const scopes = annotations['networking.istio.io/exportTo'];
  return {
    host: serviceHost(name, namespace, options.clusterDomain),
    namespace,
    object,
    ports: ports.flatMap(port => (port.port === undefined
      ? []
      : [{ name: port.name ?? '', number: port.port, protocol: servicePortProtocol(port) }])),
    visibleTo: exportTo(scopes ? scopes.split(',').map(scope => scope.trim()) : undefined, namespace, options.exportTo),
    ...(selector && { selector }),
  };
}

/** The hosts of a ServiceEntry. */
export function hostsOfEntry(object: ManifestOf<'ServiceEntry'>, namespace: string, options: RegistryOptions): RegisteredHost[] {
  const { hosts = [], ports = [], workloadSelector, exportTo: scopes } = object.spec ?? {};
  const stated = {
    namespace,
    object,
    ports: ports.flatMap(({ name = '', number, protocol = '' }) => (number === undefined
      ? []
      : [{ name, number, protocol: parseProtocol(protocol) }])),
    visibleTo: exportTo(scopes, namespace, options.exportTo),
    ...(workloadSelector?.labels && { selector: workloadSelector.labels }),
  };
  return hosts.map(host => ({ host: fullHost(host, namespace, options.clusterDomain), ...stated }));
}

/** Every host that Services and ServiceEntries bring. */
export class Registry {
  private readonly byHost: ReadonlyMap<string, readonly RegisteredHost[]>;

  public constructor(public readonly hosts: readonly RegisteredHost[]) {
    this.byHost = groupBy(hosts, ({ host }) => host);
  }

  /** The hosts of just this name, visible or not. */
  public named(host: string): readonly RegisteredHost[] {
    return this.byHost.get(host) ?? [];
  }

  /** The Service of this host, visible or not. */
  public serviceOf(host: string): RegisteredHost | undefined {
    return this.named(host).find(isService);
  }

  /** What a host is for callers in any of some namespaces: the host itself, else a ServiceEntry's wildcard that holds it. */
  public find(host: string, namespaces: readonly string[] | 'all'): RegisteredHost | undefined {
    return this.findAll(host, namespaces)[0];
  }

  /** The same, with every Service and ServiceEntry that has the host. */
  public findAll(host: string, namespaces: readonly string[] | 'all'): readonly RegisteredHost[] {
    const sees = ({ visibleTo }: RegisteredHost) => (
      namespaces === 'all' || visibleTo === 'all' || namespaces.some(namespace => isVisible(visibleTo, namespace)));
    for (const name of hostAndWildcards(host)) {
      const found = this.named(name).filter(sees);
      if (found.length > 0) return found;
    }
    return [];
  }
}

export function isService({ object }: { readonly object: Manifest }): boolean {
  return object.kind === 'Service';
}
