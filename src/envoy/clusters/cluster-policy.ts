import { circuitBreakers, connectionFields } from './connection-pool';
import { isForwardProxy } from './forward-proxy';
import type { HttpOptions } from './http-options';
import { httpOptions } from './http-options';
import { localityBalancingOf, localityFields } from './locality-load-balancer';
import { METADATA_EXCHANGE } from './metadata-exchange';
import { outlierDetection } from './outlier-detection';
import type { ClusterContext, Target } from './target';
import type { TrafficPolicy } from '../../manifest/istio-specs.generated';
import type { MeshConfig } from '../mesh-config';
import type { Cluster } from '../xds/cluster';
import type { Percent } from '../xds/proto-values';

/** The fields of a cluster that a policy sets, except its endpoints and its transport. */
type ClusterFields = Pick<Cluster,
  'connectTimeout' | 'upstreamConnectionOptions' | 'circuitBreakers' | 'outlierDetection' | 'commonLbConfig' | 'filters'>;

/** What a policy sets for the cluster of a port, or of a subset at the port. */
export interface ClusterPolicy {
  readonly policy: TrafficPolicy | undefined;
  readonly http: HttpOptions;
  readonly fields: ClusterFields;
}

/** Switches panic mode off: ejected endpoints get no requests, however few endpoints are left. */
const NO_PANIC: Percent = Object.freeze({});
const NO_PANIC_LB = Object.freeze({ healthyPanicThreshold: NO_PANIC });

export function clusterPolicy(
  policy: TrafficPolicy | undefined, { service, port }: Target, context: ClusterContext,
): ClusterPolicy {
  const { meshConfig } = context;
  const { connectionPool, retryBudget, outlierDetection: outlier, loadBalancer } = policy ?? {};
  const localities = localityFields(localityBalancingOf(context.proxy, loadBalancer, service, meshConfig), outlier !== undefined);
  const panic = service.trafficDistribution === 'any' && outlier?.minHealthPercent ? { value: outlier.minHealthPercent } : NO_PANIC;
  const commonLbConfig = localities || panic !== NO_PANIC ? { healthyPanicThreshold: panic, ...localities } : NO_PANIC_LB;
  return {
    policy,
    http: httpOptions(port.protocol, connectionPool, context),
    fields: {
      ...connectionFields(connectionPool, meshConfig),
      circuitBreakers: circuitBreakers(connectionPool, retryBudget),
      ...(outlier ? { outlierDetection: outlierDetection(outlier) } : {}),
      ...(isForwardProxy(service) ? {} : { commonLbConfig }),
      filters: METADATA_EXCHANGE,
    },
  };
}

/** A policy with the objects of MeshConfig's `defaultTrafficPolicy` that it lacks. */
export function withMeshDefaults(policy: TrafficPolicy | undefined, { defaultTrafficPolicy }: MeshConfig): TrafficPolicy | undefined {
  if (defaultTrafficPolicy === undefined) return policy;
  const { connectionPool, outlierDetection: outlier } = defaultTrafficPolicy;
  return { ...policy, connectionPool: policy?.connectionPool ?? connectionPool, outlierDetection: policy?.outlierDetection ?? outlier };
}
