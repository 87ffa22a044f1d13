import type { ParentListener } from '../../../gateway-api/gateway-listeners';
import { parentKey } from '../../../gateway-api/gateway-listeners';
import { GATEWAY, GROUP, LISTENER_SET, kindOf } from '../../../gateway-api/references';
import { hostsOverlap } from '../../../manifest/host-name';
import type { Route } from '../../facts/gateway-api';
import { converted } from '../../facts/gateway-api';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The listeners that a route refers to; undefined if some of its parents are services, or are not in the input. */
function listenersOf(route: Route, index: TrafficIndex): readonly ParentListener[] | undefined {
  const found: ParentListener[] = [];
  for (const reference of route.spec?.parentRefs ?? []) {
    const kind = kindOf(reference, GATEWAY);
    if (kind !== GATEWAY && kind !== LISTENER_SET) return undefined;
    const { name = '', namespace = index.namespaceOf(route), port, sectionName } = reference;
    const listeners = converted(index).listeners.get(parentKey(kind, namespace, name));
    if (!listeners) return undefined;
    found.push(...listeners.filter(each => (port ?? each.port) === each.port && (sectionName ?? each.section) === each.section
      && each.routeKinds.includes(`${GROUP}/${route.kind}`)));
  }
  return found;
}

export const rule = defineRule({
  id: 'hostname-outside-listeners',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute', 'TLSRoute'],
  title: 'Some hostnames of a route overlap no listener of its parents',
  effect: 'The route attaches by its other hostnames: requests for this one get 404. The status says nothing of it.',
  check(object, report, index) {
    const { hostnames = [] } = object.spec ?? {};
    const listeners = hostnames.length > 1 ? listenersOf(object, index) : undefined;
    if (!listeners) return;
    const isServed = (host: string) => listeners.some(({ hostname }) => hostname === '' || hostsOverlap(host, hostname));
    // Where no hostname is served, the route does not attach at all.
    if (!hostnames.some(isServed)) return;
    for (const [i, host] of hostnames.entries()) {
      if (isServed(host)) continue;
      report(`spec.hostnames[${i}]`, `no listener of the parents takes '${host}', so requests for it do not reach the route, though istiod `
        + 'accepts it', 'remove the hostname, or add a listener for it');
    }
  },
});
