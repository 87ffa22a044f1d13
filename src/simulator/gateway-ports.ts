import { connectionManagerOf } from './listeners';
import type { Json, ProxyConfig } from '../envoy/proxy-config';

/**
 * The ports of a gateway's servers, each with the port of the listener behind it. istiod opens the port that the gateway's Service leads to; the server's own
 * stands in the names of route configurations and virtual hosts, and for bytes only in the endpoints of the gateway's own Service.
 */
export function gatewayPorts(config: ProxyConfig, namespace: string): ReadonlyMap<number, number> {
  const bound = config.listeners.filter(({ address }) => address?.socketAddress !== undefined);
  const open = bound.map(listener => [listener, listener.address.socketAddress.portValue as number] as const);
  const ports = new Map<number, number>();
  const add = (server: number, listener: number) => ports.has(server) || ports.set(server, listener);
  for (const [listener, port] of open) {
    for (const chain of [...listener.filterChains ?? [], ...(listener.defaultFilterChain ? [listener.defaultFilterChain] : [])]) {
      const name: string | undefined = connectionManagerOf(chain)?.rds?.routeConfigName;
      if (name === undefined) continue;
      const [protocol, server] = name.split('.');
      if (protocol === 'https') add(Number(server), port);
      else serverPorts(config, name).forEach(number => add(number, port));
    }
  }
  const listening = new Set(open.map(([, port]) => port));
  for (const [cluster, endpoints] of Object.entries(config.endpoints).sort(([a], [b]) => Number(isOf(b, namespace)) - Number(isOf(a, namespace)))) {
    const target = Number(endpoints[0]?.slice(endpoints[0].lastIndexOf(':') + 1));
    if (listening.has(target)) add(Number(cluster.split('|')[1]), target);
  }
  return ports;
}

function isOf(cluster: string, namespace: string): boolean {
  return cluster.split('|')[3]?.split('.')[1] === namespace;
}

/** Virtual hosts of gateways are named by host and server port. */
function serverPorts(config: ProxyConfig, name: string): number[] {
  const virtualHosts: readonly Json[] = config.routes.find(routes => routes.name === name)?.virtualHosts ?? [];
  return [...new Set(virtualHosts.map(virtualHost => Number(virtualHost.name.slice(virtualHost.name.lastIndexOf(':') + 1))))].filter(port => port > 0);
}
