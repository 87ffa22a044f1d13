import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { istioObject } from './istio-object';
import { fail } from '../../traffic/problem';
import type { ServiceEntryParts } from '../../traffic/service-entry';
import { serviceEntry } from '../render/service-entry';

/** Hosts outside of the cluster, as one ServiceEntry has them. */
export interface RegistryEntry extends ServiceEntryParts {
  readonly name: string;
  readonly namespace: string;
  readonly subjectAltNames?: string[];
}

/** Enters hosts into the mesh's registry: takes them, and what would catch the calls of others, and makes the ServiceEntry. */
export function enterRegistry(owner: Construct, entry: RegistryEntry): void {
  const { name, namespace, hosts, ports, addresses = [], exportTo } = entry;
  const namespaces = !exportTo || exportTo.includes('*') ? undefined : exportTo.map(each => (each === '.' ? namespace : each));
  for (const host of hosts) {
    AppState.of(owner).claim(`host/${namespace}/${host}`, owner, () => `the host '${host}' in namespace '${namespace}'`,
      'describe each host once, and pass it on');
    claimSeen(`host/${host}`, owner, namespaces, `the host '${host}'`, 'describe each host once and pass it on, or limit both by exportTo');
  }
  for (const { number } of addresses.length > 0 ? [] : ports.filter(port => port.protocol === 'TCP')) {
    claimSeen(`tcp/${number}`, owner, namespaces, `TCP port ${number} without addresses, which catches the calls of every host to that port,`,
      'state the addresses of both, or use ServicePort.tls()');
  }
  istioObject(owner, 'Resource', { kind: 'ServiceEntry', name, namespace, spec: () => serviceEntry(entry) });
}

/** Who took a thing: for all namespaces, or for some. */
interface Claims {
  first?: IConstruct;
  forAll?: IConstruct;
  readonly byNamespace: Map<string, IConstruct>;
}

/**
 * Takes something that a namespace may see once, such as a host of the mesh's registry: of two, istiod takes the older. Two owners that no
 * namespace sees both of are no conflict. `what` starts the sentence.
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
