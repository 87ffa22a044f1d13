import { isHttp } from '../../envoy/protocol';
import { exportTo } from '../../manifest/export-to';
import { groupBy } from '../../manifest/group-by';
import type { ManifestOf } from '../../manifest/manifest';
import { readValue } from '../../manifest/shape';
import type { TrafficIndex } from '../traffic-index';

export type ServiceEntry = ManifestOf<'ServiceEntry'>;

/** A port of a host of a ServiceEntry, as one scope sees it. */
export interface EntryPort {
  readonly object: ServiceEntry;
  /** A namespace, or `*` for all. */
  readonly scope: string;
  readonly host: string;
  readonly number: number | undefined;
  /** In upper case; empty where none is set. */
  readonly protocol: string;
  readonly path: string;
  /** Whether the entry has addresses. */
  readonly hasAddresses: boolean;
}

/** Each host and port of each ServiceEntry, once for each scope that it is exported to. */
export function entryPorts(index: TrafficIndex): readonly EntryPort[] {
  return index.memo(findPorts);
}

function findPorts(index: TrafficIndex): readonly EntryPort[] {
  return index.of('ServiceEntry').flatMap(object => {
    const { hosts = [], ports = [], exportTo: stated, addresses } = object.spec ?? {};
    const visible = exportTo(stated, index.namespaceOf(object), ['*']);
    const scopes = visible === 'all' ? ['*'] : [...visible];
    return scopes.flatMap(scope => hosts.flatMap(host => ports.map(({ number, protocol = '' }, p) => (
      {
        object,
        scope,
        host,
        number,
        protocol: protocol.toUpperCase(),
        path: `spec.ports[${p}]`,
        hasAddresses: addresses !== undefined,
      }))));
  });
}

/** The ports that a caller sees together, place by place: those of one scope, and public ones beside them. */
export function portsSeenTogether(index: TrafficIndex): readonly (readonly EntryPort[])[] {
  return index.memo(findSeen);
}

function findSeen(index: TrafficIndex): readonly (readonly EntryPort[])[] {
  const groups = groupBy(entryPorts(index), ({ scope, host, number }) => `${scope} ${host} ${number}`);
  return [...groups.values()].map(group => {
    const [{ scope, host, number }] = group;
    return scope === '*' ? group : [...group, ...groups.get(`* ${host} ${number}`) ?? []];
  });
}

/** Whether proxies allocate addresses for hosts that have none. */
export function allocatesAddresses({ meshConfig: { defaultConfig } }: TrafficIndex): boolean {
  const { proxyMetadata }: { readonly proxyMetadata?: { readonly [name: string]: string } } = defaultConfig;
  return proxyMetadata?.ISTIO_META_DNS_CAPTURE === 'true'
    && (proxyMetadata.ISTIO_META_DNS_AUTO_ALLOCATE === 'true' || proxyMetadata.PILOT_ENABLE_IP_AUTOALLOCATE === 'true');
}

/** The addresses that istiod has allocated, as it writes them into the object. */
const STATUS = { status: { addresses: ['anything'] } } as const;

/** Whether a ServiceEntry has no address, so that Envoy listens at 0.0.0.0 for its ports. */
export function lacksAddress(object: ServiceEntry, index: TrafficIndex): boolean {
  return !object.spec?.addresses && !allocatesAddresses(index) && (readValue(STATUS, object)?.status?.addresses ?? []).length === 0;
}

/** The hosts that speak HTTP at each port. */
export function httpHosts(index: TrafficIndex): ReadonlyMap<number, readonly string[]> {
  return index.memo(findHttpHosts);
}

function findHttpHosts({ registry }: TrafficIndex): ReadonlyMap<number, readonly string[]> {
  const ports = registry.hosts.flatMap(({ host, ports: all }) => (
    all.filter(({ protocol }) => isHttp(protocol)).map(({ number }) => ({ host, number }))));
  return new Map([...groupBy(ports, ({ number }) => number)].map(([number, found]) => [number, found.map(({ host }) => host)]));
}

interface PortGroup {
  readonly ports: readonly EntryPort[];
}

interface PortIn<G> {
  readonly group: G;
  readonly port: EntryPort;
}

/** The first of some groups in which each ServiceEntry has a port, with this port. */
export function firstOfEach<G extends PortGroup>(groups: readonly G[]): ReadonlyMap<ServiceEntry, PortIn<G>> {
  const first = new Map<ServiceEntry, PortIn<G>>();
  for (const group of groups) for (const port of group.ports) if (!first.has(port.object)) first.set(port.object, { group, port });
  return first;
}
