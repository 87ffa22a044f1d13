import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import type { Json } from './proxy-config';
import type { Service } from './service';
import type { ServiceRegistry } from './service-registry';
import type { VirtualServices } from './virtual-services';

/** What is known of the whole mesh, made once for all proxies. */
export interface MeshServices {
  readonly meshConfig: MeshConfig;
  readonly clusterDomain: string;
  readonly registry: ServiceRegistry;
  readonly virtualServices: VirtualServices;
  /** The spec of the DestinationRule that holds for a service as a proxy sees it, merged. */
  readonly destinationRules: { readonly of: (proxy: Proxy, service: Service) => Json | undefined };
}
