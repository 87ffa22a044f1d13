import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import type { ConsistentHash } from '../traffic/consistent-hash';
import type { LoadBalancerAlgorithm, Warmup } from '../traffic/load-balancer';
import { istioLoadBalancer, loadBalancerProblem } from '../traffic/load-balancer';
import type { LocalityLoadBalancing, ZoneAwareLoadBalancing } from '../traffic/locality';
import { fail, refuse } from '../traffic/problem';

/**
 * How endpoints are chosen.
 */
export interface LoadBalancerPolicyProps extends PolicyOptions {
  /**
   * How the endpoint of a request is chosen. Not beside `consistentHash`.
   * @default - LoadBalancerAlgorithm.LEAST_REQUEST
   */
  readonly algorithm?: LoadBalancerAlgorithm;
  /**
   * What the endpoint of a request is chosen by, so that equal requests reach the same one.
   * @default - nothing
   */
  readonly consistentHash?: ConsistentHash;
  /**
   * Which localities serve a caller. A failover needs outlier detection for the same requests (`CircuitBreakerPolicy`).
   * @default - what the mesh config says
   */
  readonly locality?: LocalityLoadBalancing;
  /**
   * Envoy's zone-aware routing, in place of `locality`.
   * @default - what the mesh config says
   */
  readonly zoneAware?: ZoneAwareLoadBalancing;
  /**
   * How new endpoints get their share. With LEAST_REQUEST and ROUND_ROBIN only.
   * @default - at once
   */
  readonly warmup?: Warmup;
}

/**
 * How callers share out their requests over the endpoints of a service, a port or a subset. It is one whole: a narrower policy replaces the wider, and
 * two on one level are an error. Each calling proxy balances by itself.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancing
 */
export class LoadBalancerPolicy extends Construct {
  constructor(scope: Construct, id: string, props: LoadBalancerPolicyProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const ranked = props.locality?.failoverPriority ?? props.zoneAware?.failoverPriority;
    refuse(this, plan.facts.unbalanced, loadBalancerProblem(props), ranked && plan.facts.unranked);
    const level = levelOf(this, plan, props);
    const { consistentHash } = props;
    if (consistentHash && consistentHash.kind !== 'sourceIp' && !plan.portsOf(level).some(port => port.isHttp)) {
      fail(this, `consistentHash by ${consistentHash.kind} needs requests, and ${level.port === undefined ? 'no port of the service speaks' : `port ${level.port} does not speak`} HTTP; `
        + 'use ConsistentHash.sourceIp()');
    }
    plan.addPolicy(this, level, { loadBalancer: istioLoadBalancer(props) });
  }
}
