import * as yaml from 'js-yaml';
import { proxyClusters } from '../../src/envoy/clusters/proxy-clusters';
import { DestinationRules } from '../../src/envoy/destination-rules';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { meshConfigOf } from '../../src/envoy/mesh-config';
import { PeerAuthentications } from '../../src/envoy/peer-authentications';
import type { Proxy } from '../../src/envoy/proxy';
import type { ProxyConfig } from '../../src/envoy/proxy-config';
import { gatewayScope, sidecarScope } from '../../src/envoy/proxy-scope';
import { ServiceRegistry } from '../../src/envoy/service-registry';
import { Sidecars } from '../../src/envoy/sidecars';
import { VirtualServices } from '../../src/envoy/virtual-services';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** The clusters and endpoints of a proxy, by manifests in YAML. */
export function clustersOf(manifests: string, proxy: Proxy, meshConfigYaml = ''): Pick<ProxyConfig, 'clusters' | 'endpoints'> {
  const objects = yaml.loadAll(manifests) as KubernetesObject[];
  const meshConfig = meshConfigOf((yaml.load(meshConfigYaml) ?? {}) as MeshConfigFields);
  const ofKind = (kind: string) => objects.filter(object => object.kind === kind);
  const clusterDomain = 'cluster.local';
  const mesh = {
    meshConfig,
    clusterDomain,
    registry: new ServiceRegistry(objects, meshConfig, clusterDomain),
    destinationRules: new DestinationRules(objects, meshConfig, clusterDomain),
    peerAuthentications: new PeerAuthentications(objects, meshConfig),
    virtualServices: new VirtualServices(ofKind('VirtualService'), { meshConfig, clusterDomain }, []),
  };
  const sidecars = new Sidecars(ofKind('Sidecar'), meshConfig.rootNamespace);
  const scope = proxy.type === 'gateway' ? gatewayScope(proxy, mesh) : sidecarScope(proxy, sidecars.of(proxy), mesh);
  return proxyClusters(proxy, scope.services, mesh);
}
