import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { audiencesOf, targetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { defaultName } from '../plan/collect/default-name';
import { termsOf } from '../plan/collect/match-terms';
import { ServicePlan } from '../plan/collect/service-plan';
import type { RouteStatement } from '../plan/model/statements';
import type { Share } from '../plan/model/target';
import { acceptedArgument } from '../traffic/accepted';
import { setsAuthority } from '../traffic/authority-header';
import type { CorsPolicy } from '../traffic/cors-policy';
import { corsPolicyProblem, istioCorsPolicy } from '../traffic/cors-policy';
import type { DirectResponse } from '../traffic/direct-response';
import { directResponseProblem, istioDirectResponse } from '../traffic/direct-response';
import type { HeaderChanges } from '../traffic/header-operations';
import { headerChangesProblem } from '../traffic/header-operations';
import type { HttpMatch } from '../traffic/http-match';
import { objectNameProblem, statPrefixProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import { objectionProblem } from '../traffic/objection';
import { fail, refuse } from '../traffic/problem';
import type { Redirect } from '../traffic/redirect';
import { redirectProblem } from '../traffic/redirect';
import type { Rewrite } from '../traffic/rewrite';
import { rewriteProblem } from '../traffic/rewrite';
import { weightsObjection } from '../traffic/weights';

/**
 * A target of a route and its weight.
 */
export interface WeightedTarget {
  /** A subset of the service, or another service. */
  readonly target: ITrafficTarget;
  /** The weight, an integer relative to the other targets of the route. 0 sends nothing there. */
  readonly weight: number;
  /**
   * Changes to the headers of the requests to this target, and of their responses.
   * @default - none
   */
  readonly headers?: HeaderChanges;
}

/**
 * Properties of a TrafficRoute.
 */
export interface TrafficRouteProps {
  /** The service that it applies to. */
  readonly service: IOwnedService;
  /**
   * The requests of the dark launch: a request must match one of these alternatives.
   * @default - every request, so this route replaces the default route
   */
  readonly matches?: HttpMatch[];
  /**
   * The target of the requests that are in no dark launch: a subset of the service. If it is another service, it gets all requests of the
   * route, and dark launches do not apply.
   * @default - the split of the service
   */
  readonly target?: ITrafficTarget;
  /**
   * Several targets with weights, instead of `target`. If one of them is another service, dark launches do not apply.
   * @default - the split of the service
   */
  readonly targets?: WeightedTarget[];
  /**
   * Redirect the caller. Nothing is forwarded, so targets, rewrites and policies do not apply.
   * @default - the request is forwarded
   */
  readonly redirect?: Redirect;
  /**
   * Respond without calling the service. Nothing is forwarded, so targets, rewrites and policies do not apply.
   * @default - the request is forwarded
   */
  readonly directResponse?: DirectResponse;
  /**
   * How path and authority are changed.
   * @default - they stay
   */
  readonly rewrite?: Rewrite;
  /**
   * Changes to the headers of requests and responses.
   * @default - those of a RequestPolicy, else none
   */
  readonly headers?: HeaderChanges;
  /**
   * The origins that may call from a browser.
   * @default - those of a RequestPolicy, else preflight requests go to the service
   */
  readonly cors?: CorsPolicy;
  /**
   * The order of two routes that can match the same request, if neither match is narrower. The lower number comes first.
   * @default - none, required only for such a pair
   */
  readonly priority?: number;
  /**
   * The audiences that it applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
  /**
   * The name of the route in Istio, as in access logs.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
  /**
   * The prefix of Envoy's statistics for this route, `vhost.<virtual host>.route.<statPrefix>`, if the stats matcher of the proxy includes
   * them.
   * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-route
   * @default - no statistics for this route
   */
  readonly statPrefix?: string;
}

/**
 * A match and the treatment of the requests that match it. Which version serves them is a separate question: dark launches and canaries of
 * the service apply within every route, unless it redirects, responds directly or routes to another service.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
 */
export class TrafficRoute extends Construct implements ITrafficRoute {
  public readonly routeName: string;

  /** @internal */
  public readonly _statement: RouteStatement;

  constructor(scope: Construct, id: string, props: TrafficRouteProps) {
    super(scope, id);
    props = acceptedArgument('TrafficRoute', props, this);
    const plan = ServicePlan.of(props.service, this);
    this.routeName = props.name ?? defaultName(this);
    refuse(this, objectNameProblem('name', this.routeName), props.rewrite && rewriteProblem(props.rewrite),
      props.headers && headerChangesProblem('headers', props.headers), props.cors && corsPolicyProblem(props.cors),
      props.statPrefix === undefined ? undefined : statPrefixProblem('statPrefix', props.statPrefix));
    const terms = termsOf(this, plan, props.matches);
    if (props.priority !== undefined && !Number.isInteger(props.priority)) {
      fail(this, `priority is ${props.priority}; use an integer, the lower number comes first`);
    }
    if (props.rewrite?.authority !== undefined && setsAuthority(props.headers)) {
      fail(this, 'rewrite.authority and headers.request both set the authority, and Istio accepts only one; omit one of them');
    }
    const targets = this.targetsOf(plan, props);
    const answer = this.answerOf(props, terms);
    const audiences = audiencesOf(this, props.audiences, terms);
    this._statement = plan.addRoute(this, {
      id: this.routeName,
      terms,
      rewrite: props.rewrite,
      targets,
      answer,
      outside: answer !== undefined || targets?.some(share => share.target.host !== plan.facts.host),
      priority: props.priority,
      statPrefix: props.statPrefix,
      audiences,
      stated: true,
    });
    const own = { route: this._statement, audiences, cells: 'forwarding' as const };
    if (props.headers) plan.addDecoration(this, { ...own, slot: 'headers', value: { headers: props.headers } });
    if (props.cors) plan.addDecoration(this, { ...own, slot: 'corsPolicy', value: { corsPolicy: istioCorsPolicy(props.cors) } });
  }

  private targetsOf(plan: ServicePlan, { target, targets }: TrafficRouteProps): readonly Share[] | undefined {
    if (target && targets) fail(this, 'target and targets are both set; omit one of them');
    if (target) return [{ target: targetOf(plan, target), weight: 1 }];
    if (!targets) return undefined;
    const seen = new Set<string>();
    for (const [i, { target: { host, subsetName }, weight, headers }] of targets.entries()) {
      refuse(this,
        limitProblem(`targets[${i}].weight`, weight, { min: 0 }),
        headers && headerChangesProblem(`targets[${i}].headers`, headers));
      const name = `${host} ${subsetName ?? ''}`.trim();
      if (seen.has(name)) fail(this, `targets contains '${name}' twice; use each target once`);
      seen.add(name);
    }
    if (targets.every(({ weight }) => weight === 0)) fail(this, 'targets has no weight above 0, so no request could be served; set one');
    refuse(this, objectionProblem('targets', weightsObjection(targets.map(({ weight }) => weight))));
    return targets.map(({ target: each, weight, headers }) => ({ target: targetOf(plan, each), weight, ...(headers ? { headers } : {}) }));
  }

  private answerOf({ redirect, directResponse, ...others }: TrafficRouteProps, terms: RouteStatement['terms']): RouteStatement['answer'] {
    if (redirect && directResponse) fail(this, 'redirect and directResponse are both set; omit one of them');
    const field = redirect ? 'redirect' : directResponse ? 'directResponse' : undefined;
    if (field === undefined) return undefined;
    refuse(this, redirect && redirectProblem(redirect), directResponse && directResponseProblem(directResponse));
    const without = (['target', 'targets', 'rewrite', 'headers', 'cors'] as const).filter(other => others[other] !== undefined);
    if (without.length > 0) fail(this, `${without.join(', ')} has no effect with ${field}, which forwards nothing; omit it`);
    if (redirect?.prefixRewrite !== undefined && !terms.every(term => term.uri?.prefix !== undefined)) {
      fail(this, 'redirect.prefixRewrite replaces a prefix, and a match of the route has none; '
        + 'use StringMatch.prefix() in every match, or use redirect.uri');
    }
    return redirect ? { redirect } : { directResponse: istioDirectResponse(directResponse!) };
  }
}
