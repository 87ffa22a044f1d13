import type { Destination } from './destinations';
import { destinationsOf } from './destinations';
import { serviceParts } from './host-lookup';
import type { RegisteredHost } from './registry';
import { isService } from './registry';
import type { VirtualService } from './virtual-services';
import { scopesOf } from './visibility';
import { groupBy } from '../../manifest/group-by';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** A destination, with what the registry knows of its host. */
export interface LookedUp {
  readonly destination: Destination;
  /** Whether a Service or ServiceEntry has the host. */
  readonly isKnown: boolean;
  /** The ports of all Services and ServiceEntries that have the host. */
  readonly ports: readonly number[];
  /** Whether a Service with one port has the host, which istiod prefers to ServiceEntries: a destination without a port takes that one. */
  readonly hasOnlyPort: boolean;
  /** What the input lacks where no Service or ServiceEntry has just this host. */
  readonly absent?: Absent;
}

/** The destinations of a VirtualService. */
export function lookedUpDestinations(object: VirtualService, index: TrafficIndex): readonly LookedUp[] {
  return index.memoOf(object, lookUp);
}

function lookUp(object: VirtualService, index: TrafficIndex): readonly LookedUp[] {
  const scopes = scopesOf(object, index);
  // The destinations of one VirtualService mostly name one host.
  const known = new Map<string, Omit<LookedUp, 'destination'>>();
  return destinationsOf(object, index).map(destination => {
    const { host, written } = destination;
    let found = known.get(host);
    if (!found) {
      const targets = index.registry.findAll(host, scopes);
      const isThere = index.registry.named(host).length > 0 || serviceMeant(written, host, index) !== undefined;
      known.set(host, found = {
        isKnown: targets.length > 0 || index.isApiServer(host),
        ports: portsOf(targets),
        hasOnlyPort: targets.some(target => isService(target) && target.ports.length === 1),
        ...(!isThere && { absent: { kind: 'host', host } }),
      });
    }
    return { destination, ...found };
  });
}

/** The Service that `name.namespace` was meant for, which Istio takes for a host as it stands. */
function serviceMeant(written: string, host: string, index: TrafficIndex): RegisteredHost | undefined {
  const [name, namespace] = written.split('.');
  return namespace === undefined || serviceParts(host) ? undefined : index.registry.named(index.fullHost(name, namespace))[0];
}

function portsOf(targets: readonly RegisteredHost[]): number[] {
  return [...new Set(targets.flatMap(target => target.ports.map(({ number }) => number)))];
}

/** What to do about a host that does not exist, or that is not exported to the namespace of the VirtualService. */
export function hostRepair(object: VirtualService, { written, host }: Destination, index: TrafficIndex): string {
  const [hidden] = index.registry.named(host);
  if (hidden) {
    return `${hidden.object.kind} ${index.nameOf(hidden.object)} has this host, but does not export it here; add `
      + `'${index.namespaceOf(object)}' to its exportTo`;
  }
  const inNamespace = serviceMeant(written, host, index);
  if (inNamespace) return `write the full name, '${inNamespace.host}': Istio completes only names without a dot`;
  const [elsewhere] = index.memo(servicesByName).get(serviceParts(host)?.name ?? written.split('.')[0]) ?? [];
  if (elsewhere) {
    return `write '${elsewhere.host}' for the Service in '${elsewhere.namespace}': Istio looks up a short name in the namespace of the `
      + `VirtualService, '${index.namespaceOf(object)}'`;
  }
  return `correct the name, or add the Service or ServiceEntry that has '${host}'`;
}

function servicesByName(index: TrafficIndex): ReadonlyMap<string, readonly RegisteredHost[]> {
  return groupBy(index.registry.hosts.filter(isService), ({ object }) => object.metadata.name);
}

/** What becomes of traffic to a cluster that does not exist. */
export function outcomeOf({ block, mirror }: Destination): string {
  if (mirror) return 'Envoy drops mirrored requests silently';
  return block === 'http' ? 'requests of this entry get 503' : 'Envoy closes the connections of this entry';
}
