import type { Duration } from 'cdk8s';
import type { ConsistentHash } from './consistent-hash';
import { durationProblem, istioDuration } from './duration';
import type { LocalityLoadBalancing, ZoneAwareLoadBalancing } from './locality';
import { localityProblem, zoneAwareProblem } from './locality';
import type { Problem } from './problem';

/**
 * How the endpoint of a request is chosen.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-SimpleLB
 */
export enum LoadBalancerAlgorithm {
  /** Of two endpoints taken at random, the one with fewer requests under way. Istio's default. */
  LEAST_REQUEST = 'LEAST_REQUEST',
  /** One after the other. */
  ROUND_ROBIN = 'ROUND_ROBIN',
  /** At random. */
  RANDOM = 'RANDOM',
  /** The address that the caller asked for, without any balancing. */
  PASSTHROUGH = 'PASSTHROUGH',
}

/**
 * A new endpoint gets its share of requests little by little.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/slow_start
 */
export interface Warmup {
  /** How long an endpoint is new. */
  readonly duration: Duration;
  /**
   * The share it starts with, in percent from 0 to 100 of its full one.
   * @default 10
   */
  readonly minimumPercent?: number;
  /**
   * How the share grows: 1 evenly, above 1 faster at the start, below 1 slower.
   * @default 1
   */
  readonly aggression?: number;
}

/** What Istio's `loadBalancer` holds. */
export interface LoadBalancerParts {
  readonly algorithm?: LoadBalancerAlgorithm;
  readonly consistentHash?: ConsistentHash;
  readonly locality?: LocalityLoadBalancing;
  readonly zoneAware?: ZoneAwareLoadBalancing;
  readonly warmup?: Warmup;
}

/** What istiod would reject or ignore of a load balancer, if anything. */
export function loadBalancerProblem(parts: LoadBalancerParts): Problem {
  const { algorithm, consistentHash, locality, zoneAware, warmup } = parts;
  if (!algorithm && !consistentHash && !locality && !zoneAware && !warmup) {
    return 'none of algorithm, consistentHash, locality, zoneAware and warmup is stated; state one of them';
  }
  if (algorithm && consistentHash) return `algorithm ${algorithm} is stated beside consistentHash, of which Istio takes one; leave one out`;
  if (locality && zoneAware) return 'locality and zoneAware are both stated, of which Istio takes one; leave one out';
  if (algorithm === LoadBalancerAlgorithm.PASSTHROUGH && (locality ?? zoneAware)) {
    return `algorithm PASSTHROUGH goes where the caller asked, so that ${locality ? 'locality' : 'zoneAware'} has no effect; leave one out`;
  }
  const slow = consistentHash ? 'consistentHash' : `algorithm ${algorithm}`;
  if (warmup && (consistentHash || algorithm === LoadBalancerAlgorithm.RANDOM || algorithm === LoadBalancerAlgorithm.PASSTHROUGH)) {
    return `warmup is stated beside ${slow}, where it has no effect; use LEAST_REQUEST or ROUND_ROBIN, or leave it out`;
  }
  return consistentHash?._problem ?? (locality && localityProblem(locality)) ?? (zoneAware && zoneAwareProblem(zoneAware))
    ?? (warmup && warmupProblem(warmup));
}

function warmupProblem({ duration, minimumPercent, aggression }: Warmup): Problem {
  if (minimumPercent !== undefined && !(minimumPercent >= 0 && minimumPercent <= 100)) {
    return `warmup.minimumPercent is ${minimumPercent}; use a percentage from 0 to 100`;
  }
  if (aggression !== undefined && !(aggression > 0 && Number.isFinite(aggression))) return `warmup.aggression is ${aggression}; use a number above 0, 1 for even growth`;
  return durationProblem('warmup.duration', duration);
}

/** A load balancer as Istio writes it. */
export function istioLoadBalancer({ algorithm, consistentHash, locality, zoneAware, warmup }: LoadBalancerParts): object {
  return {
    ...(algorithm ? { simple: algorithm } : {}),
    ...(consistentHash ? { consistentHash: consistentHash._istio } : {}),
    ...(locality ? { localityLbSetting: { ...locality } } : {}),
    ...(zoneAware ? { zoneAwareLbSetting: { ...zoneAware } } : {}),
    ...(warmup ? { warmup: { duration: istioDuration(warmup.duration), minimumPercent: warmup.minimumPercent, aggression: warmup.aggression } } : {}),
  };
}
