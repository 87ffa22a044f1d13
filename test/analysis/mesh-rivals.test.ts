import * as fc from 'fast-check';
import { rivalsOf, claimsOf } from '../../src/analysis/facts/mesh-claims';
import type { VirtualService } from '../../src/analysis/facts/virtual-services';
import { readInput } from '../../src/analysis/input';
import { callerOf, termsOf } from '../../src/analysis/terms';
import { TrafficIndex } from '../../src/analysis/traffic-index';
import { areApart } from '../../src/manifest/covered-terms';
import type { HTTPMatchRequest } from '../../src/manifest/istio-specs.generated';

interface Stated {
  readonly exportTo?: readonly string[];
  readonly http?: readonly { readonly match?: readonly HTTPMatchRequest[] }[];
  readonly tls?: readonly object[];
}

function meshOf(stated: readonly Stated[]): TrafficIndex {
  const objects = stated.map((spec, i) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: `part-${i}`,
      namespace: 'shop',
    },
    spec: { hosts: ['catalog'], ...spec },
  }));
  return new TrafficIndex(readInput(objects, 'default'));
}

/** Whether each route of two VirtualServices is for other callers or ports. */
function haveOtherCallers(a: VirtualService, b: VirtualService): boolean {
  if ([a, b].some(({ spec: { tcp = [], tls = [] } = {} }) => tcp.length > 0 || tls.length > 0)) return false;
  const [mine, theirs] = [a, b].map(({ spec: { http = [] } = {} }) => http.flatMap(termsOf).map(callerOf));
  return mine.length > 0 && theirs.length > 0 && areApart(mine, theirs);
}

const match: fc.Arbitrary<HTTPMatchRequest> = fc.record({
  sourceNamespace: fc.constantFrom('shop', 'bank'),
  port: fc.constantFrom(80, 81, 82),
  sourceLabels: fc.dictionary(fc.constantFrom('app', 'version'), fc.constantFrom('v1', 'v2'), { maxKeys: 2 }),
  method: fc.constant({ exact: 'GET' }),
}, { requiredKeys: [] });
const stated: fc.Arbitrary<Stated> = fc.record({
  http: fc.array(fc.record({ match: fc.array(match, { maxLength: 2 }) }), { maxLength: 2 }),
  tls: fc.array(fc.constant({ match: [{ sniHosts: ['catalog'] }] }), { minLength: 1, maxLength: 1 }),
}, { requiredKeys: [] });

describe('the VirtualServices that apply to the same callers', () => {
  test('equal the result of comparing all pairs', () => {
    const sizes = new Set<number>();
    fc.assert(fc.property(fc.array(stated, { minLength: 1, maxLength: 8 }), all => {
      const index = meshOf(all);
      const objects = index.of('VirtualService');
      for (const object of objects) {
        const [claim] = claimsOf(object, index);
        const expected = objects.filter(other => other === object || !haveOtherCallers(object, other));
        expect(rivalsOf(claim, index).all).toEqual(expected);
        sizes.add(expected.length);
      }
    }), { numRuns: 500, seed: 15 });
    expect(sizes.size).toBeGreaterThan(5);
  });

  test('are few if each is for another namespace, among any number', () => {
    const index = meshOf(Array.from({ length: 2_000 }, (_, i) => ({ http: [{ match: [{ sourceNamespace: `team-${i}` }] }] })));
    for (const object of index.of('VirtualService')) expect(rivalsOf(claimsOf(object, index)[0], index).all).toEqual([object]);
  });
});
