import type { Caller } from './caller';
import { callersIn } from './callers';
import type { ServiceEntry } from './entry-ports';
import { sentCluster } from './sent-clusters';
import { translatedMesh } from './translated-mesh';
import type { DestinationRule } from './visibility';
import { looksUpUnverified } from '../../envoy/refusals/cluster-breaches';
import type { Service, ServicePort } from '../../envoy/service';
import { httpOptionFields, setsHttpOptions } from '../../traffic/per-request-lookup';
import type { TrafficIndex } from '../traffic-index';

/** What gives HTTP options to a cluster of a ServiceEntry with resolution DYNAMIC_DNS, although no TLS verifies its hosts. */
export interface UnverifiedLookup {
  readonly path: string;
  /** Whether the MeshConfig gives it the options. */
  readonly isOfMesh?: true;
  /** The DestinationRule with the field; default: the ServiceEntry. */
  readonly object?: DestinationRule;
  /** The callers that get the cluster; undefined for all. */
  readonly callers?: string;
}

/** The values for which Envoy refuses clusters of a ServiceEntry, because no TLS verifies the hosts that it looks up. */
export function unverifiedLookups(entry: ServiceEntry, index: TrafficIndex): UnverifiedLookup[] {
  if (entry.spec?.resolution !== 'DYNAMIC_DNS') return [];
  const { registry } = translatedMesh(index);
  return (entry.spec.hosts ?? []).flatMap(host => {
    const service = registry.find(host, index.namespaceOf(entry));
    return service?.object === entry ? service.ports.flatMap((port, place) => lookupsAt(service, port, place, index)) : [];
  });
}

function lookupsAt(service: Service, port: ServicePort, place: number, index: TrafficIndex): UnverifiedLookup[] {
  const callers = callersIn(index);
  const all = callers.ofService(service);
  const refused = all.filter(({ proxy }) => {
    const cluster = sentCluster(proxy, service, port.number, undefined, index);
    return cluster !== undefined && looksUpUnverified(cluster);
  });
  const named = refused.length < all.length ? { callers: refused.map(({ text }) => text).join(' and ') } : {};
  const isKnown = callers.areKnown || refused.length === all.length;
  if (setsHttpOptions(port.protocol)) return refused.length > 0 && isKnown ? [{ path: `spec.ports[${place}].protocol`, ...named }] : [];
  const stated = new Map<DestinationRule, UnverifiedLookup>();
  for (const caller of refused) {
    const source = poolField(service, port, caller, index);
    if (source === undefined && isKnown) return [{ path: 'spec.resolution', isOfMesh: true, ...named }];
    // If no pods are known, a DestinationRule is for the callers of its namespace.
    if (source && (callers.areKnown || caller.proxy.namespace === index.namespaceOf(source.object))) {
      stated.set(source.object, { ...source, ...named });
    }
  }
  return [...stated.values()];
}

/** The field of a connection pool that gives the cluster of a caller HTTP options. */
function poolField(service: Service, { number }: ServicePort, { proxy }: Caller, index: TrafficIndex):
{ readonly path: string; readonly object: DestinationRule } | undefined {
  for (const object of translatedMesh(index).destinationRules.of(proxy, service)?.from ?? []) {
    const { trafficPolicy } = object.spec ?? {};
    const entry = trafficPolicy?.portLevelSettings?.findIndex(({ port }) => port?.number === number) ?? -1;
    const policy = trafficPolicy?.portLevelSettings?.[entry] ?? trafficPolicy;
    const [field] = httpOptionFields(policy?.connectionPool ?? {});
    if (field === undefined) continue;
    return { path: `spec.trafficPolicy${entry < 0 ? '' : `.portLevelSettings[${entry}]`}.connectionPool.${field}`, object };
  }
  return undefined;
}
