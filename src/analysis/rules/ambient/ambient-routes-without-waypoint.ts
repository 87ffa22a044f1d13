import { destinationsOf } from '../../facts/destinations';
import { reportLost } from '../../facts/routes-without-waypoint';
import type { VirtualService } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const FIELDS = ['match', 'redirect', 'directResponse', 'rewrite', 'mirror', 'mirrors', 'headers', 'corsPolicy', 'delegate'] as const;

/** What the routes of a host do beside calling its pods. */
function lostIn(object: VirtualService, host: string, index: TrafficIndex): readonly string[] {
  const fields = FIELDS.filter(field => (object.spec?.http ?? []).some(entry => entry[field] !== undefined));
  const destinations = destinationsOf(object, index);
  const isElsewhere = destinations.some(destination => destination.host !== host);
  return [
    ...fields.map(String),
    ...destinations.some(({ subset }) => subset !== undefined) ? ['subset'] : [],
    ...isElsewhere ? ['the route to another host'] : [],
  ];
}

export const rule = defineRule({
  id: 'ambient-routes-without-waypoint',
  codes: ['KIA1109', 'KIA1113'],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['VirtualService'],
  title: 'A VirtualService routes a Service that no waypoint serves',
  effect: 'ztunnel reads no routes: it connects to any pod of the Service that the caller named.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `getVirtualServiceForWaypoint`, which only a waypoint uses',
  check(object, report, index) {
    reportLost(object, report, index, host => lostIn(object, host, index));
  },
});
