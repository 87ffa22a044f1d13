import type { CidrRange } from './xds/core';
import type { FilterChain, FilterChainMatch, Listener, ListenerFilterChainMatchPredicate } from './xds/listener';
import { cidrOf, isCidrWithin } from '../traffic/cidr';

/** A connection as a listener sees it. */
export interface Connection {
  readonly address?: string;
  readonly port: number;
  /** Whether it starts with a TLS handshake. */
  readonly tls: boolean;
  readonly serverName?: string;
  /** The protocols that the handshake offers, or that Envoy detects in the first bytes. */
  readonly protocols: readonly string[];
}

const VIRTUAL_OUTBOUND = 'virtualOutbound';

/** The listeners of a proxy, by address and port. */
export class Listeners {
  private readonly byPlace = new Map<string, Listener>();
  private readonly catchAll?: Listener;

  constructor(config: { readonly listeners: readonly Listener[] }) {
    for (const listener of config.listeners) {
      const place = listener.address?.socketAddress;
      if (listener.name === VIRTUAL_OUTBOUND) this.catchAll = listener;
      else if (listener.trafficDirection !== 'INBOUND' && place !== undefined) this.add(place.address, place.portValue, listener);
    }
  }

  /** The listener that takes a connection: the one of the address and port, else of the port, else the catch-all listener. */
  public find(address: string | undefined, port: number): Listener | undefined {
    return (address === undefined ? undefined : this.byPlace.get(`${address}_${port}`)) ?? this.ofPort(port) ?? this.catchAll;
  }

  /** The listener of a port on all addresses. */
  public ofPort(port: number): Listener | undefined {
    return this.byPlace.get(`_${port}`);
  }

  public get all(): readonly Listener[] {
    return [...new Set(this.byPlace.values())];
  }

  /** Whether a listener is the catch-all listener. */
  public isCatchAll(listener: Listener): boolean {
    return listener === this.catchAll;
  }

  /** The addresses and ports that have a listener of their own; without an address, the port on all addresses. */
  public get places(): readonly { readonly address?: string; readonly port: number }[] {
    return [...this.byPlace.keys()].map(place => {
      const end = place.lastIndexOf('_');
      const address = place.slice(0, end);
      return { ...(address === '' ? {} : { address }), port: Number(place.slice(end + 1)) };
    });
  }

  private add(address: string, port: number, listener: Listener): void {
    const place = `${/^(?:0\.0\.0\.0|::)$/.test(address) ? '' : address}_${port}`;
    if (!this.byPlace.has(place)) this.byPlace.set(place, listener);
    for (const { address: { socketAddress: more } } of listener.additionalAddresses ?? []) {
      if (more !== undefined) this.byPlace.set(`${more.address}_${more.portValue}`, listener);
    }
  }
}

/** The filter chain that takes a connection. Undefined if none does, and Envoy closes the connection. */
export function chainFor(listener: Listener, connection: Connection): FilterChain | undefined {
  const sees = (listener.listenerFilters ?? []).some(({ name, filterDisabled }) => (
    name === 'envoy.filters.listener.tls_inspector' && !(filterDisabled && isFor(filterDisabled, connection.port))));
  const tls = connection.tls && sees;
  // A listener without the TLS inspector treats a handshake as plain bytes.
  const protocols = connection.tls && !sees ? [] : connection.protocols;
  const serverName = tls ? connection.serverName?.toLowerCase() : undefined;
  const seen = { ...connection, tls, protocols, serverName };
  const matching = STEPS.reduce((left, step) => step(left, seen), listener.filterChains ?? []);
  return matching[0] ?? listener.defaultFilterChain;
}

/** The filter chains that may take a connection to a place: Envoy looks at no others, whatever the connection brings. */
export function chainsAt({ filterChains = [] }: Listener, place: Pick<Connection, 'address' | 'port'>): readonly FilterChain[] {
  const seen = { ...place, tls: false, protocols: [] };
  return PLACE_STEPS.reduce((left, step) => step(left, seen), filterChains);
}

function isFor({ orMatch, notMatch, destinationPortRange }: ListenerFilterChainMatchPredicate, port: number): boolean {
  if (orMatch) return orMatch.rules.some(rule => isFor(rule, port));
  if (notMatch) return !isFor(notMatch, port);
  const { start = 0, end = 0 } = destinationPortRange ?? {};
  return port >= start && port < end;
}

type Step = (chains: readonly FilterChain[], connection: Connection) => readonly FilterChain[];

const PLACE_STEPS: readonly Step[] = [
  (chains, { port }) => best(chains, match => rank(match.destinationPort, port)),
  (chains, { address }) => best(chains, match => highest(match.prefixRanges, range => prefixRank(range, address))),
];

/** Envoy's steps. Each step keeps the most specific chains for the connection, without backtracking. */
const STEPS: readonly Step[] = [
  ...PLACE_STEPS,
  (chains, { serverName }) => best(chains, match => highest(match.serverNames, name => nameRank(name, serverName))),
  (chains, { tls }) => best(chains, match => rank(match.transportProtocol || undefined, tls ? 'tls' : 'raw_buffer')),
  (chains, { protocols }) =>
    best(chains, match => highest(match.applicationProtocols, protocol => (protocols.includes(protocol) ? 1 : -1))),
];

/** The highest rank of a list's entries. 0 for a chain without this condition. */
function highest<T>(list: readonly T[] | undefined, rankOf: (entry: T) => number): number {
  return list === undefined || list.length === 0 ? 0 : Math.max(...list.map(rankOf));
}

/** The chains with the highest rank. A negative rank excludes a chain. */
function best(chains: readonly FilterChain[], rankOf: (match: FilterChainMatch) => number): readonly FilterChain[] {
  const ranked = chains.map(chain => [chain, rankOf(chain.filterChainMatch ?? {})] as const).filter(([, value]) => value >= 0);
  const most = ranked.reduce((highestRank, [, value]) => Math.max(highestRank, value), 0);
  return ranked.filter(([, value]) => value === most).map(([chain]) => chain);
}

/** 1 if the condition is met, 0 without a condition, -1 otherwise. */
function rank<T>(wanted: T | undefined, is: T): number {
  return wanted === undefined ? 0 : wanted === is ? 1 : -1;
}

function nameRank(name: string, serverName: string | undefined): number {
  if (serverName === undefined) return -1;
  if (!name.startsWith('*')) return name.toLowerCase() === serverName ? 10_000 : -1;
  return serverName.endsWith(name.slice(1).toLowerCase()) ? name.length : -1;
}

function prefixRank({ addressPrefix, prefixLen }: CidrRange, address: string | undefined): number {
  if (address === undefined) return -1;
  const [prefix, is] = [ipv4(addressPrefix), ipv4(address)];
  if (prefix !== undefined && is !== undefined) {
    const length = prefixLen ?? 32;
    return Math.floor(prefix / 2 ** (32 - length)) === Math.floor(is / 2 ** (32 - length)) ? length + 1 : -1;
  }
  const block = prefixLen === undefined ? addressPrefix : `${addressPrefix}/${prefixLen}`;
  return isCidrWithin(address, block) ? cidrOf(block)!.bits.length + 1 : -1;
}

function ipv4(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  const valid = parts.length === 4 && parts.every(part => Number.isInteger(part) && part >= 0 && part < 256);
  return valid ? parts.reduce((sum, part) => 256 * sum + part, 0) : undefined;
}
