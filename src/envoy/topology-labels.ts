import type { Proxy } from './proxy';

/** The topology labels that istiod adds to proxies and endpoints, so that subsets and failover priorities may use them. */
export function topologyLabels(locality: string, network?: string): { readonly [key: string]: string } {
  const [region, zone, subZone] = locality.split('/');
  return {
    ...(region ? { 'topology.kubernetes.io/region': region } : {}),
    ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
    ...(subZone ? { 'topology.istio.io/subzone': subZone } : {}),
    ...(network ? { 'topology.istio.io/network': network } : {}),
  };
}

/** A proxy with its topology labels. */
export function withTopology(proxy: Proxy): Proxy {
  return proxy.locality ? { ...proxy, labels: { ...proxy.labels, ...topologyLabels(proxy.locality) } } : proxy;
}
