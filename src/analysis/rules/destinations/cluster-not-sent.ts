import { isVisible } from '../../../manifest/export-to';
import type { HTTPMatchRequest, HTTPRoute, TCPRoute, TLSRoute } from '../../../manifest/istio-specs.generated';
import { matched, portsFor } from '../../facts/called-ports';
import type { Caller } from '../../facts/caller';
import { Callers } from '../../facts/callers';
import type { Lack } from '../../facts/cluster-lacks';
import { lackOfAll } from '../../facts/cluster-lacks';
import { isDefined } from '../../facts/defined-subsets';
import { delegationsTo } from '../../facts/delegations';
import type { Destination } from '../../facts/destinations';
import { gatewaysIn } from '../../facts/gateways';
import { lookedUpDestinations } from '../../facts/looked-up-destinations';
import { portsInVain } from '../../facts/ports-in-vain';
import { obeys } from '../../facts/sidecar-scopes';
import type { VirtualService } from '../../facts/virtual-services';
import { isDelegate, MESH, routesIn } from '../../facts/virtual-services';
import { visibilityOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function callersOf(index: TrafficIndex): Callers {
  return new Callers(index);
}

/** Whether a match is meant for a caller at all, as far as it states who calls and through which Gateway. */
function isMatchFor(object: VirtualService, match: HTTPMatchRequest, { proxy, serves }: Caller, index: TrafficIndex): boolean {
  const { sourceNamespace, sourceLabels, gateways = [] } = match;
  if (sourceNamespace && sourceNamespace !== proxy.namespace) return false;
  // Of a sidecar only some labels are known, if any; of a gateway's pod all.
  const isKnown = (name: string) => proxy.type === 'gateway' || proxy.labels?.[name] !== undefined;
  if (!Object.entries(sourceLabels ?? {}).every(([name, value]) => !isKnown(name) || proxy.labels?.[name] === value)) return false;
  if (proxy.type === 'sidecar' && sourceLabels && !index.workloads.hasAny(sourceLabels, proxy.namespace)) return false;
  if (gateways.length === 0 || (gateways.includes(MESH) && serves.has(MESH))) return true;
  return gatewaysIn(gateways, index.namespaceOf(object), '', index).some(({ key }) => serves.has(key));
}

function isRouteFor(object: VirtualService, route: HTTPRoute | TLSRoute | TCPRoute, caller: Caller, index: TrafficIndex): boolean {
  const matches: readonly HTTPMatchRequest[] = route.match ?? [];
  return matches.length === 0 || matches.some(match => isMatchFor(object, match, caller, index));
}

/** A VirtualService whose proxies obey a route: the one that states it, or a root with the route that leads to it. */
interface Obeyed {
  readonly root: VirtualService;
  readonly route?: HTTPRoute;
}

function obeyedBy(object: VirtualService, index: TrafficIndex): readonly Obeyed[] {
  if (!isDelegate(object)) return [{ root: object }];
  return delegationsTo(object, index).filter(({ root }) => isVisible(visibilityOf(object, index), index.namespaceOf(root)));
}

/** Whether Envoy's configuration leaves a destination out: one of several whose share is 0. */
function isUnused({ block, route, mirror, weight }: Destination, object: VirtualService): boolean {
  return !mirror && weight === 0 && (routesIn(object, block)[route].route ?? []).length > 1;
}

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
    const callers = index.memo(callersOf);
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
