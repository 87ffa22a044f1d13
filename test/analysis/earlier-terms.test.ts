import * as fc from 'fast-check';
import type { VirtualService } from '../../src/analysis/facts/virtual-services';
import type { PlacedTerm } from '../../src/analysis/placed-terms';
import { EarlierTerms } from '../../src/analysis/placed-terms';
import { termOf } from '../../src/analysis/terms';
import { isCovered } from '../../src/manifest/covered-terms';
import type { HTTPMatchRequest } from '../../src/manifest/istio-specs.generated';
import { literalPrefix, re2Matches } from '../../src/traffic/re2';

const OBJECT = { kind: 'VirtualService', metadata: { name: 'catalog' } } as VirtualService;

function placed(match: HTTPMatchRequest): PlacedTerm {
  return { object: OBJECT, term: termOf(match), path: '', route: {}, place: 0, match };
}

const STRINGS = ['/', '/a', '/A', '/a/b', '/ab', '/b', 'GET', '', 'a.b'];
const REGEXES = ['.*', '/.*', '/a.*', '/a/[a-z]+', '(?i)/a', '/a|/b', '/ab?', 'a\\.b', '[', 'GET'];
const string = fc.oneof(
  fc.record({ exact: fc.constantFrom(...STRINGS) }),
  fc.record({ prefix: fc.constantFrom(...STRINGS) }),
  fc.record({ regex: fc.constantFrom(...REGEXES) }),
  fc.constant({}),
);
const named = fc.dictionary(fc.constantFrom('x', 'X', 'y', 'cookie'), string, { maxKeys: 2 });
const FIELDS = {
  uri: string,
  ignoreUriCase: fc.boolean(),
  method: string,
  authority: string,
  headers: named,
  withoutHeaders: named,
  queryParams: named,
  port: fc.constantFrom(80, 81),
  sourceLabels: fc.dictionary(fc.constantFrom('app', 'version'), fc.constantFrom('v1', 'v2'), { maxKeys: 2 }),
  sourceNamespace: fc.constantFrom('shop', 'bank'),
};
/** Few conditions, so one match often contains another. */
const match: fc.Arbitrary<HTTPMatchRequest> = fc.tuple(
  fc.record(FIELDS),
  fc.subarray(Object.keys(FIELDS) as (keyof typeof FIELDS)[], { maxLength: 3 }),
)
  .map(([all, fields]) => Object.fromEntries(fields.map(field => [field, all[field]])));

describe('the first earlier term that contains a term', () => {
  test('equals the result of comparing with each in turn', () => {
    let held = 0;
    fc.assert(fc.property(fc.array(match, { minLength: 1, maxLength: 12 }), match, (earlier, later) => {
      const terms = earlier.map(placed);
      const index = new EarlierTerms<PlacedTerm>();
      terms.forEach(term => index.add(term));
      const one = placed(later);
      const expected = terms.find(({ term }) => isCovered(one.term, term));
      if (expected) held++;
      return index.over(one, () => true) === expected;
    }), { numRuns: 5_000, seed: 15 });
    expect(held).toBeGreaterThan(500);
  });

  test('skips terms that do not count', () => {
    fc.assert(fc.property(fc.array(match, { minLength: 1, maxLength: 8 }), match, fc.nat(7), (earlier, later, left) => {
      const terms = earlier.map(placed);
      const index = new EarlierTerms<PlacedTerm>();
      terms.forEach(term => index.add(term));
      const one = placed(later);
      const isMeant = (other: PlacedTerm) => other !== terms[left];
      expect(index.over(one, isMeant)).toBe(terms.find(other => isMeant(other) && isCovered(one.term, other.term)));
    }), { seed: 15 });
  });

  const MANY = 500;
  test.each<[string, (i: number) => HTTPMatchRequest]>([
    ['paths', i => ({ uri: { exact: `/item-${i}` } })],
    ['prefixes', i => ({ uri: { prefix: `/item-${i}/` } })],
    ['prefixes in any case', i => ({ uri: { prefix: `/Item-${i}/` }, ignoreUriCase: true })],
    ['regexes of paths', i => ({ uri: { regex: `/item-${i}/[0-9]+` } })],
    ['headers of many values', i => ({ method: { exact: 'GET' }, headers: { tenant: { exact: `tenant-${i}` } } })],
    ['headers of many names', i => ({ method: { exact: 'GET' }, headers: { [`tenant-${i}`]: {} } })],
    ['absent headers', i => ({ method: { exact: 'GET' }, withoutHeaders: { [`tenant-${i}`]: {} } })],
    ['query parameters', i => ({ uri: { prefix: '/api' }, queryParams: { item: { exact: `item-${i}` } } })],
    ['callers', i => ({ uri: { prefix: '/api' }, sourceLabels: { app: `app-${i}` } })],
    ['namespaces of callers', i => ({ uri: { prefix: '/api' }, sourceNamespace: `team-${i}` })],
    ['ports', i => ({ uri: { prefix: '/api' }, port: 1000 + i })],
    ['prefixes inside each other', i => ({ uri: { prefix: '/a'.repeat(i + 1) } })],
  ])('is found among %s without comparing all', (_, make) => {
    let compared = 0;
    const index = new EarlierTerms<PlacedTerm>();
    for (let i = 0; i < MANY; i++) {
      const one = placed(make(i));
      index.over(one, () => ++compared > 0);
      index.add(one);
    }
    expect(compared).toBeLessThanOrEqual(MANY);
  });
});

test('the matches of a regex begin with its literal prefix', () => {
  expect(['/part-1/[0-9]+', '/a\\.b', '/ab?', '/ab{2}', 'a|ab', '(?i)ab', '^ab', '.*', '\\d', '\\Qab'].map(literalPrefix))
    .toEqual(['/part-1/', '/a.b', '/a', '/a', '', '', '', '', '', '']);
  for (const [regex, text] of [['/ab?', '/a'], ['/a\\.b.*', '/a.b/c'], ['/ab*', '/a'], ['a|b', 'b']]) {
    expect([re2Matches(regex, text), text.startsWith(literalPrefix(regex))]).toEqual([true, true]);
  }
});
