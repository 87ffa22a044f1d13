import type { Proxy } from '../../envoy/proxy';
import { waypointName } from '../../envoy/proxy';
import type { Translator } from '../../envoy/translator';
import { shown } from '../shown';
import { UsageError } from '../usage-error';

/** Rejects a waypoint that the input lacks. */
export function requireWaypoint(proxy: Proxy, { waypoints }: Pick<Translator, 'waypoints'>): void {
  const { type, namespace } = proxy;
  const name = waypointName(proxy);
  if (type !== 'waypoint' || waypoints.get(namespace, name)) return;
  const known = waypoints.all.map(each => `${each.namespace}/${each.name}`);
  const others = known.length === 0 ? 'it has none' : `it has ${shown(known.sort()).join(', ')}`;
  throw new UsageError(`--waypoint: the input has no Gateway of class istio-waypoint named ${namespace}/${name}; ${others}`);
}
