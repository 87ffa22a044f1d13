import { celRuntimeObjection } from '../../src/traffic/cel-runtime';

const chain = (item: string, sign: string) => (n: number) => Array<string>(n + 1).fill(item).join(sign);
const around = (before: string, inner: string, after: string) => (n: number) => before.repeat(n) + inner + after.repeat(n);

describe('the nesting that Envoy\'s CEL takes', () => {
  // The largest numbers that `envoy --mode validate` of Envoy 1.40 takes.
  test.each<[string, (n: number) => string, number]>([
    ['parentheses', around('(', 'true', ')'), 32],
    ['negated parentheses', around('!(', 'true', ')'), 31],
    ['parentheses behind &&', n => `true && ${around('(', 'true', ')')(n)}`, 31],
    ['sums', n => `${chain('1', '+')(n)}>0`, 30],
    ['sums in parentheses', n => `${around('1+(', '1', ')')(n)}>0`, 30],
    ['fields', n => `request${'.a'.repeat(n)}`, 31],
    ['keys', n => `request${"['a']".repeat(n)}`, 31],
    ['keys in keys', n => `${around('request[', '"a"', ']')(n)} == 1`, 30],
    ['lists', n => `${around('[', '1', ']')(n)} == [1]`, 30],
    ['maps', n => `${around('{1:', '1', '}')(n)} == {1:1}`, 30],
    ['choices', n => `${'true ? true : '.repeat(n)}true`, 31],
    ['calls', n => `${around('size([', '1', '])')(n)} == 1`, 15],
    ['comparisons', chain('true', ' == '), 31],
  ])('%s', (_, of, most) => {
    expect(celRuntimeObjection(of(most))).toBeUndefined();
    expect(celRuntimeObjection(of(most + 1))).toEqual([expect.stringContaining('and Envoy\'s CEL takes at most 32'), expect.any(String)]);
  });

  test.each([['conjunctions', chain('true', ' && ')(400)], ['negations', `${'!'.repeat(400)}true`]])('any number of %s', (_, expression) => {
    expect(celRuntimeObjection(expression)).toBeUndefined();
  });
});
