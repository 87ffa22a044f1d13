import type { Mutant } from '../../conformance/mutation/instrument';
import { instrumented, SWITCHBOARD } from '../../conformance/mutation/instrument';
import { Switchboard } from '../../conformance/mutation/switchboard';

/** A function, with all of its mistakes, and its result with each of them. */
function mistaken(source: string, ...given: readonly unknown[]): {
  readonly right: unknown;
  readonly wrong: { readonly [mistake: string]: unknown };
} {
  const mutants: Mutant[] = [];
  const code = instrumented(`export function it${source}`, 'it.ts', mutants);
  const switchboard = new Switchboard();
  const exported: { it?: (...values: readonly unknown[]) => unknown } = {};
  new Function('exports', SWITCHBOARD, code)(exported, switchboard);
  const ask = (mistake: number) => switchboard.with(mistake, () => {
    try {
      return exported.it!(...given);
    } catch (error) {
      return (error as Error).message;
    }
  });
  return { right: ask(-1), wrong: Object.fromEntries(mutants.map(({ id, mistake, text }) => [`${mistake}: ${text}`, ask(id)])) };
}

describe('mistakes are inserted into a program by its syntax', () => {
  test('a condition becomes true and false, and a comparison its opposite', () => {
    expect(mistaken('(port: number) { return port === 80 ? "http" : "tcp"; }', 80)).toEqual({
      right: 'http',
      wrong: {
        'condition always true: port === 80': 'http',
        'condition always false: port === 80': 'tcp',
        '!== for ===: port === 80': 'tcp',
        'number off by one: 80': 'tcp',
        'another string: "http"': 'http~',
        'another string: "tcp"': 'http',
      },
    });
  });

  test('a default is removed, and replaces the value', () => {
    expect(mistaken('(stated?: string) { return stated ?? other(); } function other() { return undefined; }', 'stated').wrong).toEqual({
      'left side alone: stated ?? other()': 'stated', 'right side alone: stated ?? other()': undefined,
    });
  });

  test('a spread and a field are removed', () => {
    expect(mistaken('(more: object) { return { ...more, field: [...Object.keys(more)] }; }', { a: 1 }).wrong).toEqual({
      'spread left out: more': { field: ['a'] },
      'field left out: [...Object.keys(more)]': { a: 1, field: undefined },
      'spread left out: Object.keys(more)': { a: 1, field: [] },
      'values for keys: Object.keys(more)': { a: 1, field: [1] },
    });
  });

  test('arguments are swapped, and list methods are removed, also in an optional chain', () => {
    expect(mistaken('(a: number, b: number) { return minus(a, b); } function minus(a: number, b: number) { return a - b; }', 3, 1).wrong)
      .toEqual({ 'arguments swapped: minus(a, b)': -2, 'sides swapped: a - b': -2 });
    const named =
      '(list?: string[]) { return list?.filter(isLong).map(name => name.length); } function isLong(name: string) { return name !== "a"; }';
    expect(mistaken(named, ['a', 'bb'])).toMatchObject({ right: [2], wrong: { '=== for !==: name !== "a"': [1] } });
    expect(mistaken(named).right).toBeUndefined();
  });

  test('a statement is removed, and an else stays with its if', () => {
    const { right, wrong } = mistaken('(is: boolean) { let found = ""; if (is) found += "a"; else found += "b"; return found; }', true);
    expect(right).toBe('a');
    expect(wrong).toMatchObject({ 'statement left out: found += "a";': '', 'condition always false: is': 'b' });
  });

  test('a loop that becomes endless by a mistake is stopped', () => {
    expect(mistaken('() { let n = 3; while (n > 0) n--; return n; }').wrong['statement left out: n--;']).toBe('the loop does not end');
  });

  test('a mistake is identified by its function and text, at any line', () => {
    const found = (source: string) => {
      const mutants: Mutant[] = [];
      instrumented(source, 'it.ts', mutants);
      return mutants.map(({ where, mistake, text, isStatic }) => [where, mistake, text, isStatic]);
    };
    const source = 'class Chain { private readonly last = 1;\n match(a) {\n return !a; } }\nconst NAMES = ["a"];';
    expect(found(source)).toEqual([
      ['Chain.last', 'number off by one', '1', false], [
        'Chain.match',
        'negation left out',
        '!a',
        false,
      ], ['NAMES', 'another string', '"a"', true],
    ]);
    expect(found(`// a comment\n\n${source}`)).toEqual(found(source));
  });
});
