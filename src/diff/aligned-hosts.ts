import type { Host, ProxyTraffic } from './proxy-traffic';
import { groupBy } from '../manifest/group-by';

/** Hosts by a key that both sides share. */
type Hosts = ReadonlyMap<string, Host>;

/**
 * The hosts of two proxies by common keys. A gateway has one virtual host for all names with the same routes, under the first of them. So
 * its names are grouped by the virtual hosts that they have on the two sides.
 */
export function alignedHosts(before: ProxyTraffic, after: ProxyTraffic): readonly [Hosts, Hosts] {
  if (!before.isGateway || !after.isGateway || isAligned(before.hosts, after.hosts)) return [before.hosts, after.hosts];
  const [old, now] = [keysByName(before.hosts), keysByName(after.hosts)];
  const cells = groupBy([...new Set([...old.keys(), ...now.keys()])], name => JSON.stringify([old.get(name), now.get(name)]));
  const hosts = [new Map<string, Host>(), new Map<string, Host>()] as const;
  for (const [cell, names] of cells) {
    const domains = names.map(name => name.slice(name.lastIndexOf(' ') + 1));
    for (const [side, [keys, { hosts: all }]] of ([[old, before], [now, after]] as const).entries()) {
      const key = keys.get(names[0]);
      if (key !== undefined) hosts[side].set(cell, withDomains(all.get(key)!, domains));
    }
  }
  return hosts;
}

/** Whether both sides have the same names under the same keys. */
function isAligned(old: Hosts, now: Hosts): boolean {
  const domainsOf = (host: Host | undefined) => host?.virtualHost.domains.join(' ');
  return old.size === now.size && [...old].every(([key, host]) => domainsOf(host) === domainsOf(now.get(key)));
}

/** The keys of hosts by each of their names at its place. */
function keysByName(hosts: Hosts): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [key, { port, isTls, virtualHost }] of hosts) {
    for (const domain of virtualHost.domains) {
      let place = `${isTls} ${port ?? ''}`;
      // Two servers may serve the same name.
      while (keys.has(`${place} ${domain}`)) place += '+';
      keys.set(`${place} ${domain}`, key);
    }
  }
  return keys;
}

/** A host with some of its names alone. */
function withDomains(host: Host, domains: readonly string[]): Host {
  const { virtualHost } = host;
  if (virtualHost.domains.length === domains.length) return host;
  return { ...host, host: domains[0], virtualHost: { ...virtualHost, domains: [...domains] } };
}
