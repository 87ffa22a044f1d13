import type { TrafficPolicy } from '../manifest/istio-specs.generated';

/** The policy of a port: its item in `portLevelSettings` replaces the whole policy. */
export function policyOfPort(policy: TrafficPolicy | undefined, port: number): TrafficPolicy | undefined {
  return portEntry(policy, port) ?? policy;
}

/** The policy of a subset at a port: each object of the subset's replaces the port's. An item of its `portLevelSettings` replaces four. */
export function policyOfSubset(
  ofPort: TrafficPolicy | undefined, subset: TrafficPolicy | undefined, port: number,
): TrafficPolicy | undefined {
  if (subset === undefined) return ofPort;
  const entry = portEntry(subset, port);
  if (ofPort === undefined) return entry ?? subset;
  const { connectionPool, outlierDetection, loadBalancer, tls } = entry ?? subset;
  return {
    connectionPool: entry ? connectionPool : connectionPool ?? ofPort.connectionPool,
    outlierDetection: entry ? outlierDetection : outlierDetection ?? ofPort.outlierDetection,
    loadBalancer: entry ? loadBalancer : loadBalancer ?? ofPort.loadBalancer,
    tls: entry ? tls : tls ?? ofPort.tls,
    tunnel: entry ? ofPort.tunnel : subset.tunnel ?? ofPort.tunnel,
    proxyProtocol: entry ? ofPort.proxyProtocol : subset.proxyProtocol ?? ofPort.proxyProtocol,
    retryBudget: entry ? ofPort.retryBudget : subset.retryBudget ?? ofPort.retryBudget,
  };
}

function portEntry(policy: TrafficPolicy | undefined, port: number): TrafficPolicy | undefined {
  const found = policy?.portLevelSettings?.find(entry => entry.port?.number === port);
  if (!found) return undefined;
  const { connectionPool, outlierDetection, loadBalancer, tls } = found;
  return { connectionPool, outlierDetection, loadBalancer, tls };
}
