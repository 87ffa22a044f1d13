import type { Proxy } from './proxy';

/** Labels that say where something runs. istiod adds them to those of proxies and endpoints, so that subsets and priorities may be about them. */
export function topologyLabels(locality: string, network?: string): { readonly [key: string]: string } {
  const [region, zone, subZone] = locality.split('/');
  return {
    ...(region ? { 'topology.kubernetes.io/region': region } : {}),
    ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
    ...(subZone ? { 'topology.istio.io/subzone': subZone } : {}),
    ...(network ? { 'topology.istio.io/network': network } : {}),
  };
}

/** A proxy with these labels. */
export function withTopology(proxy: Proxy): Proxy {
  return proxy.locality ? { ...proxy, labels: { ...proxy.labels, ...topologyLabels(proxy.locality) } } : proxy;
}
