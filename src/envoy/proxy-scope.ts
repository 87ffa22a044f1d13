import type { Proxy } from './proxy';
import type { Json } from './proxy-config';
import type { Service } from './service';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What one proxy sees of the mesh. */
export interface ProxyScope {
  readonly proxy: Proxy;
  /** The services that it gets clusters for, in istiod's order; ports that a Sidecar's listener leaves out are gone. */
  readonly services: readonly Service[];
  /** One of these by its host. */
  readonly service: (host: string) => Service | undefined;
  /** Where connections to unknown hosts go: through, or nowhere. */
  readonly outboundTrafficPolicy: { readonly mode: string; readonly egressProxy?: Json };
  /** The Sidecar that applies; undefined for gateways, and where there is none. */
  readonly sidecar?: KubernetesObject;
}
