import { message } from '../message';
import type { CidrRange, Metadata } from '../xds/core';
import type { FilterChain, FilterChainMatch, NetworkFilter } from '../xds/listener';
import type { DownstreamTransportSocket } from '../xds/transport-sockets';

const WILDCARD = '0.0.0.0';

/** A filter chain before it is written, with the connections that it matches. */
export interface ChainPlan {
  readonly serverNames?: readonly string[];
  readonly subnets?: readonly string[];
  readonly applicationProtocols?: readonly string[];
  readonly transportProtocol?: string;
  readonly metadata?: Metadata;
  readonly transportSocket?: DownstreamTransportSocket;
  readonly filters: readonly NetworkFilter[];
}

/** Whether a chain matches every connection. */
export function takesAll({ serverNames = [], subnets = [], applicationProtocols = [], transportProtocol }: ChainPlan): boolean {
  return (serverNames.length === 0 || serverNames.includes('*'))
    && applicationProtocols.length === 0 && !transportProtocol && subnets.length === 0;
}

/** Whether two chains match the same connections; Envoy accepts only one of them. */
export function areAlike(a: ChainPlan, b: ChainPlan): boolean {
  return (a.transportProtocol ?? '') === (b.transportProtocol ?? '')
    && (a.applicationProtocols ?? []).join() === (b.applicationProtocols ?? []).join()
    && sameSet(a.serverNames?.filter(name => name !== '*'), b.serverNames?.filter(name => name !== '*'))
    && sameSet(networks(a), networks(b));
}

function networks({ subnets }: ChainPlan): string[] | undefined {
  return subnets?.flatMap(subnet => {
    const range = cidrRange(subnet);
    return range.addressPrefix === WILDCARD ? [] : [network(range)];
  });
}

function sameSet(a: readonly string[] = [], b: readonly string[] = []): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every(item => right.has(item));
}

/** An address or a range as Envoy's CidrRange. */
function cidrRange(subnet: string): Required<CidrRange> {
  const [address, length] = subnet.split('/');
  return { addressPrefix: address, prefixLen: length === undefined ? (address.includes(':') ? 128 : 32) : Number(length) };
}

/** The network of a range: of IPv4 without the bits outside of its mask. */
function network({ addressPrefix, prefixLen }: Required<CidrRange>): string {
  const parts = addressPrefix.split('.').map(Number);
  if (parts.length !== 4 || parts.some(Number.isNaN)) return `${addressPrefix}/${prefixLen}`;
  const bits = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - prefixLen);
  return `${Math.floor(bits / size) * size}/${prefixLen}`;
}

/** The chain as Envoy's FilterChain. */
export function filterChain(chain: ChainPlan): FilterChain {
  return message<FilterChain>({
    filterChainMatch: takesAll(chain) ? undefined : filterChainMatch(chain),
    filters: chain.filters,
    metadata: chain.metadata,
    transportSocket: chain.transportSocket,
    transportSocketConnectTimeout: '15s',
  });
}

function filterChainMatch({ serverNames = [], subnets = [], applicationProtocols, transportProtocol }: ChainPlan): FilterChainMatch {
  return message({
    prefixRanges: [...subnets].sort().map(cidrRange).filter(({ addressPrefix }) => addressPrefix !== WILDCARD),
    serverNames: serverNames.includes('*') ? [] : [...serverNames].sort(),
    transportProtocol,
    applicationProtocols,
  });
}

/** The default chain, for connections that no other chain matches. */
export function catchAllChain(filters: readonly NetworkFilter[]): FilterChain {
  return { filterChainMatch: {}, filters, name: 'PassthroughFilterChain' };
}
