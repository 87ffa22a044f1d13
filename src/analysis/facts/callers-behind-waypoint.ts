import { enforcedAction } from './access-rules';
import type { AttributeValues } from './access-values';
import { attributesOf } from './access-values';
import { isOfIdentity } from './connection-attributes';
import { movingPodsOf } from './moving-pods';
import { waypointOfPods } from './waypoint-bindings';
import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import type { Waypoint } from '../../gateway-api/waypoints';
import type { TrafficIndex } from '../traffic-index';

/** Callers whom a policy names, and the waypoint that ztunnel sees in their place. */
export interface CallersBehindWaypoint {
  readonly attribute: AttributeValues;
  readonly waypoint: Waypoint;
}

/** The first callers whom a policy without targets names, and whose connections pass a waypoint; undefined if there are none. */
export function callersBehindWaypoint(
  policy: AuthorizationPolicy, action: 'ALLOW' | 'DENY', index: TrafficIndex,
): CallersBehindWaypoint | undefined {
  const moving = enforcedAction(policy) === action ? movingPodsOf(policy, index) : undefined;
  const attribute = moving && attributesOf(policy).find(one => isOfIdentity(one) && one.values.length > 0 && !namesWaypoint(one.values));
  const waypoint = attribute && moving.pods.map(pod => waypointOfPods(pod, index)).find(one => one !== undefined);
  return waypoint && { attribute, waypoint };
}

/** Whether values may take the identity of a waypoint, whose service account has its name. */
function namesWaypoint(values: readonly string[]): boolean {
  return values.some(value => value === '*' || value.includes('waypoint'));
}
