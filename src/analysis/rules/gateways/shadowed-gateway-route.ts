import { groupBy } from '../../../manifest/group-by';
import type { MatchTerm } from '../../../manifest/match-algebra';
import { delegateOf } from '../../facts/delegations';
import type { BoundService } from '../../facts/gateway-tables';
import { sharedTables } from '../../facts/gateway-tables';
import { gatewaysIn } from '../../facts/gateways';
import type { VirtualService } from '../../facts/virtual-services';
import type { PlacedTerm } from '../../placed-terms';
import { EarlierTerms, placedTerms } from '../../placed-terms';
import { defineRule } from '../../rule';
import { isCatchAll } from '../../terms';
import type { TrafficIndex } from '../../traffic-index';

interface ServedTerm extends PlacedTerm {
  /** `namespace/name` of the Gateway. */
  readonly key: string;
}

/** A term whose requests an older VirtualService takes. */
interface Shadowed {
  readonly one: ServedTerm;
  readonly before: ServedTerm;
}

/** What a Gateway gets of a VirtualService. */
function servedTerms({ object, key }: BoundService, index: TrafficIndex): ServedTerm[] {
  const isServed = (names: readonly string[]) => (
    names.length === 0 || gatewaysIn(names, index.namespaceOf(object), '', index).some(reference => reference.key === key));
  return placedTerms(object, index).filter(({ match: { gateways = [] } }) => isServed(gateways)).map(placed => ({ ...placed, key }));
}

/** Whether a route takes all that its terms say: a delegate may take less than the route that leads to it. */
function isWhole({ route }: PlacedTerm, index: TrafficIndex): boolean {
  return !route.delegate || (delegateOf(route, index)?.spec?.http ?? []).some(({ match = [] }) => match.length === 0);
}

/** The shadowed terms of one table. Istio appends the routes by age, and moves those that take everything to the end. */
function shadowedIn(group: readonly BoundService[], index: TrafficIndex): Shadowed[] {
  const terms = group.flatMap(bound => servedTerms(bound, index));
  const seen = new EarlierTerms<ServedTerm>();
  return [...terms.filter(({ term }) => !isCatchAll(term)), ...terms.filter(({ term }) => isCatchAll(term))].flatMap(one => {
    const before = seen.over(one, other => other.object !== one.object);
    if (isWhole(one, index)) seen.add(one);
    return before ? [{ one, before }] : [];
  });
}

/** The shadowed terms of all tables, each once. */
function findShadowed(index: TrafficIndex): ReadonlyMap<VirtualService, readonly Shadowed[]> {
  const told = new Set<string>();
  const shadowed = sharedTables(index).flatMap(group => shadowedIn(group, index)).filter(({ one }) => {
    const place = `${index.nameOf(one.object)} ${one.path}`;
    return !told.has(place) && told.add(place);
  });
  return groupBy(shadowed, ({ one }) => one.object);
}

function pathName({ uri }: MatchTerm): string {
  const path = uri?.exact ?? uri?.prefix ?? uri?.regex;
  return path === undefined ? 'its requests' : `'${path}'`;
}

export const rule = defineRule({
  id: 'shadowed-gateway-route',
  codes: ['KIA1106'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'An entry of an older VirtualService takes the requests of another VirtualService at the same gateway',
  effect: 'The gateway takes the first route that matches. The routes of the older object come first.',
  check(object, report, index) {
    for (const { one, before } of index.memo(findShadowed).get(object) ?? []) {
      const isSame = before.key === one.key;
      const [where, order] = isSame
        ? ['for the same host and Gateway', 'by age, or by name if both are the same age']
        : [`for the same host on Gateway ${before.key}, which has the same port of the same proxy`,
          'by the age of the Gateways, or by their names if both are the same age'];
      const taken = isCatchAll(one.term) ? 'everything that this entry matches' : `${pathName(one.term)} too`;
      report(one.path, `VirtualService ${index.nameOf(before.object)} is ${where}, and its entry for ${pathName(before.term)} comes first `
        + `(${order}): it takes ${taken}`,
      'put the entries of the host into one VirtualService with the narrower entry first, or make their paths exclude each other');
    }
  },
});
