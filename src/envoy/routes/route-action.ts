import { hashOfDestination, hashPolicy } from './hash-policy';
import type { HeaderOperations } from './header-operations';
import { headerFields, headerOperations } from './header-operations';
import { retryPolicy } from './retry-policy';
import type { RouteContext } from './route-context';
import type { Destination, HTTPRewrite, HTTPRoute, HTTPRouteDestination, Percent } from '../../manifest/istio-specs.generated';
import { destinationCluster } from '../cluster-name';
import { message } from '../message';
import type { FractionalPercent } from '../xds/proto-values';
import { durationOf, fractionalPercentOf } from '../xds/proto-values';
import type { ClusterWeight, RequestMirrorPolicy, RouteAction } from '../xds/route';

/** The forwarding action, and the header operations of the route: its own, then those of a single destination. */
export function routeAction(
  rule: HTTPRoute, operations: HeaderOperations, context: RouteContext, isOfGatewayApi: boolean,
): { action: RouteAction; operations: HeaderOperations } {
  const timeout = durationOf(rule.timeout) ?? '0s';
  const destinations = rule.route ?? [];
  const single = destinations.length === 1 ? destinations[0] : undefined;
  const all = single?.headers ? joined(operations, headerOperations(single.headers)) : operations;
  const forwarded = single ? [single] : destinations.filter(({ weight }) => weight);
  const hashes = forwarded.map(({ destination = {} }) => hashOfDestination(context.destinationRule(destination.host ?? ''), destination));
  const isHashed = single !== undefined && hashes[0] !== undefined;
  const action = message<RouteAction>({
    cluster: single && clusterOf(single.destination, context),
    weightedClusters: single ? undefined : message({ clusters: forwarded.map(to => clusterWeight(to, context)) }),
    clusterNotFoundResponseCode: isOfGatewayApi ? 'INTERNAL_SERVER_ERROR' : undefined,
    ...rewriteFields(rule.rewrite),
    hostRewriteLiteral: rule.rewrite?.authority || all.authority || undefined,
    timeout,
    maxGrpcTimeout: timeout,
    retryPolicy: retryPolicy(rule.retries ?? context.meshConfig.defaultHttpRetryPolicy, isHashed, context.retries),
    requestMirrorPolicies: mirrorPolicies(rule, context),
    hashPolicy: hashes.map(hashPolicy).filter(policy => policy !== undefined),
  });
  return { action, operations: all };
}

/** The operations of a route and of its only destination. The route's authority wins. */
function joined(a: HeaderOperations, b: HeaderOperations): HeaderOperations {
  return {
    requestHeadersToAdd: [...a.requestHeadersToAdd, ...b.requestHeadersToAdd],
    requestHeadersToRemove: [...a.requestHeadersToRemove, ...b.requestHeadersToRemove],
    responseHeadersToAdd: [...a.responseHeadersToAdd, ...b.responseHeadersToAdd],
    responseHeadersToRemove: [...a.responseHeadersToRemove, ...b.responseHeadersToRemove],
    authority: a.authority || b.authority,
  };
}

function clusterOf(destination: Destination | undefined, { service, port, clusterOf: own }: RouteContext): string {
  return own ? own(destination, port) : destinationCluster(destination, service(destination?.host ?? ''), port);
}

function clusterWeight({ destination, weight, headers }: HTTPRouteDestination, context: RouteContext): ClusterWeight {
  const operations = headers && headerOperations(headers);
  return message({
    name: clusterOf(destination, context),
    weight,
    ...operations && headerFields(operations),
    hostRewriteLiteral: operations?.authority || undefined,
  });
}

function rewriteFields({ uri, uriRegexRewrite: regex }: HTTPRewrite = {}): Pick<RouteAction, 'regexRewrite' | 'prefixRewrite'> {
  if (regex) return { regexRewrite: message({ pattern: { regex: regex.match ?? '' }, substitution: regex.rewrite || undefined }) };
  return { prefixRewrite: uri || undefined };
}

function mirrorPolicies(
  { mirror, mirrorPercent, mirrorPercentage, mirrors = [] }: HTTPRoute, context: RouteContext,
): RequestMirrorPolicy[] {
  const own = mirror ? [{ destination: mirror, share: mirroredShare(mirrorPercentage, mirrorPercent) }] : [];
  return [...own, ...mirrors.map(({ destination, percentage }) => ({ destination, share: mirroredShare(percentage) }))]
    .filter(to => to.destination && to.share)
    .map(to => message<RequestMirrorPolicy>({
      cluster: clusterOf(to.destination, context),
      runtimeFraction: { defaultValue: to.share },
      traceSampled: false,
      disableShadowHostSuffixAppend: context.keepsShadowHost || undefined,
    }));
}

/** The share of requests that is mirrored; undefined for 0. */
function mirroredShare(percentage: Percent | undefined, percent?: number): FractionalPercent | undefined {
  if (percentage) return (percentage.value ?? 0) > 0 ? fractionalPercentOf(percentage) : undefined;
  if (percent !== undefined) return percent > 0 ? { numerator: percent } : undefined;
  return { numerator: 100 };
}
