import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { audiencesOf, ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { termsOf } from '../plan/match-terms';
import { ServicePlan } from '../plan/service-plan';
import type { RouteStatement } from '../plan/statements';
import type { HttpMatch } from '../traffic/http-match';
import { kebab, objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';
import { re2Problem } from '../traffic/re2';

/**
 * A rewrite by RE2 regex.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RegexRewrite
 */
export interface RegexRewrite {
  /** The regex whose matches in the path are replaced. */
  readonly match: string;
  /** What replaces them; `\1` is the first group. */
  readonly rewrite: string;
}

/**
 * How a request is changed before it is sent on.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite
 */
export interface Rewrite {
  /**
   * Replaces what the route's `uri` matched: the prefix, or after an exact or regex match the whole path.
   * @default - the path stays
   */
  readonly uri?: string;
  /**
   * The new Host header.
   * @default - the host stays
   */
  readonly authority?: string;
  /**
   * Replaces parts of the path by regex. Not beside `uri`.
   * @default - the path stays
   */
  readonly uriRegexRewrite?: RegexRewrite;
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
   * The subset that serves them where no dark launch says otherwise.
   * @default - the split of the service
   */
  readonly target?: ITrafficTarget;
  /**
   * How the request is changed.
   * @default - not at all
   */
  readonly rewrite?: Rewrite;
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
}

/**
 * Requests of a service that are treated in a way of their own. Which version serves them is another question: dark launches and canaries
 * of the service apply inside of every route.
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
    refuse(this, objectNameProblem('name', this.routeName));
    const terms = termsOf(this, plan, props.matches);
    if (props.priority !== undefined && !Number.isInteger(props.priority)) fail(this, `priority is ${props.priority}; use a whole number, the lower is tried first`);
    this._statement = {
      path: this.node.path,
      id: this.routeName,
      terms,
      rewrite: props.rewrite && this.checked(props.rewrite),
      target: props.target && ownTargetOf(this, plan, 'the target', props.target),
      priority: props.priority,
      audiences: audiencesOf(this, props.audiences, terms),
      stated: true,
    };
    plan.addRoute(this._statement);
  }

  private checked(rewrite: Rewrite): Rewrite {
    const { uri, authority, uriRegexRewrite } = rewrite;
    if (uri === undefined && authority === undefined && uriRegexRewrite === undefined) fail(this, 'rewrite is empty; state uri, authority or uriRegexRewrite');
    if (uri !== undefined && uriRegexRewrite) fail(this, 'rewrite states uri and uriRegexRewrite, of which Istio takes one; leave one out');
    if (uri !== undefined && !uri.startsWith('/')) fail(this, `rewrite.uri '${uri}' is not a path; start it with '/'`);
    if (authority === '') fail(this, 'rewrite.authority is empty; name a host, or leave it out');
    if (uriRegexRewrite) refuse(this, re2Problem('rewrite.uriRegexRewrite.match', uriRegexRewrite.match));
    return rewrite;
  }
}
