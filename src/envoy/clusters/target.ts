import type { ClusterNotes } from './cluster-notes';
import type { DestinationRule } from '../destination-rules';
import type { MeshConfig, MeshProxyConfig } from '../mesh-config';
import type { PeerAuthentications } from '../peer-authentications';
import type { Proxy } from '../proxy';
import type { Service, ServicePort } from '../service';
import type { ServiceRegistry } from '../service-registry';

/** What the clusters of one proxy are made of. */
export interface ClusterContext {
  readonly proxy: Proxy;
  readonly meshConfig: MeshConfig;
  /** The settings of the proxy itself. */
  readonly proxyConfig: MeshProxyConfig;
  readonly registry: ServiceRegistry;
  readonly peerAuthentications: PeerAuthentications;
  readonly notes: ClusterNotes;
}

/** One port of a service, with the DestinationRule that applies to it. */
export interface Target {
  readonly service: Service;
  readonly port: ServicePort;
  readonly rule: DestinationRule | undefined;
  /** The subject alternative names that the service's certificate may have. */
  readonly subjectAltNames: readonly string[];
}
