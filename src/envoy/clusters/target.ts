import type { ClusterNotes } from './cluster-notes';
import type { DestinationRule } from '../destination-rules';
import type { MeshConfig } from '../mesh-config';
import type { PeerAuthentications } from '../peer-authentications';
import type { Proxy } from '../proxy';
import type { Service, ServicePort } from '../service';
import type { ServiceRegistry } from '../service-registry';

/** What the clusters of a proxy are made with. */
export interface ClusterContext {
  readonly proxy: Proxy;
  readonly meshConfig: MeshConfig;
  readonly registry: ServiceRegistry;
  readonly peerAuthentications: PeerAuthentications;
  readonly notes: ClusterNotes;
}

/** One port of a service, with the rule that holds for it. */
export interface Target {
  readonly service: Service;
  readonly port: ServicePort;
  readonly rule: DestinationRule | undefined;
  /** The names that a certificate of the service may have. */
  readonly subjectAltNames: readonly string[];
}
