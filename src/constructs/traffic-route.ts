import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { audiencesOf, targetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { termsOf } from '../plan/collect/match-terms';
import { ServicePlan } from '../plan/collect/service-plan';
import type { RouteStatement } from '../plan/model/statements';
import type { Share } from '../plan/model/target';
import type { CorsPolicy } from '../traffic/cors-policy';
import { corsPolicyProblem, istioCorsPolicy } from '../traffic/cors-policy';
import type { DirectResponse } from '../traffic/direct-response';
import { directResponseProblem, istioDirectResponse } from '../traffic/direct-response';
import type { HeaderChanges } from '../traffic/header-operations';
import { headerChangesProblem, setsAuthority } from '../traffic/header-operations';
import type { HttpMatch } from '../traffic/http-match';
import { kebab, objectNameProblem, statPrefixProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';
import type { Redirect } from '../traffic/redirect';
import { redirectProblem } from '../traffic/redirect';
import type { Rewrite } from '../traffic/rewrite';
import { rewriteProblem } from '../traffic/rewrite';

/**
 * A target and its share of a route's requests.
 */
export interface WeightedTarget {
  /** A subset of the service, or another service. */
  readonly target: ITrafficTarget;
  /** Its share, relative to the other targets of the route. 0 sends nothing there. */
  readonly weight: number;
  /**
   * Changes of the headers of the requests that go there.
   * @default - none
   */
  readonly headers?: HeaderChanges;
}

/**
 * A part of a service and its treatment.
 */
export interface TrafficRouteProps {
  /** The service whose requests it is about. */
  readonly service: ITrafficService;
  /**
   * Which requests: alternatives, of which one has to hold.
   * @default - every request, so that it replaces the default route
   */
  readonly matches?: HttpMatch[];
  /**
   * What serves them where no dark launch says otherwise: a subset of the service. Another service serves all of them; dark launches do not
   * apply there.
   * @default - the split of the service
   */
  readonly target?: ITrafficTarget;
  /**
   * Several targets with shares, in place of `target`. If one is another service, dark launches do not apply.
   * @default - the split of the service
   */
  readonly targets?: WeightedTarget[];
  /**
   * Send the caller elsewhere. Nothing is sent on, so that no target, rewrite or policy applies.
   * @default - the request is sent on
   */
  readonly redirect?: Redirect;
  /**
   * Answer in place of the service. Nothing is sent on, so that no target, rewrite or policy applies.
   * @default - the request is sent on
   */
  readonly directResponse?: DirectResponse;
  /**
   * How the request is changed.
   * @default - not at all
   */
  readonly rewrite?: Rewrite;
  /**
   * Changes of the headers of requests and responses.
   * @default - those of a RequestPolicy
   */
  readonly headers?: HeaderChanges;
  /**
   * Which other sites' pages may call.
   * @default - that of a RequestPolicy
   */
  readonly cors?: CorsPolicy;
  /**
   * Decides between two routes that can both match one request where neither is the narrower: the lower is tried first.
   * @default - none; needed only for such a pair
   */
  readonly priority?: number;
  /**
   * Whose requests it is about.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
  /**
   * Istio's name of the route, as access logs show it.
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
  /**
   * Envoy counts the requests of the route under `vhost.<virtual host>.route.<statPrefix>`, where the proxy's stats matcher lets it.
   * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-route
   * @default - none; it is not counted by itself
   */
  readonly statPrefix?: string;
}

/**
 * Requests of a service that are treated in a way of their own. Which version serves them is another question: dark launches and canaries
 * of the service apply inside of every route, but not where it redirects, answers itself or leads to another service.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
 */
export class TrafficRoute extends Construct implements ITrafficRoute {
  public readonly routeName: string;

  /** @internal */
  public readonly _statement: RouteStatement;

  constructor(scope: Construct, id: string, props: TrafficRouteProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    this.routeName = props.name ?? kebab(id);
    refuse(this, objectNameProblem('name', this.routeName), props.rewrite && rewriteProblem(props.rewrite), props.headers && headerChangesProblem('headers', props.headers),
      props.cors && corsPolicyProblem(props.cors), props.statPrefix === undefined ? undefined : statPrefixProblem('statPrefix', props.statPrefix));
    const terms = termsOf(this, plan, props.matches);
    if (props.priority !== undefined && !Number.isInteger(props.priority)) fail(this, `priority is ${props.priority}; use a whole number, the lower is tried first`);
    if (props.rewrite?.authority !== undefined && setsAuthority(props.headers)) {
      fail(this, 'rewrite.authority and headers.request both set the authority, of which Istio takes one; leave one out');
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
    if (target && targets) fail(this, 'target and targets are both stated; keep one of them');
    if (target) return [{ target: targetOf(plan, target), weight: 1 }];
    if (!targets) return undefined;
    const seen = new Set<string>();
    for (const [i, { target: { host, subsetName }, weight, headers }] of targets.entries()) {
      refuse(this, weight === undefined ? `targets[${i}].weight is missing; state the share` : limitProblem(`targets[${i}].weight`, weight, { min: 0 }),
        headers && headerChangesProblem(`targets[${i}].headers`, headers));
      const name = `${host} ${subsetName ?? ''}`.trim();
      if (seen.has(name)) fail(this, `targets names '${name}' twice; state each target once`);
      seen.add(name);
    }
    if (targets.every(({ weight }) => weight === 0)) fail(this, 'targets has no weight above 0, so that no request could be served; state one');
    return targets.map(({ target: each, weight, headers }) => ({ target: targetOf(plan, each), weight, ...(headers ? { headers } : {}) }));
  }

  private answerOf({ redirect, directResponse, ...others }: TrafficRouteProps, terms: RouteStatement['terms']): RouteStatement['answer'] {
    if (redirect && directResponse) fail(this, 'redirect and directResponse are both stated; keep one of them');
    const field = redirect ? 'redirect' : directResponse ? 'directResponse' : undefined;
    if (field === undefined) return undefined;
    refuse(this, redirect && redirectProblem(redirect), directResponse && directResponseProblem(directResponse));
    const without = (['target', 'targets', 'rewrite', 'headers', 'cors'] as const).filter(other => others[other] !== undefined);
    if (without.length > 0) fail(this, `${without.join(', ')} is stated beside ${field}, where nothing is sent on; leave it out`);
    if (redirect?.prefixRewrite !== undefined && !terms.every(term => term.uri?.prefix !== undefined)) {
      fail(this, 'redirect.prefixRewrite needs a prefix in every match, which it replaces; state matches with StringMatch.prefix(), or use redirect.uri');
    }
    return redirect ? { redirect } : { directResponse: istioDirectResponse(directResponse!) };
  }
}
