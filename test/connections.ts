import type { Chart } from 'cdk8s';
import { find } from './manifests';
import type { Audience, Listener, ServicePort } from 'cdk8s-istio';
import { CanaryRelease, IngressGateway, MeshService, PublicHost } from 'cdk8s-istio';

export const HOST = 'catalog.shop.svc.cluster.local';
export const NAMES = [HOST, 'catalog', 'catalog.shop', 'catalog.shop.svc'];

/** The service of tests about connections, with the versions v1, v2 and v3. */
export function catalogOf(chart: Chart, ...ports: ServicePort[]): MeshService {
  const made = new MeshService(chart, 'Catalog', { name: 'catalog', ports });
  for (const version of ['v1', 'v2', 'v3']) made.addSubset(version, { labels: { version } });
  return made;
}

/** A public host on its own gateway. */
export function hostOn(chart: Chart, listeners: Listener[], host = 'shop.example.com'): PublicHost {
  return new PublicHost(chart, 'Host', {
    gateway: new IngressGateway(chart, 'HostGateway', { listeners, selector: { istio: 'host' } }),
    host,
  });
}

export function canaryOf(catalog: MeshService, audiences?: Audience[]): CanaryRelease {
  return new CanaryRelease(catalog.node.scope!, 'Canary', {
    service: catalog,
    stable: catalog.subset('v1'),
    canary: catalog.subset('v2'),
    canaryPercent: 10,
    audiences,
  });
}

/** The spec of a VirtualService. */
export function routed(chart: Chart, name = 'catalog') {
  return find(chart, 'VirtualService', name).spec;
}
