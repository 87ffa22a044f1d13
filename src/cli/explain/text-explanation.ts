import { defaultLines } from './default-lines';
import { describeOrigin } from './route-origin';
import { RoutePositions } from './route-position';
import { AUTOMATIC_TLS, clusterSettings } from '../../diff/cluster-settings';
import { describeDestination, destinationOf } from '../../diff/destination';
import type { EffectiveRoute } from '../../diff/effective-route';
import { readRoutes } from '../../diff/effective-route';
import { USUAL_BALANCING } from '../../diff/load-balancing-words';
import { describeMatch } from '../../diff/match-text';
import type { Host } from '../../diff/proxy-traffic';
import { ProxyTraffic } from '../../diff/proxy-traffic';
import type { ProxyConfig } from '../../envoy/proxy-config';
import type { Route, VirtualHost } from '../../envoy/xds/route';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Line } from '../line';
import { line, separated, styled } from '../line';
import { table } from '../table';

/** The table of `istioctl proxy-config routes`, and then what each route does and why. */
export function textExplanation(config: ProxyConfig, everything: boolean, objects: readonly KubernetesObject[]): Line[] {
  const traffic = new ProxyTraffic(config);
  const hosts = config.routes.flatMap(configuration => (
    (configuration.virtualHosts ?? []).map(virtualHost => ({ configuration, virtualHost }))));
  const told = hosts.filter(({ virtualHost }) => everything || (virtualHost.routes ?? []).some(route => config.origins.has(route)));
  const blocks = [
    ...(hosts.length > 0 ? [routeTable(hosts, config)] : []),
    ...told.map(host => hostBlock(host, config, traffic)),
    ...(traffic.connections.size > 0 ? [connectionTable(traffic)] : []),
    ...clusterBlock(config),
    ...[defaultLines(config, objects)].filter(lines => lines.length > 0),
  ];
  return separated(blocks);
}

type NamedHost = Pick<Host, 'configuration' | 'virtualHost'>;

function routeTable(hosts: readonly NamedHost[], { origins }: ProxyConfig): Line[] {
  const rows = hosts.flatMap(({ configuration, virtualHost }) => (virtualHost.routes ?? []).map(route => {
    const object = origins.get(route)?.object;
    return [
      configuration.name,
      virtualHost.name,
      domainsText(virtualHost),
      matchText(route),
      object ? `${object.metadata.name}.${object.metadata.namespace ?? ''}` : '',
    ];
  }));
  return table([['NAME', 'VHOST NAME', 'DOMAINS', 'MATCH', 'VIRTUAL SERVICE'], ...rows]);
}

function domainsText({ domains }: VirtualHost): string {
  // Shortest first, as istioctl shows them; addresses last.
  const names = [...domains].sort((a, b) => Number(isAddress(a)) - Number(isAddress(b)) || a.length - b.length);
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} + ${names.length - 2} more...` : names.join(', ');
}

function isAddress(domain: string): boolean {
  return /^[\d.]+$/.test(domain) || domain.startsWith('[');
}

function matchText({ match: { prefix, path, safeRegex } }: Route): string {
  return path ?? (safeRegex ? `regex ${safeRegex.regex}` : `${prefix ?? '/'}*`);
}

function hostBlock(host: NamedHost, config: ProxyConfig, traffic: ProxyTraffic): Line[] {
  const { name, routes = [], requireTls } = host.virtualHost;
  const positions = new RoutePositions(host.virtualHost, traffic.seesClaims(host));
  const read = readRoutes(routes, cluster => traffic.hasCluster(cluster));
  return [
    [styled(name, 'bold')],
    ...(requireTls === 'ALL' ? ['  plain HTTP is redirected to HTTPS (301)'] : []),
    ...read.flatMap((route, i) => routeLines(route, i, describeOrigin(config.origins.get(routes[i])), positions.describe(i))),
  ];
}

function routeLines(route: EffectiveRoute, place: number, origin: string, position: string): Line[] {
  const { 'goes to': goesTo, answer, ...others } = route.treatment.aspects;
  const stated = Object.entries(others).filter(([, text]) => text !== undefined && text !== 'none');
  const details: [string, string][] = [
    ...(answer === undefined ? [] : [['answer', answer] as [string, string]]),
    ...(goesTo === undefined ? [] : [['goes to', goesTo] as [string, string]]),
    ...stated as [string, string][],
    ['from', origin],
    ['position', position],
  ];
  return [
    line`  ${place + 1}. ${route.name === '' ? '' : line`${styled(route.name, 'cyan')}: `}${describeMatch(route.match)}`,
    ...details.map(([label, text]) => line`     ${styled(label, 'dim')}: ${text}`),
  ];
}

function connectionTable({ connections }: ProxyTraffic): Line[] {
  const rows = [...connections.values()].map(({ host, port, goesTo, treatment }) => (
    [String(port), host, treatment === '' ? goesTo : `${goesTo}, ${treatment}`]));
  return table([['PORT', 'CONNECTIONS TO', 'GO TO'], ...rows]);
}

const POLICIES = ['limits', 'outlier detection', 'load balancing', 'TLS'] as const;
/** The settings of a cluster that no DestinationRule sets. */
const USUAL: { readonly [aspect: string]: ReadonlySet<string | undefined> } = {
  'load balancing': USUAL_BALANCING,
  'TLS': new Set([AUTOMATIC_TLS]),
};

function clusterBlock({ clusters }: ProxyConfig): Line[][] {
  const lines = clusters.flatMap(cluster => {
    const settings = clusterSettings(cluster);
    const stated = POLICIES.filter(aspect => settings[aspect] !== undefined && !USUAL[aspect]?.has(settings[aspect]));
    if (stated.length === 0) return [];
    return [
      `  ${describeDestination(destinationOf(cluster.name))}`,
      ...stated.map(aspect => line`     ${styled(aspect, 'dim')}: ${settings[aspect]!}`),
    ];
  });
  if (lines.length === 0) return [];
  return [[[styled('Policies, per calling proxy and per cluster (subset and port)', 'bold')], ...lines]];
}
