import { namesWithin } from './names-within';
import type { Host, HttpChain, ProxyTraffic } from './proxy-traffic';
import { connectionManagerOf } from '../envoy/filter-chains';
import { gateOf } from '../proof/access-gate';
import type { Arrival } from '../proof/arrival';
import type { Gate } from '../proof/gate';
import { OPEN_GATE } from '../proof/gate';
import type { Reception } from '../proof/reception';
import { commonReception, receptionOf } from '../proof/reception';

/** The schemes of the requests to a host that reach its routes because they are not redirected to HTTPS. */
export function routedSchemes(host: Host, traffic: ProxyTraffic): Arrival['schemes'] {
  return traffic.schemesOf(host).filter(scheme => scheme === 'https' || host.virtualHost.requireTls !== 'ALL');
}

/** The port that callers connect to. */
export function portOf({ port, isTls }: Host): number {
  return port ?? (isTls ? 443 : 80);
}

/** What a proxy does with the requests to a host before it routes them. */
export interface Entry {
  readonly reception: Reception;
  readonly gate: Gate;
}

/** The entries of filter chains. Most hosts share their chains with others. */
const KNOWN = new WeakMap<readonly HttpChain[], Entry>();

/** What the filter chains that read the requests to a host do with them before routing. */
export function entryOf(host: Host, traffic: ProxyTraffic): Entry {
  const chains = traffic.chainsOf(host);
  const entry = KNOWN.get(chains) ?? entryBy(chains);
  KNOWN.set(chains, entry);
  return entry;
}

function entryBy(chains: readonly HttpChain[]): Entry {
  const [first] = chains;
  if (first === undefined) return { reception: commonReception([]), gate: OPEN_GATE };
  return {
    reception: commonReception(chains.map(({ chain }) => receptionOf(connectionManagerOf(chain)!, chain))),
    gate: gateOf(first.chain, first.port),
  };
}

/** The requests for all of the given domains, each of which is a domain of every given virtual host. Examples use the name. */
export function arrivalOf(
  name: string, domains: readonly string[], hosts: readonly Host[], schemes: Arrival['schemes'], entries: readonly Entry[],
): Arrival {
  const [{ isTls }] = hosts;
  const others = hosts.flatMap(({ configuration, virtualHost }) => namesWithin(domains, configuration, virtualHost));
  const ignorePort = hosts.every(({ configuration }) => configuration.ignorePortInHostMatching === true);
  const port = portOf(hosts[0]);
  const host = name.replace(/^\*\./, 'www.').replace('*', 'example.com');
  return {
    domains,
    ignorePort,
    authority: port === (isTls ? 443 : 80) ? host : `${host}:${port}`,
    others: [...new Set(others)].filter(domain => domain !== '*' && !domains.includes(domain)),
    schemes,
    reception: commonReception(entries.map(({ reception }) => reception)),
  };
}
