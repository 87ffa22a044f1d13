import { portsOf } from './inbound-ports';
import type { Proxy } from '../proxy';
import type { ServiceRegistry } from '../service-registry';

/** Pods that take the connections to a port of a service, by their labels, and the port of the pods. */
export interface TakingProxy {
  readonly proxy: Proxy;
  readonly port: number;
}

/** The pods with some endpoints, `address:port`, once for each set of labels. */
export function podsAt(endpoints: readonly string[], registry: ServiceRegistry): TakingProxy[] {
  const found = new Map<string, TakingProxy>();
  for (const endpoint of endpoints) {
    const colon = endpoint.lastIndexOf(':');
    const workload = registry.workloadAt(endpoint.slice(0, colon));
    if (!workload) continue;
    const { namespace, labels } = workload;
    const port = Number(endpoint.slice(colon + 1));
    found.set(JSON.stringify([namespace, port, Object.entries(labels).sort()]), { proxy: { type: 'sidecar', namespace, labels }, port });
  }
  return [...found.values()];
}

/** The pods that the selector of a service names, where the input has none of them. */
export function podsOfSelector(host: string, number: number, registry: ServiceRegistry): TakingProxy[] {
  return [...registry.byNamespace(host).values()].flatMap((service): TakingProxy[] => {
    const { namespace, selector, object } = service;
    if (object.kind !== 'Service' || selector === undefined || Object.keys(selector).length === 0) return [];
    const proxy: Proxy = { type: 'sidecar', namespace, labels: selector };
    const known = portsOf(service, proxy, registry).find(port => port.number === number);
    return known ? [{ proxy, port: known.target }] : [];
  });
}
