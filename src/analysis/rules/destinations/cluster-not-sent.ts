import { matched, portsFor } from '../../facts/called-ports';
import { callersIn } from '../../facts/callers';
import type { Lack } from '../../facts/cluster-lacks';
import { lackOfAll } from '../../facts/cluster-lacks';
import { isDefined } from '../../facts/defined-subsets';
import type { Destination } from '../../facts/destinations';
import { isUnused } from '../../facts/destinations';
import { lookedUpDestinations } from '../../facts/looked-up-destinations';
import type { Obeyed } from '../../facts/obeyed-routes';
import { isRouteFor, obeyedBy } from '../../facts/obeyed-routes';
import { portsInVain } from '../../facts/ports-in-vain';
import { obeys } from '../../facts/sidecar-scopes';
import { routesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

function outcomeOf({ block, mirror }: Destination): string {
  return mirror ? 'Envoy drops mirrored requests' : block === 'http' ? 'requests get 503' : 'Envoy closes the connections';
}

export const rule = defineRule({
  id: 'cluster-not-sent',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'A destination names a host or subset for which istiod sends the proxy no cluster',
  effect: 'The route names a cluster that istiod did not send to the proxy: 503, flag NC.',
  check(object, report, index) {
    const callers = callersIn(index);
    let obeyed: readonly Obeyed[] | undefined;
    // The destinations of one VirtualService mostly name one host.
    let alike: { readonly host: string; readonly are: boolean } | undefined;
    for (const lookedUp of lookedUpDestinations(object, index)) {
      const { destination } = lookedUp;
      if (isUnused(destination, object)) continue;
      const { block, route: place, host, subset, port, path } = destination;
      const ofAll = lackOfAll(destination, index);
      if (ofAll) {
        report(`${path}.host`, `${ofAll.reason}, so ${outcomeOf(destination)}`, ofAll.repair, { absent: ofAll.absent });
        continue;
      }
      // Other rules report what no caller has.
      if ((subset !== undefined && !isDefined(host, subset, index)) || portsInVain(object, lookedUp, index).length > 0) continue;
      if (alike?.host !== host) alike = { host, are: callers.areAlike(object, host) };
      // Without a port, what a caller gets depends on where it listens.
      if (alike.are && (port !== undefined || index.registry.named(host)[0].ports.length === 1)) continue;
      obeyed ??= obeyedBy(object, index);
      const route = routesIn(object, block)[place];
      // Hardly any caller lacks a cluster, so what it states is compared last.
      const lacking = new Map<string, Lack>();
      for (const { root, route: outer } of obeyed) {
        for (const { caller, lacks } of callers.of(root, host)) {
          const listening = matched(portsFor(root, block, caller.serves, index), route);
          const lack = lacks(destination, outer ? matched(listening, outer) : listening);
          if (lack && isRouteFor(object, route, caller, index) && (!outer || isRouteFor(root, outer, caller, index))
            && obeys(caller.proxy, root, index)) lacking.set(caller.text, lack);
        }
      }
      if (lacking.size === 0) continue;
      const lacks = [...lacking.values()];
      const [{ reason, repair }] = lacks;
      const absent = lacks.every(lack => lack.absent) ? lacks[0].absent : undefined;
      report(`${path}.${subset === undefined ? 'host' : 'subset'}`,
        `for ${[...lacking.keys()].join(', ')}: ${reason}, so ${outcomeOf(destination)}`, repair, { absent });
    }
  },
});
