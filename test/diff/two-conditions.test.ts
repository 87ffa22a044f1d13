import { changes, routes, to, VERSIONS, WORLD } from './sides';

const matching = (match: string) => WORLD + VERSIONS + routes(`[{ match: [${match}], ${to({ v2: 1 })} }, { ${to({ v1: 1 })} }]`);
const PREFIX = 'headers: { x-a: { prefix: a } }';

describe('of two conditions on one header of a rule, each is compared', () => {
  test.each([
    ['a value that withoutHeaders takes away', `{ ${PREFIX} }`, `{ ${PREFIX}, withoutHeaders: { x-a: { exact: ab } } }`],
    [
      'another value that withoutHeaders takes away',
      `{ ${PREFIX}, withoutHeaders: { x-a: { exact: ab } } }`, `{ ${PREFIX}, withoutHeaders: { x-a: { exact: ac } } }`,
    ],
    ['a header in two spellings', `{ ${PREFIX} }`, '{ headers: { x-a: { prefix: a }, X-A: { prefix: ab } } }'],
    ['presence beside a negated value', '{ withoutHeaders: { x-a: { exact: a } } }', '{ headers: { x-a: {} }, withoutHeaders: { x-a: { exact: a } } }'],
    ['a method and a pseudo-header', '{ method: { prefix: P } }', '{ method: { prefix: P }, headers: { ":method": { exact: PUT } } }'],
    ['a path and a pseudo-header', '{ uri: { prefix: /a } }', '{ uri: { prefix: /a }, withoutHeaders: { ":path": { exact: /ab } } }'],
    ['an authority and host', '{ authority: { prefix: c } }', '{ authority: { prefix: c }, headers: { host: { exact: catalog } } }'],
    ['one of two matches', '{ headers: { x-a: { exact: a } } }, { headers: { x-a: { exact: b } } }', '{ headers: { x-a: { exact: a } } }'],
  ])('%s', (_, old, now) => {
    expect(changes(matching(old), matching(now))).not.toEqual([]);
    expect(changes(matching(now), matching(old))).not.toEqual([]);
  });

  test('a rule with two conditions that exclude each other takes nothing', () => {
    const none = WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`);
    expect(changes(matching('{ headers: { x-a: { exact: a } }, withoutHeaders: { x-a: { exact: a } } }'), none)).toEqual([]);
  });

  test('two matches that a regex joins are the same', () => {
    const two = '{ headers: { x-a: { exact: a } } }, { headers: { x-a: { exact: b } } }';
    expect(changes(matching(two), matching('{ headers: { x-a: { regex: a|b } } }'))).toEqual([]);
  });

  test('a second condition that only a repeated header can fail is of low risk', () => {
    const [one, two] = ['', ', withoutHeaders: { x-a: { exact: b } }'].map(more => matching(`{ headers: { x-a: { exact: a } }${more} }`));
    expect(changes(one, two)).toMatchObject([{ risk: 'low', example: { headers: { 'x-a': ['a', 'b'] } } }]);
  });
});

test('a fault of 0 % and another case of a header name change nothing', () => {
  const routed = (more: string) => WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })}${more} }]`);
  const fault = (value: number) => routed(`, fault: { abort: { httpStatus: 500, percentage: { value: ${value} } } }`);
  expect(changes(routed(''), fault(0))).toEqual([]);
  expect(changes(fault(0), fault(1))).toMatchObject([{ kind: 'fault', before: 'none', after: '500 for 1 %' }]);
  const header = (name: string) => routed(`, headers: { request: { set: { ${name}: a } } }`);
  expect(changes(header('X-Team'), header('x-team'))).toEqual([]);
});
