import { fraction } from './fault';
import { hashOfDestination, hashPolicy } from './hash-policy';
import type { HeaderOperations } from './header-operations';
import { headerFields, headerOperations } from './header-operations';
import { retryPolicy } from './retry-policy';
import type { RouteContext } from './route-context';
import { asProtoDuration } from '../../manifest/duration';
import { destinationCluster } from '../cluster-name';
import { message } from '../message';
import type { Json } from '../proxy-config';
import { list } from '../virtual-service';

/** The action that forwards, and the header operations of the route: its own, then those of a single destination. */
export function routeAction(rule: Json, operations: HeaderOperations, context: RouteContext): { action: Json; operations: HeaderOperations } {
  const timeout = asProtoDuration(rule.timeout) ?? '0s';
  const destinations = list(rule.route);
  const single = destinations.length === 1 ? destinations[0] : undefined;
  const all = single?.headers ? joined(operations, headerOperations(single.headers)) : operations;
  const forwarded = single ? [single] : destinations.filter(({ weight }) => weight);
  const hashes = forwarded.map(({ destination }) => hashOfDestination(context.destinationRule(destination?.host), destination ?? {}));
  const isHashed = single !== undefined && hashes[0] !== undefined;
  const action = message({
    cluster: single && clusterOf(single.destination, context),
    weightedClusters: single ? undefined : message({ clusters: forwarded.map(to => weighted(to, context)) }),
    ...rewrite(rule.rewrite),
    hostRewriteLiteral: rule.rewrite?.authority || all.authority || undefined,
    timeout,
    maxGrpcTimeout: timeout,
    retryPolicy: retryPolicy(rule.retries ?? context.meshConfig.defaultHttpRetryPolicy, isHashed, context.retries),
    requestMirrorPolicies: mirrors(rule, context),
    hashPolicy: hashes.map(hashPolicy).filter(policy => policy !== undefined),
  });
  return { action, operations: all };
}

/** The operations of a route and of its one destination; the route's authority wins. */
function joined(a: HeaderOperations, b: HeaderOperations): HeaderOperations {
  return {
    requestHeadersToAdd: [...a.requestHeadersToAdd, ...b.requestHeadersToAdd],
    requestHeadersToRemove: [...a.requestHeadersToRemove, ...b.requestHeadersToRemove],
    responseHeadersToAdd: [...a.responseHeadersToAdd, ...b.responseHeadersToAdd],
    responseHeadersToRemove: [...a.responseHeadersToRemove, ...b.responseHeadersToRemove],
    authority: a.authority || b.authority,
  };
}

function clusterOf(destination: Json, { service, port }: RouteContext): string {
  return destinationCluster(destination, service(destination?.host), port);
}

function weighted({ destination, weight, headers }: Json, context: RouteContext): Json {
  const operations = headers ? headerOperations(headers) : undefined;
  return message({
    name: clusterOf(destination, context),
    weight: Number(weight),
    ...operations && headerFields(operations),
    hostRewriteLiteral: operations?.authority || undefined,
  });
}

function rewrite(stated: Json | undefined): Json {
  const regex = stated?.uriRegexRewrite;
  if (regex) return { regexRewrite: message({ pattern: { regex: regex.match }, substitution: regex.rewrite || undefined }) };
  return { prefixRewrite: stated?.uri || undefined };
}

function mirrors({ mirror, mirrorPercent, mirrorPercentage, mirrors: several }: Json, context: RouteContext): Json[] {
  const own = mirror ? [{ destination: mirror, share: share(mirrorPercentage, mirrorPercent) }] : [];
  return [...own, ...list(several).map(({ destination, percentage }) => ({ destination, share: share(percentage) }))]
    .filter(to => to.destination && to.share)
    .map(to => message({
      cluster: clusterOf(to.destination, context),
      runtimeFraction: { defaultValue: to.share },
      traceSampled: false,
      disableShadowHostSuffixAppend: context.keepsShadowHost || undefined,
    }));
}

/** The share of requests that is mirrored; undefined for none of them. */
function share(percentage: Json, percent?: number): Json {
  if (percentage) return percentage.value > 0 ? fraction(percentage) : undefined;
  if (percent !== undefined && percent !== null) return percent > 0 ? { numerator: percent } : undefined;
  return { numerator: 100 };
}
