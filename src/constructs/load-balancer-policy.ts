import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { LoadBalancing } from '../traffic/load-balancer';
import { istioLoadBalancer, loadBalancerProblem } from '../traffic/load-balancer';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of a LoadBalancerPolicy.
 */
export interface LoadBalancerPolicyProps extends LoadBalancing, PolicyOptions {}

/**
 * How callers distribute requests over the endpoints of a service, a port or a subset. Each calling proxy balances its own requests. The
 * narrower level replaces the policy of the wider one as a whole. Two on one level throw.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancing
 */
export class LoadBalancerPolicy extends Construct {
  constructor(scope: Construct, id: string, props: LoadBalancerPolicyProps) {
    super(scope, id);
    props = acceptedArgument('LoadBalancerPolicy', props, this);
    const plan = ServicePlan.of(props.service, this);
    const ranked = props.locality?.failoverPriority ?? props.zoneAware?.failoverPriority;
    refuse(this, plan.facts.unbalanced, loadBalancerProblem(props), ranked && plan.facts.unranked);
    const level = levelOf(this, plan, props);
    const { consistentHash } = props;
    if (consistentHash && consistentHash.kind !== 'sourceIp' && !plan.portsOf(level).some(port => port.isHttp)) {
      fail(this, `consistentHash by ${consistentHash.kind} needs requests, `
        + `and ${level.port === undefined ? 'no port of the service is' : `port ${level.port} is not`} HTTP; `
        + 'use ConsistentHash.sourceIp()');
    }
    plan.addPolicy(this, level, { loadBalancer: istioLoadBalancer(props) });
  }
}
