import * as fc from 'fast-check';
import type { PrefixMatch } from '../../src/analysis/facts/earlier-prefixes';
import { EarlierPrefixes } from '../../src/analysis/facts/earlier-prefixes';
import type { HTTPMatchRequest, StringMatch } from '../../src/manifest/istio-specs.generated';

function prefixMatch(prefix: string, more: HTTPMatchRequest = {}): PrefixMatch {
  return { path: '', entry: '', prefix, match: { uri: { prefix }, ...more } };
}

/** The part of a condition that istiod compares: `assignExactOrPrefix` of its validation. */
function comparable(condition: StringMatch | undefined): string {
  if (condition?.exact) return `exact ${condition.exact}`;
  return condition?.prefix ? `prefix ${condition.prefix}` : '';
}

/** Whether istiod finds a later match inside an earlier one. */
function isInside(later: PrefixMatch, earlier: PrefixMatch): boolean {
  if (earlier.prefix === later.prefix || !later.prefix.startsWith(earlier.prefix)) return false;
  const method = ({ match }: PrefixMatch) => comparable(match.method) || 'exact GET';
  if ((earlier.match.port ?? 0) !== (later.match.port ?? 0) || !method(earlier).startsWith(method(later))) return false;
  return (['headers', 'queryParams', 'withoutHeaders'] as const).every(field => {
    const [some, others] = [earlier.match[field] ?? {}, later.match[field] ?? {}];
    return Object.keys(some).length === Object.keys(others).length
      && Object.entries(some).every(
        ([name, condition]) => Object.hasOwn(others, name) && comparable(condition).startsWith(comparable(others[name])),
      );
  });
}

const string = fc.constantFrom<StringMatch>({ exact: 'a' }, { exact: 'ab' }, { prefix: 'a' }, { prefix: 'ab' }, { regex: 'a.*' });
const match: fc.Arbitrary<PrefixMatch> = fc.tuple(fc.constantFrom('/', '/a', '/a/', '/a/b', '/a/b/c', '/b'), fc.record({
  method: fc.constantFrom({ exact: 'GET' }, { exact: 'G' }),
  port: fc.constantFrom(80, 81),
  headers: fc.dictionary(fc.constantFrom('x', 'y'), string, { maxKeys: 1 }),
  withoutHeaders: fc.dictionary(fc.constant('x'), string, { maxKeys: 1 }),
}, { requiredKeys: [] })).map(([prefix, more]) => prefixMatch(prefix, more));

describe('the first earlier prefix that contains a later one', () => {
  test('equals the result of comparing with each in turn', () => {
    let inside = 0;
    fc.assert(fc.property(fc.array(match, { minLength: 2, maxLength: 12 }), all => {
      const earlier = new EarlierPrefixes();
      for (const [i, later] of all.entries()) {
        const expected = all.slice(0, i).find(one => isInside(later, one));
        if (expected) inside++;
        expect(earlier.containing(later)?.match).toEqual(expected?.match);
        earlier.add(later);
      }
    }), { numRuns: 2_000, seed: 15 });
    expect(inside).toBeGreaterThan(500);
  });

  test('is found by its conditions among many others', () => {
    const earlier = new EarlierPrefixes();
    for (let i = 0; i < 1_000; i++) earlier.add(prefixMatch('/a', { headers: { tenant: { exact: `t${i}` } } }));
    const later = (tenant: string) => prefixMatch('/a/b', { headers: { tenant: { exact: tenant } } });
    expect(earlier.containing(later('t700'))).toMatchObject({ match: { headers: { tenant: { exact: 't700' } } } });
    expect(earlier.containing(later('other'))).toBeUndefined();
  });
});
