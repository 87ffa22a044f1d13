import type { Duration } from 'cdk8s';
import type { ConsistentHash } from './consistent-hash';
import { durationProblem, istioDuration } from './duration';
import type { LocalityLoadBalancing, ZoneAwareLoadBalancing } from './locality';
import { localityProblem, zoneAwareProblem } from './locality';
import type { Problem } from './problem';

/**
 * How Envoy chooses the endpoint of a request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-SimpleLB
 */
export enum LoadBalancerAlgorithm {
  /** Of two random endpoints, the one with fewer active requests. Istio's default. */
  LEAST_REQUEST = 'LEAST_REQUEST',
  /** One after the other. */
  ROUND_ROBIN = 'ROUND_ROBIN',
  /** A random endpoint. */
  RANDOM = 'RANDOM',
  /** The address that the caller connects to, without load balancing. */
  PASSTHROUGH = 'PASSTHROUGH',
}

/**
 * Slow start: a new endpoint gets a growing share of requests.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/slow_start
 */
export interface Warmup {
  /** How long an endpoint counts as new. */
  readonly duration: Duration;
  /**
   * The share at the start, in percent of the full share, from 0 to 100.
   * @default 10
   */
  readonly minimumPercent?: number;
  /**
   * How the share grows: 1 linearly, above 1 faster at the start, below 1 slower.
   * @default 1
   */
  readonly aggression?: number;
}

/**
 * How callers distribute requests over endpoints.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
 */
export interface LoadBalancing {
  /**
   * How Envoy chooses the endpoint of a request. Cannot be combined with `consistentHash`.
   * @default - LoadBalancerAlgorithm.LEAST_REQUEST
   */
  readonly algorithm?: LoadBalancerAlgorithm;
  /**
   * The key by which Envoy chooses the endpoint of a request. Requests with the same key go to the same endpoint.
   * @default - none
   */
  readonly consistentHash?: ConsistentHash;
  /**
   * Which localities serve a caller. Failover requires outlier detection for the same requests (`CircuitBreakerPolicy`).
   * @default - the value in MeshConfig
   */
  readonly locality?: LocalityLoadBalancing;
  /**
   * Envoy's zone-aware routing, as an alternative to `locality`.
   * @default - the value in MeshConfig
   */
  readonly zoneAware?: ZoneAwareLoadBalancing;
  /**
   * Slow start of new endpoints. Only with LEAST_REQUEST and ROUND_ROBIN.
   * @default - no slow start
   */
  readonly warmup?: Warmup;
}

/** The problem of a load balancer: what istiod would reject or ignore. */
export function loadBalancerProblem(parts: LoadBalancing): Problem {
  const { algorithm, consistentHash, locality, zoneAware, warmup } = parts;
  if (!algorithm && !consistentHash && !locality && !zoneAware && !warmup) {
    return 'algorithm, consistentHash, locality, zoneAware and warmup are all missing; set at least one';
  }
  if (algorithm && consistentHash) {
    return `algorithm ${algorithm} is set together with consistentHash, and Istio accepts only one; omit one of them`;
  }
  if (locality && zoneAware) return 'locality and zoneAware are both set, and Istio accepts only one; omit one of them';
  if (algorithm === LoadBalancerAlgorithm.PASSTHROUGH && (locality ?? zoneAware)) {
    return `algorithm PASSTHROUGH connects to the address that the caller chose, so ${locality ? 'locality' : 'zoneAware'} has no effect; omit one of them`;
  }
  const slow = consistentHash ? 'consistentHash' : `algorithm ${algorithm}`;
  if (warmup && (consistentHash || algorithm === LoadBalancerAlgorithm.RANDOM || algorithm === LoadBalancerAlgorithm.PASSTHROUGH)) {
    return `warmup has no effect with ${slow}; use LEAST_REQUEST or ROUND_ROBIN, or omit warmup`;
  }
  return consistentHash?._problem ?? (locality && localityProblem(locality)) ?? (zoneAware && zoneAwareProblem(zoneAware))
    ?? (warmup && warmupProblem(warmup));
}

function warmupProblem({ duration, minimumPercent, aggression }: Warmup): Problem {
  if (minimumPercent !== undefined && !(minimumPercent >= 0 && minimumPercent <= 100)) {
    return `warmup.minimumPercent is ${minimumPercent}; use a percentage from 0 to 100`;
  }
  if (aggression !== undefined && !(aggression > 0 && Number.isFinite(aggression))) {
    return `warmup.aggression is ${aggression}; use a number above 0, such as 1 for linear growth`;
  }
  return durationProblem('warmup.duration', duration);
}

/** A load balancer in Istio's form. */
export function istioLoadBalancer({ algorithm, consistentHash, locality, zoneAware, warmup }: LoadBalancing): object {
  return {
    ...(algorithm ? { simple: algorithm } : {}),
    ...(consistentHash ? { consistentHash: consistentHash._istio } : {}),
    ...(locality ? { localityLbSetting: { ...locality } } : {}),
    ...(zoneAware ? { zoneAwareLbSetting: { ...zoneAware } } : {}),
    ...(warmup
      ? { warmup: { duration: istioDuration(warmup.duration), minimumPercent: warmup.minimumPercent, aggression: warmup.aggression } }
      : {}),
  };
}
