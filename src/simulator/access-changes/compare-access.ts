import type { AccessChange } from './access-change';
import { comparePlace } from './compare-calls';
import { authorizersOf, chainsOf, chainsOfPort, enforced } from './enforced';
import { comparedGateways } from './gateway-places';
import type { FoundAt, JudgedPlace, Side } from './judged-place';
import { ofConnections, probesOf } from './probes';
import { TransportsOfMesh } from './transports';
import type { TriedCall } from './tried-calls';
import { meshCallers, triedCalls } from './tried-calls';
import { connectionManagerOf } from '../../envoy/filter-chains';
import type { Proxy } from '../../envoy/proxy';
import type { InboundConfig } from '../../envoy/proxy-config';
import { groupBy } from '../../manifest/group-by';
import { verdictAtPod } from '../access/pod-access';
import type { TakingPod } from '../access/taking-pods';
import { TakingPods } from '../access/taking-pods';

/** Who may call after a change and could not before, or the other way round. */
export interface AccessComparison {
  /** It tries calls with the values that the rules of either side name: each change that it finds is one, and there may be others. */
  readonly changes: readonly AccessChange[];
  readonly places: readonly JudgedPlace[];
}

const NOTHING: AccessComparison = { changes: [], places: [] };

/** Compares who may call the pods of services, and the gateways. */
export function compareAccess(old: Side, now: Side, gateways: readonly Proxy[] = []): AccessComparison {
  if (!old.translator.decidesAccess && !now.translator.decidesAccess) return NOTHING;
  // In another trust domain every caller has another identity, so no call has the same caller on both sides.
  if (old.translator.trustDomain !== now.translator.trustDomain) return NOTHING;
  const known = [...new Set([...old.translator.identities, ...now.translator.identities])];
  const [before, after] = [old, now].map(takersByPort);
  const alike = new Map<string, FoundAt>();
  const pods = [...before].flatMap(([key, was]) => {
    const is = after.get(key);
    return is ? [comparedTakers(was, is, known, alike)] : [];
  });
  const differing = [...pairsOfPods(before, after)].flatMap(([was, is]) => comparedTakers(was, is, known, alike).changes);
  // Where the pods of a service differ, those with other labels than before are compared with one set of the others.
  const others = [[before, after], [after, before]].flatMap(([some, rest]) => [...some].flatMap(([key, { host, pod }]) => {
    const isPlaceKept = !rest.has(key) && [...rest.values()].some(other => other.host === host);
    const place: JudgedPlace = { before: pod.proxy, after: pod.proxy, differs: true, isWhole: false, named: new Set() };
    return isPlaceKept ? [{ changes: [], place }] : [];
  }));
  const all = [...comparedGateways(old, now, gateways), ...pods, ...others];
  return { changes: [...all.flatMap(({ changes }) => changes), ...differing], places: all.map(({ place }) => place) };
}

/** Pods of one port that enforce what no pods of the other side do, each paired with pods of the other side: some calls reach them. */
function* pairsOfPods(before: ReadonlyMap<string, Taker>, after: ReadonlyMap<string, Taker>): Iterable<readonly [Taker, Taker]> {
  const [old, now] = [before, after].map(side => groupBy(side.values(), ({ host, port }) => `${host}:${port}`));
  for (const [key, was] of old) {
    const is = now.get(key) ?? [];
    if (is.length === 0 || (was.length === 1 && is.length === 1)) continue;
    const enforcedBy = (takers: readonly Taker[]) => new Set(takers.map(ofPort));
    const [known, later] = [enforcedBy(was), enforcedBy(is)];
    for (const taker of is) if (!known.has(ofPort(taker))) yield [was[0], taker];
    for (const taker of was) if (!later.has(ofPort(taker))) yield [taker, is[0]];
  }
}

function ofPort({ pod }: Taker): string {
  return enforced(chainsOfPort(pod));
}

/** What pods enforce at single ports that no Service has, such as those of a PeerAuthentication. */
function ofOtherPorts({ pod, ports }: Taker): string {
  return enforced(chainsOf(pod.config.listeners).filter(({ filterChainMatch: { destinationPort } = {} }) => (
    destinationPort !== undefined && !ports.has(destinationPort))));
}

interface Taker {
  readonly host: string;
  readonly port: number;
  readonly pod: TakingPod;
  /** The ports of the pods that Services have. */
  readonly ports: ReadonlySet<number>;
  readonly mayHaveProvider: boolean;
  readonly trustDomain: string;
  readonly transports: TransportsOfMesh;
}

/** The pods of each port of each Service, by the port, and by their labels where they differ. Pods without a sidecar are left out. */
function takersByPort({ translator, edge }: Side): ReadonlyMap<string, Taker> {
  const takers = new Map<string, Taker>();
  const portsOf = new Map<InboundConfig, Set<number>>();
  const taking = new TakingPods(translator, edge);
  const { mayHaveProvider } = taking;
  const transports = new TransportsOfMesh(translator);
  const { trustDomain } = translator;
  for (const { host, ports, registry } of translator.services) {
    if (registry !== 'Kubernetes') continue;
    for (const { number } of ports) {
      const { pods } = taking.at(host, number);
      for (const pod of pods) {
        const key = pods.length === 1 ? '' : JSON.stringify(pod.proxy);
        const taken = portsOf.get(pod.config) ?? new Set<number>();
        portsOf.set(pod.config, taken.add(pod.port));
        takers.set(`${host}:${number} ${key}`, { host, port: number, pod, ports: taken, mayHaveProvider, trustDomain, transports });
      }
    }
  }
  return takers;
}

/** Compares the pods of a port. What is found at other ports with the same chains is found again, if no rule names the host. */
function comparedTakers(was: Taker, is: Taker, known: readonly string[], alike: Map<string, FoundAt>): FoundAt {
  const { host, port, trustDomain } = is;
  const proxies = { before: was.pod.proxy, after: is.pod.proxy };
  const sides = [was, is].map(({ pod }) => chainsOfPort(pod));
  const [old, now] = sides.map(enforced);
  if (was.pod.port === is.pod.port && old === now) {
    const differs = ofOtherPorts(was) !== ofOtherPorts(is);
    return { changes: [], place: { ...proxies, differs, isWhole: !differs, named: new Set() } };
  }
  const transports = [was, is].map(side => side.transports.of(host, port));
  const key = JSON.stringify([was.pod.port, is.pod.port, was.mayHaveProvider, is.mayHaveProvider, transports, old, now]);
  const found = alike.get(key);
  if (found) return { changes: found.changes.map(change => ({ ...change, host, port })), place: { ...found.place, ...proxies } };
  const probes = probesOf(sides.flat(), trustDomain);
  const readsRequests = sides.flat().some(chain => connectionManagerOf(chain) !== undefined);
  const asked = readsRequests ? probes : ofConnections(probes);
  const [before, after] = [was, is].map(({ pod, mayHaveProvider }, side) => (
    ({ peer, request, address, token }: TriedCall) => verdictAtPod(pod, {
      peer, request, token, directAddress: address, claimHeaders: [], transport: peer === 'none' ? 'plaintext' : transports[side],
    }, { now: 0, mayHaveProvider })));
  const tried = triedCalls(asked, meshCallers(probes, known, trustDomain), { host, readsRequests });
  const [asks, asksNow] = sides.map(authorizersOf);
  const hasOtherAuthorizer = asks !== asksNow;
  const { changes, isWhole, named } = comparePlace({ host, port, tried, hasOtherAuthorizer, before, after });
  // Ports that no service names are not tried.
  const chains = [was, is].flatMap(({ pod }) => chainsOf(pod.config.listeners));
  const declared = new Set(chains.map(({ filterChainMatch }) => filterChainMatch?.destinationPort));
  const isAll = isWhole && probes.ports.every(each => declared.has(each)) && ofOtherPorts(was) === ofOtherPorts(is);
  const result: FoundAt = { changes, place: { ...proxies, differs: true, isWhole: isAll, named } };
  if (probes.hostsAt(host).values.length === 1 && probes.ports.length === 0) alike.set(key, result);
  return result;
}
