import type { EffectiveRoute } from '../../diff/effective-route';
import { areDisjoint, isWithin } from '../../diff/route-term';

/** Why a route stands where it stands, in words. */
export function describePosition(routes: readonly EffectiveRoute[], place: number): string {
  const route = routes[place];
  const covering = routes.findIndex((other, i) => i < place && isWithin(route.match, other.match));
  if (covering >= 0) return `never reached: route ${covering + 1} takes all of its requests before it`;
  if (routes.length === 1) return 'the only one';
  const after = routes.findIndex((other, i) => i > place && isWithin(route.match, other.match));
  if (after >= 0) return `before route ${after + 1}, which would take all of its requests`;
  const overlapping = routes.findIndex((other, i) => i > place && !areDisjoint(route.match, other.match));
  if (overlapping >= 0) return `before route ${overlapping + 1}, with which it shares requests: the one that is written first gets them`;
  const before = routes.findIndex((other, i) => i < place && !areDisjoint(route.match, other.match));
  return before >= 0 ? 'after narrower ones: it takes what they leave' : 'anywhere: it shares no request with another route';
}
