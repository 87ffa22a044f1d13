import type { InboundPort } from './inbound-ports';
import type { ConnectionPoolSettings, SidecarSpec, TrafficPolicy } from '../../manifest/istio-specs.generated';
import { withMeshDefaults } from '../clusters/cluster-policy';
import type { DestinationRule } from '../destination-rules';
import type { MeshConfig } from '../mesh-config';
import type { Service } from '../service';
import { policyOfPort } from '../traffic-policy';

/** A port of the pod with all that decides how the sidecar calls the application there, as plain data. */
export interface ApplicationPort extends Omit<InboundPort, 'service'> {
  readonly pool?: ConnectionPoolSettings;
  readonly retryBudget?: TrafficPolicy['retryBudget'];
  /** The `targetPort` of a ServiceEntry whose callers choose the address. */
  readonly upstreamPortOverride?: number;
}

/** The DestinationRule of a service of the pod, as the pod's own namespace sees it. */
type RuleOf = (service: Service) => DestinationRule | undefined;

/** The port with the policy of its service, and with the connection pool that the Sidecar states for it. */
export function applicationPort(
  { service, ...port }: InboundPort, sidecar: SidecarSpec, meshConfig: MeshConfig, ruleOf: RuleOf,
): ApplicationPort {
  const stated = policyOfPort(service && ruleOf(service)?.trafficPolicy, port.number);
  const { connectionPool, retryBudget } = withMeshDefaults(stated, meshConfig) ?? {};
  const ofPort = sidecar.ingress?.find(({ port: at, connectionPool: pool }) => at?.number === port.target && pool !== undefined);
  return {
    ...port,
    pool: ofPort?.connectionPool ?? sidecar.inboundConnectionPool ?? connectionPool,
    retryBudget,
    upstreamPortOverride: service?.targetPorts?.get(port.number),
  };
}
