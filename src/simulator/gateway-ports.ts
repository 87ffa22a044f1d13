import { parseClusterName } from '../envoy/cluster-name';
import { connectionManagerOf, filterChainsOf } from '../envoy/filter-chains';
import type { ProxyConfig } from '../envoy/proxy-config';

/**
 * The ports of a gateway's servers, each with the port of its listener. istiod opens the target port of the gateway's Service. The port of
 * the server is only in the names of route configurations and virtual hosts; for TCP, it is only in the endpoints of the gateway's Service.
 */
export function gatewayPorts(config: ProxyConfig, namespace: string): ReadonlyMap<number, number> {
  const open = config.listeners.flatMap(listener => {
    const port = listener.address?.socketAddress?.portValue;
    return port === undefined ? [] : [[listener, port] as const];
  });
  const ports = new Map<number, number>();
  const add = (server: number, listener: number) => ports.has(server) || ports.set(server, listener);
  for (const [listener, port] of open) {
    for (const chain of filterChainsOf(listener)) {
      const name = connectionManagerOf(chain)?.rds?.routeConfigName;
      if (name === undefined) continue;
      const [protocol, server] = name.split('.');
      if (protocol === 'https') add(Number(server), port);
      else serverPorts(config, name).forEach(number => add(number, port));
    }
  }
  const listening = new Set(open.map(([, port]) => port));
  for (const [cluster, endpoints] of Object.entries(config.endpoints).sort(
    ([a], [b]) => Number(isOf(b, namespace)) - Number(isOf(a, namespace)),
  )) {
    const target = Number(endpoints[0]?.slice(endpoints[0].lastIndexOf(':') + 1));
    const served = parseClusterName(cluster);
    if (served && listening.has(target)) add(served.port, target);
  }
  return ports;
}

function isOf(cluster: string, namespace: string): boolean {
  return parseClusterName(cluster)?.host.split('.')[1] === namespace;
}

/** The names of a gateway's virtual hosts consist of host and server port. */
function serverPorts(config: ProxyConfig, name: string): number[] {
  const virtualHosts = config.routes.find(routes => routes.name === name)?.virtualHosts ?? [];
  return [...new Set(virtualHosts.map(virtualHost => Number(virtualHost.name.slice(virtualHost.name.lastIndexOf(':') + 1))))].filter(
    port => port > 0,
  );
}
