import type { Change, ExampleConnection } from './change';
import { describeTcpProxy } from './connection-words';
import type { ProxyTraffic } from './proxy-traffic';
import { describeShares, sharesOf } from './shares';
import { connectionManagerOf, tcpProxyOf } from '../envoy/filter-chains';
import { Listeners } from '../envoy/listener-selection';
import { groupBy } from '../manifest/group-by';
import type { ConnectionCell, Taker } from '../proof/connection-differences';
import { connectionDifferences } from '../proof/connection-differences';
import type { Entrances } from '../proof/connection-places';

/** What becomes of connections, in words. */
interface Fate {
  readonly kind: 'routed' | 'others' | 'closed' | 'HTTP';
  readonly goesTo: string;
  /** What else the proxy does to them. Empty for nothing. */
  readonly treatment: string;
  /** The host of the first destination. */
  readonly host?: string;
}

/** What changes for connections without HTTP. `others` says what becomes of those that no listener takes. */
export function compareConnections(before: ProxyTraffic, after: ProxyTraffic, others: readonly string[]): Change[] {
  const fates = [before, after].map((traffic, side) => {
    const known = new Map<Taker, Fate>();
    return (taker: Taker): Fate => {
      let fate = known.get(taker);
      if (!fate) known.set(taker, fate = fateOf(taker, traffic, others[side]));
      return fate;
    };
  });
  const differ = (old: Taker, now: Taker) => {
    const [a, b] = [fates[0](old), fates[1](now)];
    // Connections that neither side routes are those of unknown hosts, or of hosts that are compared by their requests.
    return (a.kind === 'routed' || b.kind === 'routed') && (a.goesTo !== b.goesTo || a.treatment !== b.treatment);
  };
  const cells = connectionDifferences(entrancesOf(before), entrancesOf(after), differ);
  const changes = cells.flatMap(cell => changesOf(cell, fates[0](cell.before), fates[1](cell.after)));
  const alike = groupBy(changes, ({ host: _, connection: __, ...change }) => JSON.stringify(change));
  return [...alike.values()].map(group => ({ ...group[0], host: [...new Set(group.map(({ host }) => host))].join(', ') }));
}

function entrancesOf(traffic: ProxyTraffic): Entrances {
  return { listeners: new Listeners(traffic), ...traffic.services };
}

function fateOf(taker: Taker, traffic: ProxyTraffic, others: string): Fate {
  if (taker === 'others') return { kind: 'others', goesTo: others, treatment: '' };
  if (taker === 'nothing') return { kind: 'closed', goesTo: 'closed: no filter chain takes them', treatment: '' };
  if (connectionManagerOf(taker)) return { kind: 'HTTP', goesTo: 'closed: the proxy expects HTTP', treatment: '' };
  const proxy = tcpProxyOf(taker);
  if (!proxy || taker.name === 'PassthroughFilterChain') return { kind: 'others', goesTo: others, treatment: '' };
  const shares = sharesOf(proxy);
  return {
    kind: 'routed',
    goesTo: describeShares(shares, cluster => traffic.hasCluster(cluster)),
    treatment: describeTcpProxy(proxy),
    host: shares[0]?.destination.host,
  };
}

function changesOf(cell: ConnectionCell, old: Fate, now: Fate): Change[] {
  const service = now.host ?? old.host;
  const { port, ifIn } = cell.place;
  const common = {
    host: hostOf(cell, service),
    port,
    requests: ifIn === undefined ? 'connections' : `connections, if the address of the service is in ${ifIn}`,
    ...(ifIn === undefined ? { connection: exampleOf(cell, service) } : {}),
  };
  const moved = { ...common, before: old.goesTo, after: now.goesTo };
  if (now.kind !== 'routed') return [{ kind: 'connection-removed', risk: 'high', ...moved }];
  if (old.kind !== 'routed') return [{ kind: 'connection-added', risk: 'low', ...moved }];
  return [
    ...(old.goesTo === now.goesTo ? [] : [{ kind: 'connection-shares', risk: 'medium', ...moved } as const]),
    ...(old.treatment === now.treatment ? [] : [
      { kind: 'connection-treatment', risk: 'medium', ...common, before: old.treatment || 'none', after: now.treatment || 'none' } as const,
    ]),
  ];
}

/** The names of the connections, else their addresses, else the service to which they go. */
function hostOf({ names, place: { name } }: ConnectionCell, service: string | undefined): string {
  if (names === 'any') return 'any other server name';
  return names ?? name ?? service ?? '';
}

/** An address that no listener should name. */
const OTHER_ADDRESS = '192.0.2.1';

function exampleOf({ serverName, place: { port, name, hasOthers, after } }: ConnectionCell, service?: string): ExampleConnection {
  const range = name?.includes('/') ? after.address : name;
  const to = range ?? (hasOthers ? OTHER_ADDRESS : undefined);
  if (serverName === undefined) {
    const host = to ?? service ?? OTHER_ADDRESS;
    return { url: `tcp://${host.includes(':') ? `[${host}]` : host}:${port}` };
  }
  return { url: `tls://${serverName}:${port}`, ...(to === undefined || to === serverName ? {} : { to }) };
}
