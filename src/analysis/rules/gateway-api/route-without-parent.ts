import { kindOf, GATEWAY, LISTENER_SET } from '../../../gateway-api/references';
import type { Route } from '../../facts/gateway-api';
import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const OUTCOME = 'so no request reaches the route by this parent';

/** The Gateways and ListenerSets of the input, as `kind namespace/name`. */
function knownParents(index: TrafficIndex): ReadonlySet<string> {
  const objects = [...index.of('KubernetesGateway'), ...index.of('ListenerSet')];
  return new Set(objects.map(object => `${object.kind} ${index.nameOf(object)}`));
}

/** The references of a route to Gateways and ListenerSets that the input lacks. */
function unknownParents(route: Route, index: TrafficIndex) {
  return (route.spec?.parentRefs ?? []).flatMap((reference, i) => {
    const key = kindOf(reference, GATEWAY);
    if (key !== GATEWAY && key !== LISTENER_SET) return [];
    const kind = key === GATEWAY ? 'Gateway' as const : 'ListenerSet' as const;
    const name = `${reference.namespace ?? index.namespaceOf(route)}/${reference.name ?? ''}`;
    return index.memo(knownParents).has(`${kind} ${name}`) ? [] : [{ path: `spec.parentRefs[${i}]`, kind, key: name }];
  });
}

export const rule = defineRule({
  id: 'route-without-parent',
  codes: ['KIA1401', 'KIA1402'],
  severity: 'error',
  subjects: ROUTES,
  title: 'A route of the Gateway API attaches to something that does not exist',
  effect: 'Neither a gateway nor a sidecar has the route by this parent: requests get 404 at a gateway, and follow the default route in the mesh.',
  check(object, report, index) {
    for (const { path, kind, key } of unknownParents(object, index)) {
      report(path, `${kind} ${key} does not exist, ${OUTCOME}; istiod writes no status`,
        `correct the name, or add the ${kind}`, { absent: { kind, key } });
    }
    for (const { path, message, status, absent } of problemsOf(object, ['NoMatchingParent'], index)) {
      report(path, `${message}, ${OUTCOME}; ${status}`, 'name a listener, a port or a Service that exists', { absent });
    }
  },
});
