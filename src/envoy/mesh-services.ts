import type { DestinationRule } from './destination-rules';
import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import type { Service } from './service';
import type { ServiceRegistry } from './service-registry';
import type { VirtualServices } from './virtual-services';

/** The indexes of the mesh, made once for all proxies. */
export interface MeshServices {
  readonly meshConfig: MeshConfig;
  readonly clusterDomain: string;
  readonly registry: ServiceRegistry;
  readonly virtualServices: VirtualServices;
  /** The merged DestinationRule that applies to a proxy's calls to a service. */
  readonly destinationRules: { readonly of: (proxy: Proxy, service: Service) => DestinationRule | undefined };
}
