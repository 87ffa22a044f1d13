import { ELSEWHERE } from './address-probes';
import { comparePlace } from './compare-calls';
import { authorizersOf, enforced } from './enforced';
import type { FoundAt, Side } from './judged-place';
import type { Probes } from './probes';
import { ABSENT, ofConnections, probesOf } from './probes';
import type { TriedCall, TriedCaller, TriedCalls } from './tried-calls';
import { triedCalls } from './tried-calls';
import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { Proxy } from '../../envoy/proxy';
import type { FilterChain, Listener } from '../../envoy/xds/listener';
import { filteredAtGateway } from '../access/gateway-access';
import { TakingPods } from '../access/taking-pods';
import type { AccessVerdict } from '../access/verdict';
import { ALLOWED } from '../access/verdict';
import { receive } from '../connection-manager';

/** A chain of a gateway's listener, on one side. */
interface Entrance {
  readonly listener: Listener;
  readonly chain: FilterChain;
}

/** Calls to one chain of a gateway. */
export interface EntranceCalls {
  readonly port: number;
  readonly tried: TriedCalls;
  readonly verdictOf: (call: TriedCall) => AccessVerdict;
}

const OUTSIDE: TriedCaller = { names: ['callers from outside'], peer: 'none' };
/** A host that no policy should name. */
const ANY_HOST = 'any-host.example';

/** Compares who may call gateways. Servers that one side alone has are left out. */
export function comparedGateways(old: Side, now: Side, gateways: readonly Proxy[]): FoundAt[] {
  return gateways.flatMap(gateway => {
    const [before, after] = [old, now].map(side => entrancesOf(side, gateway));
    const found = [...before].flatMap(([key, was]) => {
      const is = after.get(key);
      return is ? [comparedEntrance(was, is, gateway, [old, now])] : [];
    });
    // Chains for several server names have the same filters.
    const changes = new Map(found.flatMap(each => each.changes).map(change => [JSON.stringify(change), change]));
    return found.map(({ place }, i) => ({ place, changes: i === 0 ? [...changes.values()] : [] }));
  });
}

function entrancesOf({ translator }: Side, gateway: Proxy): ReadonlyMap<string, Entrance> {
  const { listeners } = translator.translate(gateway);
  return new Map(listeners.flatMap(listener => filterChainsOf(listener).map(chain => (
    [JSON.stringify([listener.address, chain.filterChainMatch]), { listener, chain }]))));
}

function comparedEntrance(was: Entrance, is: Entrance, gateway: Proxy, [old, now]: readonly [Side, Side]): FoundAt {
  const proxies = { before: gateway, after: gateway };
  const chains = [was, is].map(({ chain }) => chain);
  if (accessOf(was.chain) === accessOf(is.chain)) {
    return { changes: [], place: { ...proxies, differs: false, isWhole: true, named: new Set() } };
  }
  const port = is.listener.address?.socketAddress?.portValue ?? 0;
  const probes = probesOf(chains, now.translator.trustDomain);
  const [hops, others] = chains.map(hopsOf);
  const [before, after] = [verdictsAt(was, old), verdictsAt(is, now)];
  const { changes, isWhole, named } = comparePlace({
    host: nameOf(gateway),
    port,
    tried: triedAt(was, probes, chains),
    hasOtherAuthorizer: authorizersOf([was.chain]) !== authorizersOf([is.chain]),
    before,
    after,
  });
  return { changes, place: { ...proxies, differs: true, isWhole: isWhole && hops === others, named } };
}

/** The calls from outside to each chain of a gateway, with the values that `limited` leaves, and what becomes of them. */
export function entrancesWithCalls(side: Side, gateway: Proxy, limited: (probes: Probes) => Probes): readonly EntranceCalls[] {
  return [...entrancesOf(side, gateway).values()].map(entrance => {
    const { listener, chain } = entrance;
    const tried = triedAt(entrance, limited(probesOf([chain], side.translator.trustDomain)));
    return { port: listener.address?.socketAddress?.portValue ?? 0, tried, verdictOf: verdictsAt(entrance, side) };
  });
}

function triedAt({ chain }: Entrance, probes: Probes, chains: readonly FilterChain[] = [chain]): TriedCalls {
  const hops = hopsOf(chain);
  const readsRequests = chains.some(each => connectionManagerOf(each) !== undefined);
  const asked = readsRequests ? { ...probes, ...hops === 0 && { forwarded: ABSENT } } : ofConnections(probes);
  return triedCalls(asked, [OUTSIDE], { host: ANY_HOST, readsRequests, forwardedBy: address => forwardedBy(hops, address) });
}

/** The number of proxies whose forwarding headers a gateway trusts. */
function hopsOf(chain: FilterChain): number {
  return connectionManagerOf(chain)?.xffNumTrustedHops ?? 0;
}

/** The header with which trusted proxies state an address. */
function forwardedBy(hops: number, address: string): string {
  return [address, ...Array.from({ length: hops - 1 }, () => ELSEWHERE)].join(', ');
}

function verdictsAt({ listener, chain }: Entrance, { translator, edge }: Side): (call: TriedCall) => AccessVerdict {
  const { mayHaveProvider } = new TakingPods(translator, edge);
  const manager = connectionManagerOf(chain);
  return ({ request: sent, address, token }) => {
    const received = manager && receive(sent, 'HTTP/1.1', manager, chain);
    if (received?.rejection) return ALLOWED;
    const call = { request: received?.request, serverName: '', sourceAddress: address, token };
    return filteredAtGateway(chain, listener, call, { now: 0, mayHaveProvider }).verdict;
  };
}

/** What decides who may call through a chain, as a string. Routes and TLS count for nothing here. */
function accessOf(chain: FilterChain): string {
  const manager = connectionManagerOf(chain);
  const deciding = (manager?.httpFilters ?? chain.filters ?? []).filter(({ name }) => /\.(?:rbac|jwt_authn|ext_authz)$/.test(name));
  return JSON.stringify([manager?.xffNumTrustedHops, enforced(deciding)]);
}

function nameOf({ namespace, labels = {} }: Proxy): string {
  return `gateway ${namespace}/${Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',')}`;
}
