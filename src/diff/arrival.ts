import type { Host, ProxyTraffic } from './proxy-traffic';
import type { Arrival } from '../proof/fields';

/** The schemes of the requests to a host that reach its routes because they are not redirected to HTTPS. */
export function routedSchemes(host: Host, traffic: ProxyTraffic): Arrival['schemes'] {
  return traffic.schemesOf(host).filter(scheme => scheme === 'https' || host.virtualHost.requireTls !== 'ALL');
}

/** The port that callers connect to. */
export function portOf({ port, isTls }: Host): number {
  return port ?? (isTls ? 443 : 80);
}

/** The requests for all of the given domains, each of which is a domain of every given virtual host. Examples use the name. */
export function arrivalOf(name: string, domains: readonly string[], hosts: readonly Host[], schemes: Arrival['schemes']): Arrival {
  const [{ isTls }] = hosts;
  const hasWildcard = domains.some(domain => domain.startsWith('*') || domain.endsWith('*'));
  const others = hasWildcard ? hosts.flatMap(({ configuration, virtualHost }) => (
    (configuration.virtualHosts ?? []).filter(other => other !== virtualHost).flatMap(other => other.domains))) : [];
  const ignorePort = hosts.every(({ configuration }) => configuration.ignorePortInHostMatching === true);
  const port = portOf(hosts[0]);
  const host = name.replace(/^\*\./, 'www.').replace('*', 'example.com');
  return {
    domains,
    ignorePort,
    authority: port === (isTls ? 443 : 80) ? host : `${host}:${port}`,
    others: [...new Set(others)].filter(domain => domain !== '*' && !domains.includes(domain)),
    schemes,
  };
}
