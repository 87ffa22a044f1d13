import type { ConnectionPlace, Entrances, Place } from './connection-places';
import { connectionPlaces } from './connection-places';
import { connectionManagerOf } from '../envoy/filter-chains';
import type { Connection } from '../envoy/listener-selection';
import { chainFor, chainsAt } from '../envoy/listener-selection';
import type { FilterChain, Listener } from '../envoy/xds/listener';

/** What takes a connection: a filter chain; no listener of its own; or nothing, so that Envoy closes it. */
export type Taker = FilterChain | 'others' | 'nothing';

/** Connections that two proxies pass to one filter chain each, with one of them. */
export interface ConnectionCell {
  readonly place: ConnectionPlace;
  /** The server names of their handshakes: a name, a wildcard or `any`; undefined for plaintext. */
  readonly names?: string;
  /** The server name of the handshake of one of them. */
  readonly serverName?: string;
  readonly before: Taker;
  readonly after: Taker;
}

/** Whether two takers treat connections differently. */
export type Differ = (before: Taker, after: Taker) => boolean;

/**
 * The connections without HTTP that two proxies treat differently, as sets. Envoy selects a filter chain by the most specific condition on
 * port, address, server name and transport, one after the other, so that there is one set for each name and range of either side.
 */
export function connectionDifferences(before: Entrances, after: Entrances, differ: Differ): ConnectionCell[] {
  return connectionPlaces(before, after).flatMap(place => {
    const [old, now] = [ChainIndex.of(place.before, place.port, before), ChainIndex.of(place.after, place.port, after)];
    const found: ConnectionCell[] = [];
    const look = (names: string | undefined, serverName: string | undefined) => {
      const cell = { place, names, serverName, before: takerOf(old, serverName), after: takerOf(now, serverName) };
      // The same goes for the connections of a wider set that is reported.
      const wider = found.find(other => other.before === cell.before && other.after === cell.after && isWithin(names, other.names));
      if (!wider && differ(cell.before, cell.after)) found.push(cell);
    };
    look(undefined, undefined);
    const named = namesOf(old, now);
    look('any', freeName('', named));
    for (const name of named) look(name, name.startsWith('*') ? freeName(name.slice(1), named) : name);
    return found;
  });
}

function isWithin(name: string | undefined, wider: string | undefined): boolean {
  if (wider === undefined || name === undefined || wider === 'any') return true;
  return wider.startsWith('*') && name.endsWith(wider.slice(1));
}

function takerOf(index: ChainIndex | undefined, serverName: string | undefined): Taker {
  return index === undefined ? 'others' : index.chainFor(serverName) ?? 'nothing';
}

/** A name below a wildcard that is not one of the names; with an empty end, one that no wildcard takes either. */
function freeName(end: string, names: readonly string[]): string {
  const taken = new Set(names);
  for (let n = 0; ; n++) {
    const number = n === 0 ? '' : n;
    const [label, domain] = end === '' ? ['other', `.example${number}`] : [`www${number}`, end];
    if (!taken.has(`${label}${domain}`) && (end !== '' || !taken.has(`*${domain}`))) return `${label}${domain}`;
  }
}

/** The names that matter, wildcards first, the widest first. Names that chains of HTTP have on both sides do not. */
function namesOf(old: ChainIndex | undefined, now: ChainIndex | undefined): string[] {
  const names = new Set([...old?.names.keys() ?? [], ...now?.names.keys() ?? []]);
  return [...names].filter(name => !(old?.isOfHttp(name) && now?.isOfHttp(name)))
    .sort((a, b) => Number(b.startsWith('*')) - Number(a.startsWith('*')) || a.length - b.length || (a < b ? -1 : 1));
}

/** The filter chains of a listener that may take connections to a place, by server name. */
class ChainIndex {
  /** The chains of a place; undefined without a listener of its own. */
  public static of({ listener, address }: Place, port: number, { listeners }: Entrances): ChainIndex | undefined {
    return listener === undefined || listeners.isCatchAll(listener) ? undefined : new ChainIndex(listener, { address, port });
  }

  public readonly names = new Map<string, FilterChain[]>();
  private readonly unnamed: FilterChain[] = [];
  private readonly order: ReadonlyMap<FilterChain, number>;

  constructor(private readonly listener: Listener, private readonly place: Pick<Connection, 'address' | 'port'>) {
    const chains = chainsAt(listener, place);
    this.order = new Map(chains.map((chain, i) => [chain, i]));
    for (const chain of chains) {
      const { serverNames = [] } = chain.filterChainMatch ?? {};
      if (serverNames.length === 0) this.unnamed.push(chain);
      for (const name of serverNames) {
        const key = name.toLowerCase();
        this.names.set(key, [...this.names.get(key) ?? [], chain]);
      }
    }
  }

  public isOfHttp(name: string): boolean {
    const chains = this.names.get(name) ?? [];
    return chains.length > 0 && chains.every(chain => connectionManagerOf(chain) !== undefined);
  }

  /** The chain of a connection in plaintext, or in TLS with a server name. */
  public chainFor(serverName: string | undefined): FilterChain | undefined {
    const found = new Set(this.unnamed);
    for (const name of coveringNames(serverName)) for (const chain of this.names.get(name) ?? []) found.add(chain);
    const filterChains = [...found].sort((a, b) => this.order.get(a)! - this.order.get(b)!);
    return chainFor({ ...this.listener, filterChains }, { ...this.place, tls: serverName !== undefined, serverName, protocols: [] });
  }
}

/** A server name, and the wildcards that cover it. */
function coveringNames(name: string | undefined): string[] {
  if (name === undefined) return [];
  const wildcards: string[] = [];
  for (let i = 0; i < name.length; i++) wildcards.push(`*${name.slice(i)}`);
  return [name, ...wildcards, '*'];
}
