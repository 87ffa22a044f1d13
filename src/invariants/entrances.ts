import type { CheckedProxy } from './checked-mesh';
import type { RequestsFields } from './invariant';
import { arrivalOf, entryOf, portOf, routedSchemes } from '../diff/arrival';
import type { Host } from '../diff/proxy-traffic';
import { hostsOverlap } from '../manifest/host-name';
import type { Arrival } from '../proof/arrival';
import type { Gate } from '../proof/gate';
import { RouteTable } from '../proof/route-table';
import { RouteTable as HostTable } from '../simulator/route-table';

/** A virtual host of a proxy as a table of routes, and the requests that reach it. */
export interface Entrance {
  readonly host: Host;
  readonly table: RouteTable;
  readonly arrival: Arrival;
  /** What the proxy of a gateway denies before it routes. A sidecar decides nothing about its own pod. */
  readonly gate: Gate;
  /** The scheme of the connection. */
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/**
 * The virtual hosts that take requests of an invariant. Requests that a virtual host redirects to HTTPS are left out: they arrive again.
 * `name` is the full host of the requests.
 */
export function entrancesOf({ traffic }: CheckedProxy, { port }: RequestsFields, name: string | undefined): Entrance[] {
  return [...traffic.hosts.values()].flatMap((host): Entrance[] => {
    const schemes = routedSchemes(host, traffic);
    const domains = name === undefined ? host.virtualHost.domains : domainsFor(name, host);
    if (schemes.length === 0 || domains.length === 0 || (port !== undefined && port !== portOf(host))) return [];
    const of = name === undefined || domains === host.virtualHost.domains ? host.host : name;
    const table = new RouteTable(host.virtualHost.routes ?? [], traffic.seesClaims(host));
    const entry = entryOf(host, traffic);
    const arrival = arrivalOf(of, domains, [host], schemes, [entry]);
    return [{ host, table, arrival, gate: entry.gate, scheme: host.isTls ? 'https' : 'http', port: portOf(host) }];
  });
}

/** The names of a virtual host by which it takes requests to a host; all of them if it is the virtual host of this host alone. */
function domainsFor(name: string, { virtualHost, configuration }: Host): readonly string[] {
  if (name.startsWith('*')) {
    return virtualHost.domains.filter(domain => !/:\d+$/.test(domain) && hostsOverlap(domain, name))
      .map(domain => (domain.length < name.length ? name : domain));
  }
  const found = new HostTable(configuration).find(name);
  if (found?.host.virtualHost !== virtualHost) return [];
  return found.domain.includes('*') ? [name] : virtualHost.domains;
}
