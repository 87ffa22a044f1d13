import type { RegisteredHost } from './registry';
import type { Workload } from './workloads';
import type { Waypoint } from '../../gateway-api/waypoints';
import { Waypoints } from '../../gateway-api/waypoints';
import { groupBy } from '../../manifest/group-by';
import { selects } from '../../manifest/labels';
import type { Manifest } from '../../manifest/manifest';
import type { MistakeDetails } from '../rule';
import type { TrafficIndex } from '../traffic-index';

/** The repair where a service lacks a waypoint. */
export const GIVE_WAYPOINT = 'give the service a waypoint before its pods move: deploy one, and label the namespace istio.io/use-waypoint';

/** The waypoints of the input, and what they serve. */
export function waypoints(index: TrafficIndex): Waypoints {
  return index.memo(findWaypoints);
}

function findWaypoints({ manifests }: TrafficIndex): Waypoints {
  return new Waypoints(manifests);
}

/** The waypoint of a Service or ServiceEntry; undefined if it has none, or if the input does not tell. */
export function waypointOf(object: Manifest, index: TrafficIndex): Waypoint | undefined {
  const binding = waypoints(index).ofService(object);
  return binding.is === 'bound' ? binding.waypoint : undefined;
}

/** The details of a mistake about a Service or ServiceEntry without a waypoint; undefined if it has one. */
export function lackOfWaypoint(object: Manifest, index: TrafficIndex): MistakeDetails | undefined {
  const binding = waypoints(index).ofService(object);
  if (binding.is === 'bound') return undefined;
  return binding.is === 'unknown' ? { absent: { kind: 'waypoint' } } : {};
}

/** The waypoint that the callers of pods pass. */
export function waypointOfPods({ namespace, labels }: Workload, index: TrafficIndex): Waypoint | undefined {
  for (const { object, selector } of index.memo(selectingHosts).get(namespace) ?? []) {
    const waypoint = selector && Object.keys(selector).length > 0 && selects(selector, labels) ? waypointOf(object, index) : undefined;
    if (waypoint) return waypoint;
  }
  return undefined;
}

function selectingHosts(index: TrafficIndex): ReadonlyMap<string, readonly RegisteredHost[]> {
  return groupBy(index.registry.hosts.filter(({ selector }) => selector), ({ namespace }) => namespace);
}
