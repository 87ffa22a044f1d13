import fc from 'fast-check';
import type { Route, RouteMatch } from '../../src/envoy/xds/route';
import type { Arrival } from '../../src/proof/arrival';
import type { Differences } from '../../src/proof/differences';
import { differencesOf } from '../../src/proof/differences';
import { RouteTable } from '../../src/proof/route-table';
import { requestOf } from '../../src/simulator/request';
import { conditionsOf } from '../../src/simulator/route-match';

type Rule = readonly [RouteMatch, string];

const ARRIVAL: Arrival = { domains: ['shop'], ignorePort: true, authority: 'shop', others: [], schemes: ['http', 'https'] };

function compare(old: readonly Rule[], now: readonly Rule[]): Differences {
  const to = (rules: readonly Rule[], index: number) => rules[index]?.[1] ?? 'nothing';
  const differ = (before: { readonly index: number }, after: { readonly index: number }) => to(old, before.index) !== to(now, after.index);
  return differencesOf(tableOf(old), tableOf(now), { mayDiffer: differ, telling: () => ({ have: [], areAll: false }), differ }, ARRIVAL);
}

function tableOf(rules: readonly Rule[]): RouteTable {
  return new RouteTable(rules.map(([match]): Route => ({ match })), false);
}

/** Where the simulator sends a request: `METHOD path header`. */
function simulated(rules: readonly Rule[], method: string, path: string, x: string | undefined): string {
  const request = requestOf(method, `http://shop${path}`, x === undefined ? {} : { headers: { x } });
  return rules.find(([match]) => conditionsOf(match).every(condition => condition.takes(request)))?.[1] ?? 'nothing';
}

const x = (exact: string) => [{ name: 'x', stringMatch: { exact } }];
const notX = (exact: string) => [{ name: 'x', stringMatch: { exact }, invertMatch: true, treatMissingHeaderAsEmpty: true }];
const same = { differences: [], open: [] };

describe('two tables of routes', () => {
  test('are the same where no request reaches what differs', () => {
    const both: Rule[] = [[{ prefix: '/', headers: x('a') }, 'old'], [{ prefix: '/', headers: notX('a') }, 'new']];
    expect(compare([...both, [{ prefix: '/' }, 'shop']], [...both, [{ prefix: '/' }, 'old']])).toEqual(same);
  });

  test('are the same where a regex says what two paths say', () => {
    const end: Rule = [{ prefix: '/' }, 'shop'];
    expect(compare([[{ safeRegex: { regex: '/a|/b' } }, 'old'], end], [[{ path: '/a' }, 'old'], [{ path: '/b' }, 'old'], end])).toEqual(
      same,
    );
  });

  test('differ for a request that they treat in two ways', () => {
    const { differences, open } = compare(
      [
        [{ prefix: '/a' }, 'v1'],
        [{ prefix: '/' }, 'v1'],
      ],
      [
        [{ prefix: '/a' }, 'v2'],
        [{ prefix: '/' }, 'v1'],
      ],
    );
    expect(open).toEqual([]);
    expect(differences.map(({ example, isRepeated }) => [example.sample('path'), isRepeated])).toEqual([[['/a'], false]]);
  });

  test('differ for a header with two values alone, where the order of two values changes', () => {
    const [a, b]: Rule[] = [[{ prefix: '/', headers: x('a') }, 'v1'], [{ prefix: '/', headers: x('b') }, 'v2']];
    expect(compare([a, b], [b, a]).differences.map(({ example, isRepeated }) => [example.sample('header x'), isRepeated])).toEqual([
      [['a', 'b'], true],
    ]);
  });

  test('are not decided where a condition is not understood', () => {
    const odd = { prefix: '/', filterState: 1 } as RouteMatch;
    expect(compare([[odd, 'v1']], [[odd, 'v2']])).toMatchObject({ differences: [], open: [{}] });
    expect(compare([[odd, 'v1']], [[odd, 'v1']])).toEqual(same);
  });

  describe('of generated rules', () => {
    const paths: RouteMatch[] = [{ prefix: '/' }, { path: '/a' }, { path: '/b' }, { prefix: '/a' }, { pathSeparatedPrefix: '/a' }, { prefix: '/a/' }, { safeRegex: { regex: '/a|/b' } },
      { safeRegex: { regex: '/a/.*' } }, { safeRegex: { regex: '/[ab].*' } }, { safeRegex: { regex: '.*b' } }, {
        path: '/A',
        caseSensitive: false,
      }, { safeRegex: { regex: '/.*' } }];
    const headers: RouteMatch['headers'][] = [undefined, undefined, undefined, x('a'), x('b'), notX('a'), notX('b'), [
      { name: 'x', presentMatch: true },
    ],
    [{ name: 'x', presentMatch: true, invertMatch: true }], [{ name: 'x', stringMatch: { safeRegex: { regex: 'a|b' } } }],
    [{ name: ':method', stringMatch: { exact: 'POST' } }], [
      { name: ':method', stringMatch: { safeRegex: { regex: 'GET|HEAD' } }, invertMatch: true },
    ]];
    const match = fc
      .tuple(fc.constantFrom(...paths), fc.constantFrom(...headers))
      .map(([path, list]): RouteMatch => ({ ...path, ...(list ? { headers: list } : {}) }));
    const rules = fc.array(fc.tuple(match, fc.constantFrom('v1', 'v2')), { maxLength: 6 });
    const requests = ['GET', 'POST', 'PUT'].flatMap(method => [
      '/', '/a', '/A', '/b', '/ab', '/a/', '/a/c', '/a/b', '/bb', '/bc', '/c', '/cb', '/ac',
    ].flatMap(path => (
      [undefined, 'a', 'b', 'c'].map(value => [method, path, value] as const))));

    const holds = (old: readonly Rule[], now: readonly Rule[]) => {
      const { differences, open } = compare(old, now);
      const once = differences.filter(({ isRepeated }) => !isRepeated);
      const isWitnessed = once.every(({ example, before, after }) => {
        const [method, path, value] = (['method', 'path', 'header x'] as const).map(field => example.sample(field)[0]);
        return (
          simulated(old, method, path, value) === (old[before.index]?.[1] ?? 'nothing')
          && simulated(now, method, path, value) === (now[after.index]?.[1] ?? 'nothing')
        );
      });
      const isSame = requests.every(([method, path, value]) => simulated(old, method, path, value) === simulated(now, method, path, value));
      return open.length === 0 && isWitnessed && isSame === (once.length === 0);
    };

    test('differ where the simulator sends a request to two places, and nowhere else', () => {
      fc.assert(fc.property(rules, rules, holds), { numRuns: 200 });
    });

    test('differ where one rule is changed, gone or moved and a request notices', () => {
      fc.assert(fc.property(rules, fc.nat(5), fc.nat(5), (old, a, b) => {
        const now: Rule[] = [...old];
        const [taken] = now.splice(a % Math.max(1, now.length), 1);
        if (taken && b > 0) now.splice(b % (now.length + 1), 0, b === 1 ? [taken[0], 'v3'] : taken);
        return holds(old, now);
      }), { numRuns: 200 });
    });
  });
});
