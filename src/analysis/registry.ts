import type { Fields } from './fields';
import { items, labelsOf, texts } from './fields';
import { hostAndWildcards } from './host-lookup';
import type { Protocol } from '../envoy/protocol';
import { parseProtocol } from '../envoy/protocol';
import type { ExportTo } from '../manifest/export-to';
import { exportTo, isVisible } from '../manifest/export-to';
import { groupBy } from '../manifest/group-by';
import { fullHost, serviceHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';

export interface RegisteredPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** A host that the mesh knows: a Service's, or one of a ServiceEntry's. */
export interface RegisteredHost {
  readonly host: string;
  readonly namespace: string;
  readonly object: KubernetesObject;
  readonly ports: readonly RegisteredPort[];
  readonly visibleTo: ExportTo;
  /** The labels of the pods behind it, where it selects any. */
  readonly selector?: Labels;
}

/** Ports on which Istio guesses nothing, as the server speaks first. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);
const APP_PROTOCOLS: { readonly [name: string]: Protocol } = { 'kubernetes.io/h2c': 'HTTP2', 'kubernetes.io/ws': 'HTTP', 'kubernetes.io/wss': 'HTTPS' };

/** The protocol that Istio takes a Service's port for: by `appProtocol`, else by the name up to its first hyphen. */
export function servicePortProtocol(port: Fields): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  const name = String(port.appProtocol ?? port.name ?? '');
  if (port.appProtocol !== undefined && Object.hasOwn(APP_PROTOCOLS, name)) return APP_PROTOCOLS[name];
  if (/^grpc-web/i.test(name)) return 'GRPC-Web';
  const protocol = parseProtocol(name.split('-')[0]);
  return protocol === 'Unsupported' && SERVER_FIRST.has(Number(port.port)) ? 'TCP' : protocol;
}

/** The ports that have a number at all. */
function portsOf(ports: Fields, field: 'port' | 'number', protocolOf: (port: Fields) => Protocol): RegisteredPort[] {
  return items(ports).filter(port => Number.isInteger(port[field]))
    .map(port => ({ name: String(port.name ?? ''), number: port[field], protocol: protocolOf(port) }));
}

function hostOfService(object: KubernetesObject, namespace: string, clusterDomain: string, byDefault: readonly string[]): RegisteredHost {
  const annotation: unknown = object.metadata.annotations?.['networking.istio.io/exportTo'];
  const scopes = typeof annotation !== 'string' || annotation === '' ? undefined : annotation.split(',').map(scope => scope.trim());
  return {
    host: serviceHost(object.metadata.name, namespace, clusterDomain),
    namespace,
    object,
    ports: portsOf(object.spec?.ports, 'port', servicePortProtocol),
    visibleTo: exportTo(scopes, namespace, byDefault),
    ...(object.spec?.selector && { selector: labelsOf(object.spec.selector) }),
  };
}

function hostsOfEntry(object: KubernetesObject, namespace: string, clusterDomain: string, byDefault: readonly string[]): RegisteredHost[] {
  const { hosts, ports, workloadSelector, exportTo: scopes } = object.spec ?? {};
  const stated = {
    namespace,
    object,
    ports: portsOf(ports, 'number', ({ protocol }) => parseProtocol(String(protocol ?? ''))),
    visibleTo: exportTo(texts(scopes), namespace, byDefault),
    ...(workloadSelector?.labels && { selector: labelsOf(workloadSelector.labels) }),
  };
  return texts(hosts).map(host => ({ host: fullHost(host, namespace, clusterDomain), ...stated }));
}

export interface RegistryOptions {
  readonly clusterDomain: string;
  /** The `exportTo` of Services and ServiceEntries that state none. */
  readonly exportTo: readonly string[];
  readonly namespaceOf: (object: KubernetesObject) => string;
}

/** Every host that Services and ServiceEntries bring. */
export class Registry {
  public readonly hosts: readonly RegisteredHost[];
  private readonly byHost: ReadonlyMap<string, readonly RegisteredHost[]>;

  constructor(services: readonly KubernetesObject[], entries: readonly KubernetesObject[], options: RegistryOptions) {
    const { clusterDomain, exportTo: byDefault, namespaceOf } = options;
    this.hosts = [
      ...services.map(object => hostOfService(object, namespaceOf(object), clusterDomain, byDefault)),
      ...entries.flatMap(object => hostsOfEntry(object, namespaceOf(object), clusterDomain, byDefault)),
    ];
    this.byHost = groupBy(this.hosts, ({ host }) => host);
  }

  /** The hosts of just this name, visible or not. */
  public named(host: string): readonly RegisteredHost[] {
    return this.byHost.get(host) ?? [];
  }

  /** What a host is for clients in any of some namespaces: the host itself, else a ServiceEntry's wildcard that holds it. */
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
