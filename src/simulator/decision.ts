import { sharesWithAccess } from './access/shares-with-access';
import type { AccessVerdict } from './access/verdict';
import { ALLOWED } from './access/verdict';
import type { CorsAnswer } from './cors';
import { corsAnswer } from './cors';
import type { Explained } from './explain';
import { explain } from './explain';
import type { Fault } from './fault';
import type { HeaderChanges } from './header-changes';
import { headerChanges, withChanges } from './header-changes';
import { joinedValue } from './header-values';
import { lacksOf, openRouteEntry, questionOf } from './open-questions';
import type { Outcome } from './outcome';
import { REFUSED } from './outcome';
import type { PassedOver, Place } from './place';
import type { Redirection } from './redirect';
import { redirectionOf, tlsRedirection } from './redirect';
import { isRedirectLoop } from './redirect-loop';
import type { Rejection } from './rejection';
import type { Request } from './request';
import { headerValuesOf } from './request';
import { rewrittenPath } from './rewrite';
import type { Mirror, RetryPlan, RoutePlan, Share } from './route-plan';
import { receptionOf } from './route-plan';
import type { CompiledRoute } from './route-table';
import { failuresOf } from './route-table';
import type { NotJudged } from '../edge/not-judged';
import type { RouteOrigin } from '../envoy/proxy-config';
import { clusterNotFoundStatus } from '../envoy/xds/cluster-not-found';
import type { HeaderMutations } from '../envoy/xds/core';
import type { Route } from '../envoy/xds/route';
import { plainText } from '../manifest/plain-text';

const NOTHING: RoutePlan = { split: [], mirrors: [], hashedBy: [] };

/** What Envoy does with one request, and why. What Envoy draws at random is given in percent. */
export class Decision implements Explained {
  /** The outcome of the request. */
  public readonly outcome: Outcome;
  private readonly shares: readonly Share[];
  /** Whether what each destination's pods decide is known. */
  private readonly isAccessRead: boolean;

  constructor(
    /** The request, as the proxy sees it. */
    public readonly request: Request,
    /** The part of the proxy's configuration that decides. */
    public readonly place: Place,
  ) {
    const split = (place.rejection ? NOTHING : place.plan ?? NOTHING).split;
    const { shares, isRead } = sharesWithAccess(split, share => place.takes?.(share, place.table && this.sentOn(share)));
    this.shares = shares;
    this.isAccessRead = place.takes !== undefined && isRead;
    this.outcome = this.decide();
  }

  /**
   * What is not judged and could change this answer, such as an AuthorizationPolicy of the service. What makes it `not decided` comes
   * first.
   */
  public get notJudged(): readonly NotJudged[] {
    const { unread, hasAutomaticTls, open } = this.place;
    if (open) return [openRouteEntry(open, this.request, this.place.originOf(open.route))];
    const destinations = [...this.split, ...this.mirrors];
    return unread?.notJudged({
      ...questionOf(this.request, this.place),
      taking: destinations.flatMap(({ host }) => host ?? []),
      lacks: lacksOf(this.outcome, this.place, destinations),
      readsInbound: this.isAccessRead && this.mirrors.length === 0 && this.outcome !== 'not decided',
      hasAutomaticTls: destinations.every(({ cluster }) => hasAutomaticTls(cluster)),
    }) ?? [];
  }

  /** Where the requests go, in exact percent. */
  public get split(): readonly Share[] {
    return this.plan === NOTHING ? [] : this.shares;
  }

  /**
   * What decides who may call: the gateway's own filters if they do not allow the request, else the pods. Undefined if no policy decides.
   */
  public get access(): AccessVerdict | undefined {
    const { own } = this.place;
    if (own && own.outcome !== 'allowed') return own;
    const verdicts = this.split.flatMap(({ access }) => access ?? []);
    return verdicts.find(({ outcome }) => outcome !== 'allowed') ?? verdicts[0] ?? (own === ALLOWED ? undefined : own);
  }

  /** Whether the gateway's own filters refuse the request. */
  public get isRefusedHere(): boolean {
    const { own } = this.place;
    return own !== undefined && own.outcome !== 'allowed' && own.outcome !== 'undecided';
  }

  /** Where requests are mirrored, and how many percent of them. */
  public get mirrors(): readonly Mirror[] {
    return this.plan.mirrors;
  }

  /** How long Envoy waits for the response, in milliseconds. Undefined without a timeout. */
  public get timeoutMs(): number | undefined {
    return this.plan.timeoutMs;
  }

  /** Which failed requests Envoy retries, and how. Undefined without retries. */
  public get retry(): RetryPlan | undefined {
    return this.plan.retry;
  }

  /** Injected faults. */
  public get fault(): Fault | undefined {
    return this.plan.fault;
  }

  /** What the endpoint is selected by, such as `cookie session`. Empty if the load balancer selects it freely. */
  public get hashedBy(): readonly string[] {
    return this.plan.hashedBy;
  }

  /** The route that took the request. */
  public get route(): Route | undefined {
    return this.outcome === 'not decided' || this.isRefusedHere ? undefined : this.place.taken?.route;
  }

  /** The object and entry that the route comes from. Undefined for routes that Istio adds. */
  public get origin(): RouteOrigin | undefined {
    return this.route && this.place.originOf(this.route);
  }

  /** The status of Envoy's own response. Undefined if the service answers, or if there is no response. */
  public get status(): number | undefined {
    switch (this.outcome) {
      case 'rejected': return this.place.rejection!.status;
      case 'no route': return 404;
      case 'unknown cluster': return this.place.table && clusterNotFoundStatus(this.route?.route ?? {});
      case 'no healthy host': return this.place.table ? 503 : undefined;
      case 'denied':
      case 'unauthenticated': return this.access?.status;
      case 'redirected': return this.redirection!.status;
      case 'preflight answered': return 200;
      case 'aborted': return this.fault!.abort!.status;
      case 'blocked':
      case 'answered': return this.route?.directResponse?.status;
      default: return undefined;
    }
  }

  /** The body of a direct response. */
  public get body(): string | undefined {
    const { inlineString, inlineBytes } = this.route?.directResponse?.body ?? {};
    return inlineString ?? (inlineBytes === undefined ? undefined : Buffer.from(inlineBytes, 'base64').toString('utf8'));
  }

  /** Envoy's response flag. */
  public get flag(): string | undefined {
    if (this.outcome === 'rejected') return this.place.rejection!.flag;
    if (this.outcome === 'closed') return this.place.mismatch === undefined ? 'NR' : undefined;
    return { 'no route': 'NR', 'unknown cluster': 'NC', 'no healthy host': 'UH', 'aborted': 'FI' }[this.outcome as string];
  }

  /** Why Envoy answers before it selects a route. Undefined if it selects one. */
  public get rejection(): Rejection | undefined {
    return this.place.rejection;
  }

  /** The redirect. Undefined if the request is not redirected. */
  public get redirection(): Redirection | undefined {
    if (this.outcome !== 'redirected') return undefined;
    const { rejection } = this.place;
    if (rejection?.location !== undefined) return { status: rejection.status!, location: rejection.location };
    const { redirect, match } = this.route ?? {};
    return redirect && match ? redirectionOf(redirect, match, this.request) : tlsRedirection(this.request);
  }

  /** What the CORS filter does. Undefined if it does not apply to the request. */
  public get cors(): CorsAnswer | undefined {
    // The filter does not apply to redirects and direct responses.
    if (this.route?.route === undefined) return undefined;
    return corsAnswer(this.route.typedPerFilterConfig?.['envoy.filters.http.cors'], this.request);
  }

  /** The path that Envoy forwards. */
  public get path(): string {
    const { route: action, match } = this.route ?? {};
    return action && match ? rewrittenPath(action, match, this.request.path) : this.request.path;
  }

  /** The Host header that Envoy forwards. It may differ per share of a split. */
  public authority(share: Share | undefined = this.split[0]): string {
    const changes = this.requestHeaderChanges(share);
    const changed = changes.get('host') ?? changes.get(':authority');
    return share?.weighted?.hostRewriteLiteral ?? this.route?.route?.hostRewriteLiteral ?? changed ?? this.request.authority;
  }

  /** The header changes of a request that goes to a share of the split. */
  public requestHeaderChanges(share: Share | undefined = this.split[0]): HeaderChanges {
    return headerChanges(this.headerLevels(share), 'request', name => joinedValue(headerValuesOf(this.request, name)), this.request);
  }

  /** The header changes of the response. */
  public responseHeaderChanges(share: Share | undefined = this.split[0]): HeaderChanges {
    // A fault answers before the other filters run, and CORS before the route changes headers.
    if (this.outcome === 'aborted') return new Map();
    const levels = this.outcome === 'preflight answered' ? [] : this.headerLevels(share);
    const changes = new Map(headerChanges(levels, 'response', () => undefined, this.request));
    for (const [name, value] of Object.entries(this.cors?.headers ?? {})) changes.set(name, value);
    return changes;
  }

  /** Whether the virtual host accepts only TLS and redirects the request to HTTPS. */
  public get redirectsToTls(): boolean {
    const { found, rejection } = this.place;
    return found !== undefined && rejection === undefined && found.host.asksForTls(this.request);
  }

  /** Whether a caller that follows the redirect is certainly redirected endlessly; a cookie that it gets may end that. */
  public get isRedirectLoop(): boolean {
    const { redirection, place: { follow } } = this;
    if (redirection === undefined || follow === undefined || this.responseHeaderChanges().has('set-cookie')) return false;
    return isRedirectLoop(redirection, this.request, follow);
  }

  /** The earlier routes, and why each of them did not match. */
  public get passedOver(): readonly PassedOver[] {
    const { found, taken, open, originOf } = this.place;
    if (found && taken === undefined && found.host.asksForTls(this.request)) return [];
    const before = (found?.host.routes ?? []).slice(0, (taken ?? open)?.index);
    return before.map(route => ({ route, origin: originOf(route.route), why: this.whyNot(route) }));
  }

  /** The path of the request through the proxy, in words, one line per step. */
  public explain(): string {
    return explain(this).map(plainText).join('\n');
  }

  private whyNot(route: CompiledRoute): string {
    return this.request.method === 'CONNECT' ? 'it is not a route for CONNECT' : failuresOf(route, this.request, false);
  }

  private get plan(): RoutePlan {
    const isAnswered = this.outcome === 'not decided' || this.outcome === 'rejected' || this.isRefusedHere;
    return isAnswered ? NOTHING : this.place.plan ?? NOTHING;
  }

  private headerLevels(share: Share | undefined): readonly (HeaderMutations | undefined)[] {
    const { found, table } = this.place;
    return [share?.weighted, this.route, found?.host.virtualHost, table?.configuration];
  }

  /** The request as it reaches the pods of a share. */
  private sentOn(share: Share): Request {
    const sent = withChanges(this.request, this.requestHeaderChanges(share));
    return { ...sent, authority: this.authority(share), path: this.path };
  }

  private decide(): Outcome {
    const { listener, chain, rejection, unread, own } = this.place;
    if (unread?.canVoid && unread.isVoid(questionOf(this.request, this.place))) return 'not decided';
    if (listener === undefined) return 'connection refused';
    if (chain === undefined) return 'closed';
    if (rejection) return rejection.location === undefined ? 'rejected' : 'redirected';
    // The filters of who may call run before a route is selected.
    if (own && this.isRefusedHere) return own.outcome as Outcome;
    const outcome = this.answered();
    return own?.outcome === 'undecided' && !REFUSED.has(outcome) ? 'undecided' : outcome;
  }

  /** The outcome of a request that the proxy's own filters pass on. */
  private answered(): Outcome {
    const { table, found, taken, open, plan } = this.place;
    if (table === undefined) return receptionOf(this.split);
    if (found?.host.asksForTls(this.request)) return 'redirected';
    if (open) return 'not decided';
    if (!found || !taken) return 'no route';
    if (plan?.fault?.abort?.percent === 100) return 'aborted';
    if (this.request.method === 'OPTIONS' && this.cors?.preflight) return 'preflight answered';
    if (taken.route.redirect) return 'redirected';
    if (taken.route.directResponse) return found.host.virtualHost.name === 'block_all' ? 'blocked' : 'answered';
    return receptionOf(this.split);
  }
}
