import type { Destination } from './destinations';
import { destinationsOf } from './destinations';
import type { VirtualService } from './virtual-services';
import { groupBy } from '../../manifest/group-by';
import type { TrafficIndex } from '../traffic-index';

/** A route that sends anywhere, with its destinations; mirrors stand last. */
export interface RouteDestinations {
  readonly path: string;
  readonly destinations: readonly Destination[];
}

/** The routes of a VirtualService that send anywhere. */
export function routeDestinations(object: VirtualService, index: TrafficIndex): readonly RouteDestinations[] {
  return index.memoOf(object, findRoutes);
}

function findRoutes(object: VirtualService, index: TrafficIndex): readonly RouteDestinations[] {
  const byRoute = groupBy(destinationsOf(object, index), ({ block, route }) => `spec.${block}[${route}]`);
  return [...byRoute].map(([path, destinations]) => ({ path, destinations }));
}

/** A destination as messages name it. */
export function destinationText({ host, subset, port }: Destination): string {
  return `'${host}'${subset === undefined ? '' : ` subset '${subset}'`}${port === undefined ? '' : ` port ${port}`}`;
}
