import { isDefined } from '../../facts/defined-subsets';
import type { Destination } from '../../facts/destinations';
import { destinationText, routeDestinations } from '../../facts/route-destinations';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether no DestinationRule defines a mirror's subset, so that Envoy mirrors nothing. */
function isNowhere({ host, subset }: Destination, index: TrafficIndex): boolean {
  return subset !== undefined && index.has('DestinationRule') && !isDefined(host, subset, index);
}

/** Whether requests to one destination may reach the pods of another. */
function contains(one: Destination, other: Destination): boolean {
  return one.host === other.host && (one.subset === undefined || one.subset === other.subset)
    && (one.port === undefined || other.port === undefined || one.port === other.port);
}

export const rule = defineRule({
  id: 'mirror-to-routed-subset',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A mirror goes to pods that get requests of the same entry already',
  effect: 'Envoy sends the request and its copy to the same endpoints, which do the work twice.',
  check(object, report, index) {
    for (const { destinations } of routeDestinations(object, index)) {
      // Mirrors stand last.
      if (!destinations[destinations.length - 1].mirror) continue;
      const routed = destinations.filter(({ mirror, weight }) => !mirror && weight !== 0);
      for (const mirror of destinations.filter(destination => destination.mirror)) {
        if (!routed.some(destination => contains(destination, mirror)) || isNowhere(mirror, index)) continue;
        report(mirror.path, `${destinationText(mirror)} gets requests of this entry already, so with the mirror it answers them twice`,
          mirror.subset === undefined ? `mirror to a subset of '${mirror.host}' that the entry does not name`
            : `mirror to another subset, or route to a subset other than '${mirror.subset}'`);
      }
    }
  },
});
