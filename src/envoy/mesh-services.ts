import type { DestinationRule } from './destination-rules';
import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import type { Service } from './service';
import type { ServiceRegistry } from './service-registry';
import type { VirtualServices } from './virtual-services';

/** What is known of the whole mesh, made once for all proxies. */
export interface MeshServices {
  readonly meshConfig: MeshConfig;
  readonly clusterDomain: string;
  readonly registry: ServiceRegistry;
  readonly virtualServices: VirtualServices;
  /** The DestinationRule that holds for a service as a proxy sees it, merged. */
  readonly destinationRules: { readonly of: (proxy: Proxy, service: Service) => DestinationRule | undefined };
}
