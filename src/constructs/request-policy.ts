import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { ConditionedCellOptions } from './conditions';
import { conditionedCellsOf } from './conditions';
import type { ITrafficService } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import type { CorsPolicy } from '../traffic/cors-policy';
import { corsPolicyProblem, istioCorsPolicy } from '../traffic/cors-policy';
import { durationProblem, istioDuration } from '../traffic/duration';
import type { HeaderChanges } from '../traffic/header-operations';
import { headerChangesProblem } from '../traffic/header-operations';
import { fail, refuse } from '../traffic/problem';
import type { Retries } from '../traffic/retry';
import { istioRetries, retriesProblem } from '../traffic/retry';

/**
 * How requests are treated on the way.
 */
export interface RequestPolicyProps extends ConditionedCellOptions {
  /** The service whose requests it is about. */
  readonly service: ITrafficService;
  /**
   * How long a request may take, retries included.
   * @default - without limit
   */
  readonly timeout?: Duration;
  /**
   * When and how often a failed request is sent again.
   * @default - two retries of failures to connect (istiod's own default)
   */
  readonly retries?: Retries;
  /**
   * Changes of the headers of requests and responses.
   * @default - none
   */
  readonly headers?: HeaderChanges;
  /**
   * Which other sites' pages may call.
   * @default - what the service itself answers
   */
  readonly cors?: CorsPolicy;
}

/**
 * Timeout, retries, header changes and CORS of requests. By default of every request that is sent on; a policy that names a route or a dark launch wins over
 * one that names none, and of two that name the same the one with `matches` wins for the requests that meet them.
 *
 * @see https://istio.io/latest/docs/concepts/traffic-management/#network-resilience-and-testing
 */
export class RequestPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RequestPolicyProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const { timeout, retries, headers, cors } = props;
    refuse(this, durationProblem('timeout', timeout), retries && retriesProblem(retries), headers && headerChangesProblem('headers', headers), cors && corsPolicyProblem(cors));
    if (!timeout && !retries && !headers && !cors) fail(this, 'neither timeout, retries, headers nor cors is stated; state one of them');
    const cells = conditionedCellsOf(this, plan, props);
    if (timeout) plan.addDecoration(this, { ...cells, slot: 'timeout', value: { timeout: istioDuration(timeout) } });
    if (retries) plan.addDecoration(this, { ...cells, slot: 'retries', value: { retries: istioRetries(retries) } });
    if (headers) plan.addDecoration(this, { ...cells, slot: 'headers', value: { headers } });
    if (cors) plan.addDecoration(this, { ...cells, slot: 'corsPolicy', value: { corsPolicy: istioCorsPolicy(cors) } });
  }
}
