import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { istioObject } from './istio-object';
import { MeshHosts } from './mesh-hosts';
import { fail } from '../../traffic/problem';
import type { ServiceEntryParts } from '../../traffic/service-entry';
import { serviceEntry } from '../render/service-entry';

/** Hosts outside the cluster, as in one ServiceEntry. */
export interface RegistryEntry extends ServiceEntryParts {
  readonly name: string;
  readonly namespace: string;
  readonly subjectAltNames?: string[];
}

/**
 * Adds hosts to the registry of the mesh: claims the hosts and the TCP ports that would capture other calls, and creates the ServiceEntry.
 */
export function enterRegistry(owner: Construct, entry: RegistryEntry): ApiObject {
  const { name, namespace, hosts, ports, addresses = [], exportTo } = entry;
  const namespaces = !exportTo || exportTo.includes('*') ? undefined : exportTo.map(each => (each === '.' ? namespace : each));
  for (const host of hosts) {
    MeshHosts.of(owner).addHost(host, owner);
    AppState.of(owner).claim(`host/${namespace}/${host}`, owner, () => `the host '${host}' in namespace '${namespace}'`,
      'create each host once, and pass it on');
    claimSeen(`host/${host}`, owner, namespaces, `the host '${host}'`, 'create each host once and pass it on, or limit both with exportTo');
  }
  for (const { number } of addresses.length > 0 ? [] : ports.filter(port => port.protocol === 'TCP')) {
    claimSeen(`tcp/${number}`, owner, namespaces, `TCP port ${number} without addresses, which captures all calls to that port,`,
      'set the addresses of both, or use ServicePort.tls()');
  }
  return istioObject(owner, 'Resource', { kind: 'ServiceEntry', name, namespace, spec: () => serviceEntry(entry) });
}

/** The owners of something, for all namespaces or for some. */
interface Claims {
  first?: IConstruct;
  forAll?: IConstruct;
  readonly byNamespace: Map<string, IConstruct>;
}

/**
 * Claims something that a namespace may see only once, such as a host in the registry: of two, istiod uses the older. Two owners do
 * not conflict if no namespace sees both. `what` starts the sentence.
 */
function claimSeen(key: string, owner: IConstruct, namespaces: readonly string[] | undefined, what: string, repair: string): void {
  const claims = AppState.of(owner).one(`seen/${key}`, (): Claims => ({ byNamespace: new Map() }));
  const taken = namespaces?.find(namespace => claims.byNamespace.has(namespace));
  const other = claims.forAll ?? (namespaces ? taken !== undefined && claims.byNamespace.get(taken) : claims.first);
  if (other) fail(owner, `${what} is already taken by ${other.node.path}; ${repair}`);
  claims.first ??= owner;
  if (namespaces) for (const namespace of namespaces) claims.byNamespace.set(namespace, owner);
  else claims.forAll = owner;
}
