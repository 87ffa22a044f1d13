import type { VirtualService } from './virtual-services';
import { isDelegate } from './virtual-services';
import { groupBy } from '../../manifest/group-by';
import type { HTTPRoute } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** A route of a root VirtualService that leaves its requests to a delegate. */
export interface Delegation {
  readonly root: VirtualService;
  readonly route: HTTPRoute;
  readonly path: string;
  /** `namespace/name` of the delegate. */
  readonly key: string;
  readonly delegate: VirtualService | undefined;
}

/** The delegations of a VirtualService. */
export function delegationsOf(root: VirtualService, index: TrafficIndex): readonly Delegation[] {
  return index.memo(byRoot).get(root) ?? [];
}

/** The delegations that name a VirtualService as their delegate. */
export function delegationsTo(delegate: VirtualService, index: TrafficIndex): readonly Delegation[] {
  return index.memo(byDelegate).get(delegate) ?? [];
}

/** `namespace/name` of every delegate that is named, in the input or not. */
export function namedDelegates(index: TrafficIndex): ReadonlySet<string> {
  return index.memo(findNamed);
}

/** The delegate to which a route leaves its requests. */
export function delegateOf(route: HTTPRoute, index: TrafficIndex): VirtualService | undefined {
  return index.memo(byRoute).get(route);
}

function delegations(index: TrafficIndex): readonly Delegation[] {
  const byName = new Map(index.of('VirtualService').map(object => [index.nameOf(object), object]));
  return index.of('VirtualService').flatMap(root => (isDelegate(root) ? [] : (root.spec?.http ?? []).flatMap((route, r) => {
    if (!route.delegate) return [];
    const key = `${route.delegate.namespace || index.namespaceOf(root)}/${route.delegate.name ?? ''}`;
    return [{ root, route, path: `spec.http[${r}].delegate`, key, delegate: byName.get(key) }];
  })));
}

function byRoot(index: TrafficIndex): ReadonlyMap<VirtualService, readonly Delegation[]> {
  return groupBy(index.memo(delegations), ({ root }) => root);
}

function byDelegate(index: TrafficIndex): ReadonlyMap<VirtualService, readonly Delegation[]> {
  return groupBy(index.memo(delegations), ({ delegate }) => delegate);
}

function byRoute(index: TrafficIndex): ReadonlyMap<HTTPRoute, VirtualService | undefined> {
  return new Map(index.memo(delegations).map(({ route, delegate }) => [route, delegate]));
}

function findNamed(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.memo(delegations).map(({ key }) => key));
}
