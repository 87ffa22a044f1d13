import { groupBy } from '../../../manifest/group-by';
import type { HTTPRoute } from '../../../manifest/istio-specs.generated';
import { destinationsOf } from '../../facts/destinations';
import type { VirtualService } from '../../facts/virtual-services';
import { fullHostsOf, MESH } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether a gateway gets a route: a match names a Gateway, or names none where the VirtualService is bound to one. */
function isForGateway(object: VirtualService, { match: matches = [] }: HTTPRoute): boolean {
  if ((object.spec?.gateways ?? []).every(name => name === MESH)) return false;
  return matches.length === 0 || matches.some(({ gateways = [] }) => gateways.length === 0 || gateways.some(name => name !== MESH));
}

/** A host that a VirtualService for it splits into subsets. */
interface SplitHost {
  readonly host: string;
  readonly object: VirtualService;
  /** Whether a gateway obeys the split. */
  readonly atGateway: boolean;
}

function splitsOf(object: VirtualService, index: TrafficIndex): SplitHost[] {
  const own = new Set(fullHostsOf(object, index));
  const { http = [] } = object.spec ?? {};
  const split = destinationsOf(object, index).filter(({
    block, mirror, subset,
    host,
  }) => block === 'http' && !mirror && subset !== undefined && own.has(host));
  return [...groupBy(split, ({ host }) => host)].map(([host, found]) => ({
    host,
    object,
    atGateway: found.some(({ route }) => isForGateway(object, http[route])),
  }));
}

function splitHosts(index: TrafficIndex): ReadonlyMap<string, readonly SplitHost[]> {
  return groupBy(index.of('VirtualService').flatMap(object => splitsOf(object, index)), ({ host }) => host);
}

export const rule = defineRule({
  id: 'ingress-ignores-mesh-rules',
  codes: ['IST0140'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A gateway\'s entry goes to a host that another VirtualService splits into subsets',
  effect: 'The gateway sends requests to all endpoints of the host. The entries that choose subsets are in a VirtualService that it does '
    + 'not obey for the called host.',
  check(object, report, index) {
    const { http = [] } = object.spec ?? {};
    for (const { block, route, mirror, host, subset, path, written } of destinationsOf(object, index)) {
      if (block !== 'http' || mirror || subset !== undefined || !isForGateway(object, http[route])) continue;
      for (const { object: other, atGateway } of index.memo(splitHosts).get(host) ?? []) {
        // The gateway obeys the VirtualService's own routes to subsets beside this one.
        if (other === object && atGateway) continue;
        report(path, `VirtualService ${index.nameOf(other)} splits '${written}' into subsets, but a gateway obeys only the VirtualService `
          + `of the host that is called from outside: requests that come in here go to all pods of '${written}'`,
        'route to the subsets here too, or repeat the entries of the other VirtualService in this one');
      }
    }
  },
});
