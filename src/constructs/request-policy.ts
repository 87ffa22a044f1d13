import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { ConditionedCellOptions } from './conditions';
import { conditionedCellsOf } from './conditions';
import type { IOwnedService } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { CorsPolicy } from '../traffic/cors-policy';
import { corsPolicyProblem, istioCorsPolicy } from '../traffic/cors-policy';
import { durationProblem, istioDuration } from '../traffic/duration';
import type { HeaderChanges } from '../traffic/header-operations';
import { headerChangesProblem } from '../traffic/header-operations';
import { fail, refuse } from '../traffic/problem';
import type { Retries } from '../traffic/retry';
import { attemptProblem, istioRetries, retriesProblem } from '../traffic/retry';

/**
 * Properties of a RequestPolicy.
 */
export interface RequestPolicyProps extends ConditionedCellOptions {
  /** The service that it applies to. */
  readonly service: IOwnedService;
  /**
   * The timeout of a request, including retries.
   * @default - no limit
   */
  readonly timeout?: Duration;
  /**
   * When and how often Envoy retries a failed request.
   * @default - two retries of connection failures (istiod's default)
   */
  readonly retries?: Retries;
  /**
   * Changes to the headers of requests and responses.
   * @default - none
   */
  readonly headers?: HeaderChanges;
  /**
   * The origins that may call from a browser.
   * @default - preflight requests go to the service
   */
  readonly cors?: CorsPolicy;
}

/**
 * Timeout, retries, header changes and CORS of requests. By default, it applies to every forwarded request. A policy that selects a route
 * or a dark launch wins over one that does not. Of two policies that select the same, the one with `matches` wins for the requests that
 * match.
 *
 * @see https://istio.io/latest/docs/concepts/traffic-management/#network-resilience-and-testing
 */
export class RequestPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RequestPolicyProps) {
    super(scope, id);
    props = acceptedArgument('RequestPolicy', props, this);
    const plan = ServicePlan.of(props.service, this);
    const { timeout, retries, headers, cors } = props;
    refuse(this, durationProblem('timeout', timeout), retries && (retriesProblem(retries) ?? attemptProblem(retries, timeout)),
      headers && headerChangesProblem('headers', headers), cors && corsPolicyProblem(cors));
    if (!timeout && !retries && !headers && !cors) fail(this, 'timeout, retries, headers and cors are all missing; set at least one');
    const cells = conditionedCellsOf(this, plan, props);
    if (timeout) plan.addDecoration(this, { ...cells, slot: 'timeout', value: { timeout: istioDuration(timeout) } });
    if (retries) plan.addDecoration(this, { ...cells, slot: 'retries', value: { retries: istioRetries(retries) } });
    if (headers) plan.addDecoration(this, { ...cells, slot: 'headers', value: { headers } });
    if (cors) plan.addDecoration(this, { ...cells, slot: 'corsPolicy', value: { corsPolicy: istioCorsPolicy(cors) } });
  }
}
