import * as fc from 'fast-check';
import type { MatchTerm } from '../../src/manifest/condition';
import { cookieRegex } from '../../src/manifest/cookie-regex';
import { istioMatch } from '../../src/manifest/istio-match';
import { areDisjoint, conjunction, isTermWithin } from '../../src/manifest/match-algebra';
import { re2Matches } from '../../src/traffic/re2';
import type { HttpRoute, Request } from '../requests';
import { take } from '../requests';

const text = fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/ab', '/b');
const value = fc.constantFrom('x', 'xy', 'xyz', 'y', '');
const condition = (texts: fc.Arbitrary<string>) => fc.oneof(
  texts.map(exact => ({ exact })),
  texts.filter(t => t !== '').map(prefix => ({ prefix })),
  fc.constantFrom('x.*', '/a(/.*)?', 'x|y', '.*').map(regex => ({ regex })),
);
const conditions = fc.dictionary(fc.constantFrom('h', 'k'), fc.oneof(condition(value), fc.constant({})), { maxKeys: 2 });
const term: fc.Arbitrary<MatchTerm> = fc.record({
  uri: fc.oneof(condition(text), text.map(exact => ({ exact, ignoreCase: true })), text.map(prefix => ({ prefix, ignoreCase: true }))),
  method: fc.constantFrom('GET', 'POST').map(exact => ({ exact })),
  headers: conditions,
  withoutHeaders: conditions,
}, { requiredKeys: [] });
const request: fc.Arbitrary<Request> = fc.record({
  path: fc.oneof(text, fc.constantFrom('/A', '/A/b', '/a/B/c')),
  method: fc.constantFrom('GET', 'POST'),
  headers: fc.dictionary(fc.constantFrom('h', 'k'), value, { maxKeys: 2 }),
});

const takes = (match: MatchTerm, of: Request) =>
  take([{ name: 'it', match: [istioMatch(match)], route: [] } as unknown as HttpRoute], of) !== undefined;

describe('the conjunction of two matches', () => {
  test('is met by a request if and only if each match is met', () => {
    fc.assert(fc.property(term, term, request, (a, b, r) => {
      const result = conjunction(a, b);
      if (typeof result === 'object' && 'inexpressible' in result) return;
      expect(result === 'nothing' ? false : takes(result.term, r)).toBe(takes(a, r) && takes(b, r));
    }), { numRuns: 3000 });
  });

  test('is disjoint only if no request meets both', () => {
    fc.assert(fc.property(term, term, request, (a, b, r) => {
      if (areDisjoint([a], [b])) expect(takes(a, r) && takes(b, r)).toBe(false);
    }), { numRuns: 3000 });
  });

  test('is one within the other only if every request of one meets the other', () => {
    fc.assert(fc.property(term, term, request, (a, b, r) => {
      if (isTermWithin(a, b) && takes(a, r)) expect(takes(b, r)).toBe(true);
    }), { numRuns: 3000 });
  });

  test('is the narrower condition on a header if one implies the other, and cannot be expressed for two regexes', () => {
    const header = (c: object): MatchTerm => ({ headers: { h: c } });
    expect(conjunction(header({ prefix: 'in' }), header({ exact: 'internal' }))).toEqual({ term: header({ exact: 'internal' }) });
    expect(conjunction(header({ exact: 'a' }), header({ exact: 'b' }))).toBe('nothing');
    expect(conjunction(header({ regex: 'a.*' }), header({ regex: '.*b' }))).toEqual({
      inexpressible: "headers['h'] regex 'a.*' and regex '.*b'",
    });
    expect(conjunction(header({ regex: 'a.*' }), header({ exact: 'abc' }))).toEqual({ term: header({ exact: 'abc' }) });
  });
});

describe('cookies', () => {
  const regex = cookieRegex({ user: { exact: 'jason' }, beta: {} });

  test.each([
    ['user=jason; beta=1', true],
    ['beta=; user=jason', true],
    ['a=b; beta=on; c=d; user=jason; e=f', true],
    ['user=jasonx; beta=1', false],
    ['xuser=jason; beta=1', false],
    ['user=jason', false],
  ])('%s meets both of two cookies: %s', (header, holds) => {
    expect(re2Matches(regex, header)).toBe(holds);
  });

  test('combine with a condition on the cookie header only if Istio can express both', () => {
    const cookies: MatchTerm = { cookies: { user: { exact: 'jason' } } };
    expect(conjunction(cookies, { headers: { cookie: { exact: 'user=jason' } } })).toEqual({
      term: { cookies: undefined, headers: { cookie: { exact: 'user=jason' } } },
    });
    expect(conjunction(cookies, { headers: { cookie: { regex: '.*user.*' } } })).toHaveProperty('inexpressible');
    expect(conjunction(cookies, { headers: { cookie: {} } })).toEqual({ term: cookies });
  });
});
