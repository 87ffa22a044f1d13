import type { BackendContext } from './backends';
import type { ConvertedEntry, OnRuleProblem } from './converted-rules';
import { destinationsOf, weightSum } from './converted-rules';
import type { TCPRouteRule } from '../manifest/gateway-api-specs.generated';
import type { RouteDestination, TCPRoute, TLSRoute } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** The entries of a TCPRoute, one for each rule. */
export function tcpEntries(route: ManifestOf<'TCPRoute'>, context: BackendContext, onProblem: OnRuleProblem): readonly ConvertedEntry<TCPRoute>[] {
  return converted(route.spec?.rules ?? [], context, onProblem, destinations => ({ route: destinations }));
}

/** The entries of a TLSRoute, one for each rule. One whose backends have no share closes the connections of every server name. */
export function tlsEntries(route: ManifestOf<'TLSRoute'>, context: BackendContext, onProblem: OnRuleProblem): readonly ConvertedEntry<TLSRoute>[] {
  const { hostnames = [] } = route.spec ?? {};
  const match = [{ sniHosts: hostnames.length === 0 ? ['*'] : hostnames }];
  return converted(route.spec?.rules ?? [], context, onProblem, (destinations, isClosed) => (
    { ...!isClosed && { match }, route: destinations }));
}

/** A cluster that does not exist, with which istiod closes connections. */
const NO_BACKEND: RouteDestination = { destination: { host: 'internal.cluster.local', subset: 'zero-weight', port: { number: 65535 } } };

function converted<E>(
  rules: readonly TCPRouteRule[], context: BackendContext, onProblem: OnRuleProblem,
  entryOf: (destinations: readonly RouteDestination[], isClosed: boolean) => E,
): readonly ConvertedEntry<E>[] {
  const entries: ConvertedEntry<E>[] = [];
  for (const [i, { backendRefs = [] }] of rules.entries()) {
    const path = ['spec', 'rules', i];
    if (weightSum(backendRefs) === 0) {
      entries.push({ entry: entryOf([NO_BACKEND], true), path });
      continue;
    }
    const found = destinationsOf(backendRefs, context, (place, why) => onProblem([...path, 'backendRefs', place], why, false));
    if ('reason' in found) {
      onProblem(path, found, true);
      return [];
    }
    const destinations = found.map(({ destination, weight }) => ({ destination, ...weight !== undefined && { weight } }));
    entries.push({ entry: entryOf(destinations, false), path });
  }
  return entries;
}
