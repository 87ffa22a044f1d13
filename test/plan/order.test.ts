import * as fc from 'fast-check';
import type { MatchTerm } from '../../src/manifest/condition';
import { areDisjoint, areWithin } from '../../src/manifest/match-algebra';
import type { Orderable } from '../../src/plan/compile/order';
import { order } from '../../src/plan/compile/order';

const item = (path: string, term: MatchTerm, more: Partial<Orderable> = {}): Orderable => ({
  path,
  terms: [term],
  outcome: () => path,
  ...more,
});
const names = (items: readonly Orderable[]) => items.map(i => i.path);
const prefix = (p: string): MatchTerm => ({ uri: { prefix: p } });
const header = (name: string, exact = 'x'): MatchTerm => ({ headers: { [name]: { exact } } });

describe('order', () => {
  test('puts the narrower match first, in any order of statements', () => {
    const items = [item('all', {}), item('api', prefix('/api')), item('api-v1', prefix('/api/v1'))];
    expect(names(order(items, 'route').items)).toEqual(['api-v1', 'api', 'all']);
    expect(names(order([...items].reverse(), 'route').items)).toEqual(['api-v1', 'api', 'all']);
  });

  test('requires a priority if two matches overlap and neither is narrower', () => {
    expect(order([item('path', prefix('/a')), item('header', header('h'))], 'route').errors).toEqual([
      'routes header and path can both match one request, and neither match is narrower; set a different `priority` on each, the lower number comes first',
    ]);
    const stated = [item('path', prefix('/a'), { priority: 2 }), item('header', header('h'), { priority: 1 })];
    expect(names(order(stated, 'route').items)).toEqual(['header', 'path']);
  });

  test('reports it if both have the same priority', () => {
    const { errors } = order([item('path', prefix('/a'), { priority: 1 }), item('header', header('h'), { priority: 1 })], 'route');
    expect(errors[0]).toContain(
      'routes header and path can both match one request, and neither match is narrower, and both have priority 1; set a different `priority` on each, the lower number comes first',
    );
  });

  test('requires none if both do the same', () => {
    expect(
      order([item('path', prefix('/a'), { outcome: () => 'v2' }), item('header', header('h'), { outcome: () => 'v2' })], 'cohort').errors,
    ).toEqual([]);
  });

  test('rejects a priority that would put the wider match first', () => {
    expect(order([item('narrow', prefix('/a/b'), { priority: 2 }), item('wide', prefix('/a'), { priority: 1 })], 'route').errors[0])
      .toContain('route narrow has priority 2 and wide has 1, but the first match is narrower and would be unreachable after the second');
  });

  test('rejects equal matches', () => {
    expect(order([item('a', prefix('/a')), item('b', prefix('/a'))], 'route').errors[0]).toContain('routes a and b have the same match');
  });

  test('is a function of the set: any permutation has the same order and the same errors', () => {
    const term = fc.oneof(fc.constantFrom('/a', '/a/b', '/c').map(prefix), fc.constantFrom('h', 'k').map(n => header(n)), fc.constant({}));
    const items = fc.uniqueArray(
      fc.tuple(term, fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })),
      { maxLength: 6, selector: t => JSON.stringify(t) },
    )
      .map(tuples => tuples.map(([t, priority], i) => item(`r${i}`, t, { priority })));
    fc.assert(fc.property(items.chain(
      list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    ), ([list, shuffled]) => {
      const [a, b] = [order(list, 'route'), order(shuffled, 'route')];
      expect(b.errors).toEqual(a.errors);
      if (a.errors.length === 0) expect(names(b.items)).toEqual(names(a.items));
    }));
  });

  test('never puts a wider match before a narrower one, and loses none', () => {
    const term = fc.record({
      uri: fc.constantFrom('/a', '/a/b', '/c').map(p => ({ prefix: p })),
      headers: fc.constantFrom('h', 'k').map(n => ({ [n]: { exact: 'x' } })),
    }, { requiredKeys: [] });
    fc.assert(fc.property(fc.uniqueArray(term, { maxLength: 7, selector: t => JSON.stringify(t) }), terms => {
      const items = terms.map((t, i) => item(`r${i}`, t, { priority: i }));
      const ordering = order(items, 'route');
      if (ordering.errors.length > 0) return;
      expect(names(ordering.items).sort()).toEqual(names(items).sort());
      ordering.items.forEach((late, i) => ordering.items.slice(0, i).forEach(early => {
        expect(areWithin(late.terms, early.terms)).toBe(false);
        expect(areDisjoint(early.terms, late.terms) || areWithin(early.terms, late.terms) || early.priority! < late.priority!).toBe(true);
      }));
    }));
  });
});
