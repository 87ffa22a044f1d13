import type { Host } from '../diff/proxy-traffic';
import type { HeaderMutations } from '../envoy/xds/core';
import type { Route } from '../envoy/xds/route';
import type { Condition } from '../proof/condition';
import { isNamed, partsOf } from '../proof/condition';

/** Headers that proxies write or remove themselves. */
const OF_PROXIES = /^(?:x-forwarded-|x-envoy-|x-request-id$|connection$|keep-alive$|proxy-connection$|transfer-encoding$|upgrade$|te$)/;

/** Whether the pods behind a route see the field of a condition as the caller sent it; a gateway may verify tokens and keep them. */
export function keptOnTheWay(
  route: Route, { virtualHost, configuration }: Pick<Host, 'virtualHost' | 'configuration'>, verifiesTokens: boolean,
): (condition: Condition) => boolean {
  const { prefixRewrite = '', regexRewrite, hostRewriteLiteral, autoHostRewrite, weightedClusters } = route.route ?? {};
  const weighted = weightedClusters?.clusters ?? [];
  const changed = new Set([...[...weighted, route, virtualHost, configuration].flatMap(changedHeaders)]);
  const isPathKept = prefixRewrite === '' && regexRewrite === undefined;
  const isHostKept = hostRewriteLiteral === undefined && autoHostRewrite !== true
    && !weighted.some(each => each.hostRewriteLiteral !== undefined) && !changed.has('host') && !changed.has(':authority');
  return ({ field }) => {
    if (field === 'path') return isPathKept;
    if (field === 'authority') return isHostKept;
    if (!isNamed(field)) return field === 'method';
    const [kind, name] = partsOf(field);
    if (kind === 'claim') return !verifiesTokens;
    return kind === 'parameter' || (kind === 'header' && !OF_PROXIES.test(name) && !changed.has(name));
  };
}

function changedHeaders({ requestHeadersToAdd = [], requestHeadersToRemove = [] }: HeaderMutations): string[] {
  return [...requestHeadersToAdd.map(({ header }) => header.key), ...requestHeadersToRemove].map(name => name.toLowerCase());
}
