import { parseClusterName } from '../../envoy/cluster-name';
import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { ProxyConfig } from '../../envoy/proxy-config';
import type { RouteConfiguration } from '../../envoy/xds/route';

/**
 * A waypoint's configuration without the clusters of its tunnels, and with the routes of its filter chains as route configurations, which
 * are named after the services that they are for.
 */
export function withNamedRoutes(config: ProxyConfig): ProxyConfig {
  const routes = config.listeners.flatMap(filterChainsOf).flatMap((chain): RouteConfiguration[] => {
    const { host, port } = parseClusterName(chain.name ?? '') ?? {};
    const { routeConfig } = connectionManagerOf(chain) ?? {};
    if (host === undefined || !routeConfig) return [];
    const virtualHosts = (routeConfig.virtualHosts ?? []).map(each => ({ ...each, name: `${host}:${port}`, domains: [host] }));
    return [{ ...routeConfig, virtualHosts }];
  });
  const clusters = config.clusters.filter(({ name }) => parseClusterName(name) !== undefined);
  return { ...config, routes, clusters };
}
