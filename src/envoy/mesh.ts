import { AuthorizationPolicies } from './access/authorization-policies';
import { RequestAuthentications } from './access/request-authentications';
import { DestinationRules } from './destination-rules';
import type { MeshServices } from './mesh-services';
import type { Note } from './note';
import { PeerAuthentications } from './peer-authentications';
import { ServiceRegistry } from './service-registry';
import type { VirtualServiceOptions } from './virtual-service';
import { VirtualServices } from './virtual-services';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/** The indexes of a mesh, of which the routes and the clusters of any proxy are made. */
export interface Mesh extends MeshServices {
  readonly peerAuthentications: PeerAuthentications;
  readonly requestAuthentications: RequestAuthentications;
  readonly authorizationPolicies: AuthorizationPolicies;
}

/** The mesh of some manifests, each with its namespace. */
export function meshOf(
  manifests: readonly Manifest[],
  { meshConfig, clusterDomain, origins }: Pick<Mesh, 'meshConfig' | 'clusterDomain'> & Pick<VirtualServiceOptions, 'origins'>,
  notes: Note[],
): Mesh {
  return {
    meshConfig,
    clusterDomain,
    registry: new ServiceRegistry(manifests, meshConfig, clusterDomain),
    virtualServices: new VirtualServices(manifestsOf(manifests, 'VirtualService'), { meshConfig, clusterDomain, origins }, notes),
    destinationRules: new DestinationRules(manifestsOf(manifests, 'DestinationRule'), meshConfig, clusterDomain),
    peerAuthentications: new PeerAuthentications(manifestsOf(manifests, 'PeerAuthentication'), meshConfig),
    requestAuthentications: new RequestAuthentications(manifestsOf(manifests, 'RequestAuthentication'), meshConfig.rootNamespace),
    authorizationPolicies: new AuthorizationPolicies(manifestsOf(manifests, 'AuthorizationPolicy'), meshConfig.rootNamespace),
  };
}
