import { MAIN_INTERNAL } from './internal-names';
import type { VipProtocol } from './waypoint-destinations';
import { vipClusterName, vipProtocols } from './waypoint-destinations';
import { anyPort, HTTP_INSPECTOR, ORIGINAL_DESTINATION, TLS_INSPECTOR } from '../inbound/port-inspectors';
import { message, typed } from '../message';
import type { Protocol } from '../protocol';
import { isTcp, isTls } from '../protocol';
import type { Service } from '../service';
import type { AccessLog } from '../xds/access-log';
import type { CidrRange } from '../xds/core';
import type { FilterChain, Listener, ListenerFilter } from '../xds/listener';
import type { ApplicationProtocolInput, DestinationIpInput, DestinationPortInput, IpMatcher, Matcher, OnMatch, StringValue } from '../xds/matcher-tree';

/** The address that istiod writes for a service without one. */
const UNSPECIFIED = '0.0.0.0';
const INPUTS = 'envoy.extensions.matching.common_inputs.network.v3';
/** The chains for addresses of pods. */
export const DIRECT_TCP = 'direct-tcp';
export const DIRECT_HTTP = 'direct-http';

/** What the listener for connections out of tunnels is made of. */
export interface MainInternal {
  readonly services: readonly Service[];
  /** The addresses of the workloads whose connections pass the waypoint. */
  readonly workloads: readonly string[];
  /** The chain of a port of a service. */
  readonly chain: (service: Service, port: Service['ports'][number], protocol: VipProtocol) => FilterChain;
  /** The chains for addresses of pods. */
  readonly direct: readonly FilterChain[];
  readonly listenerLog: readonly AccessLog[];
}

/** The listener that chooses a chain by the address and the port that the caller connected to. */
export function mainInternal({ services, workloads, chain, direct, listenerLog }: MainInternal): Listener {
  const chains = services.flatMap(service => service.ports.flatMap(port => (
    vipProtocols(port.protocol).map(protocol => chain(service, port, protocol)))));
  const ofServices = services.flatMap(service => {
    const byPort = portMap(service);
    return Object.keys(byPort).length === 0 ? [] : [{ ranges: addressesOf(service).map(cidr), onMatch: { matcher: byPortNumber(byPort) } }];
  });
  const ofWorkloads = workloads.length === 0 ? []
    : [{ ranges: workloads.map(cidr), onMatch: byProtocol(DIRECT_TCP, DIRECT_HTTP) }];
  return message<Listener>({
    name: MAIN_INTERNAL,
    internalListener: {},
    listenerFilters: listenerFilters(services, workloads.length > 0),
    trafficDirection: 'INBOUND',
    filterChains: [...chains, ...direct],
    filterChainMatcher: {
      matcherTree: {
        input: { name: 'ip', typedConfig: typed<DestinationIpInput>(`${INPUTS}.DestinationIPInput`, {}) },
        customMatch: { name: 'ip', typedConfig: typed<IpMatcher>('xds.type.matcher.v3.IPMatcher', { rangeMatchers: [...ofServices, ...ofWorkloads] }) },
      },
    },
    accessLog: listenerLog,
  });
}

/** The addresses of a service, sorted. A waypoint with addresses of IPv4 takes no others. */
function addressesOf({ addresses }: Service): readonly string[] {
  const own = [...new Set(addresses.filter(address => !address.includes(':')))].sort();
  return own.length === 0 ? [UNSPECIFIED] : own;
}

function cidr(stated: string): CidrRange {
  const [addressPrefix, length] = stated.split('/');
  return { addressPrefix, prefixLen: length === undefined ? (addressPrefix.includes(':') ? 128 : 32) : Number(length) };
}

function portMap({ host, ports }: Service): { readonly [port: string]: OnMatch } {
  return Object.fromEntries(ports.flatMap(({ number, protocol }) => {
    const [first, second] = vipProtocols(protocol).map(each => vipClusterName(host, number, each));
    if (first === undefined) return [];
    return [[`${number}`, second === undefined ? toChain(first) : byProtocol(first, second)]];
  }));
}

function byPortNumber(map: { readonly [port: string]: OnMatch }): Matcher {
  return {
    matcherTree: {
      input: { name: 'port', typedConfig: typed<DestinationPortInput>(`${INPUTS}.DestinationPortInput`, {}) }, exactMatchMap: { map },
    },
  };
}

/** Chooses by what the first bytes of a connection are. */
function byProtocol(tcp: string, http: string): OnMatch {
  const input = { name: 'application-protocol', typedConfig: typed<ApplicationProtocolInput>(`${INPUTS}.ApplicationProtocolInput`, {}) };
  const map = { '\'h2c\'': toChain(http), '\'http/1.1\'': toChain(http) };
  return { matcher: { onNoMatch: toChain(tcp), matcherTree: { input, exactMatchMap: { map } } } };
}

function toChain(name: string): OnMatch {
  return { action: { name, typedConfig: typed<StringValue>('google.protobuf.StringValue', { value: name }) } };
}

function listenerFilters(services: readonly Service[], servesWorkloads: boolean): ListenerFilter[] {
  const tls = inspectsTls(services);
  return [ORIGINAL_DESTINATION, inspectsHttp(services, servesWorkloads), ...tls ? [tls] : []];
}

/** Ports of one protocol need no look at their bytes. Connections to workloads may be for any port. */
function inspectsHttp(services: readonly Service[], servesWorkloads: boolean): ListenerFilter {
  const kinds = new Map<number, Set<string>>();
  for (const { number, protocol } of services.flatMap(({ ports }) => ports).filter(port => port.protocol !== 'UDP')) {
    kinds.set(number, (kinds.get(number) ?? new Set()).add(kindOf(protocol)));
  }
  const certain = [...kinds].filter(([, kind]) => kind.size === 1 && !kind.has('any')).map(([port]) => port).sort((a, b) => a - b);
  return servesWorkloads || certain.length === 0 ? HTTP_INSPECTOR : { ...HTTP_INSPECTOR, filterDisabled: anyPort(certain) };
}

function kindOf(protocol: Protocol): 'tcp' | 'http' | 'any' {
  if (protocol === 'Unsupported') return 'any';
  return isTcp(protocol) ? 'tcp' : 'http';
}

function inspectsTls(services: readonly Service[]): ListenerFilter | undefined {
  const ports = services.flatMap(service => service.ports);
  const tls = new Set(ports.filter(({ protocol }) => isTls(protocol)).map(({ number }) => number));
  const others = [...new Set(ports.map(({ number }) => number))].filter(number => !tls.has(number)).sort((a, b) => a - b);
  if (tls.size === 0) return undefined;
  return others.length === 0 ? TLS_INSPECTOR : { ...TLS_INSPECTOR, filterDisabled: anyPort(others) };
}
