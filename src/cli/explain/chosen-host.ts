import { sharesOf } from '../../diff/shares';
import type { ProxyConfig } from '../../envoy/proxy-config';
import type { RouteConfiguration, VirtualHost } from '../../envoy/xds/route';
import { nearest } from '../../traffic/nearest';
import { shown } from '../shown';
import { UsageError } from '../usage-error';

/** The part of a configuration that is about one host, which is given as a caller would write it, or by the first label of its name. */
export function configOfHost(config: ProxyConfig, host: string): ProxyConfig {
  const all = config.routes.flatMap(({ virtualHosts = [] }) => virtualHosts);
  const exactly = all.filter(({ name, domains }) => [name, ...domains].some(known => withoutPort(known) === host));
  const chosen = new Set(exactly.length > 0 ? exactly : all.filter(({ name }) => name.startsWith(`${host}.`)));
  const connections = connectionsTo(config, host);
  if (chosen.size === 0 && connections.length === 0) throw new UsageError(unknownHost(host, all));
  const routes = config.routes.map((r): RouteConfiguration => ({ ...r, virtualHosts: r.virtualHosts?.filter(v => chosen.has(v)) }))
    .filter(r => (r.virtualHosts ?? []).length > 0);
  const reached = new Set([...[...chosen].flatMap(clustersOf), ...connections]);
  const isOfHost = (name: string) => [...chosen].some(v => name.split('|')[3] === withoutPort(v.name));
  const clusters = config.clusters.filter(({ name }) => reached.has(name) || isOfHost(name));
  const kept = new Set(clusters.map(({ name }) => name));
  return {
    ...config,
    routes,
    clusters,
    listeners: config.listeners.filter(({ name, address }) => !name.startsWith('virtual')
      && routes.some(r => portOf(r.name) === address?.socketAddress?.portValue)),
    endpoints: Object.fromEntries(Object.entries(config.endpoints).filter(([name]) => kept.has(name))),
  };
}

function withoutPort(name: string): string {
  return name.replace(/:\d+$/, '');
}

function portOf(configuration: string): number {
  return Number(/(\d+)/.exec(configuration.includes(':') ? configuration.slice(configuration.lastIndexOf(':')) : configuration)?.[1]);
}

/** The clusters of a host whose connections Envoy does not read as HTTP. */
function connectionsTo({ clusters }: ProxyConfig, host: string): string[] {
  return clusters.map(({ name }) => name).filter(name => {
    const [, , , of] = name.split('|');
    return of !== undefined && (of === host || of.startsWith(`${host}.`));
  });
}

function clustersOf({ routes = [] }: VirtualHost): string[] {
  return routes.flatMap(({ route }) => {
    const mirrors: readonly { readonly cluster: string }[] = route?.requestMirrorPolicies ?? [];
    return route ? [...sharesOf(route), ...mirrors].map(({ cluster }) => cluster) : [];
  });
}

function unknownHost(host: string, all: readonly VirtualHost[]): string {
  const named = all.filter(({ domains }) => domains.some(domain => domain !== '*'));
  const close = nearest(host, named.flatMap(({ domains }) => domains.map(withoutPort)));
  if (close !== undefined) return `the proxy knows no host '${host}'; did you mean ${close}?`;
  const names = [...new Set(named.map(({ name }) => withoutPort(name)))];
  return `the proxy knows no host '${host}'; ${names.length === 0 ? 'it knows none' : `it knows ${shown(names).join(', ')}`}`;
}
