import type { StringConditions } from './condition';
import type { StringCondition } from './string-condition';
import { re2Quote as quote } from '../traffic/re2';

/** The header that holds cookies. */
export const COOKIE = 'cookie';

/** The maximum number of cookies in a regex, which lists them in every order. */
export const MOST_COOKIES = 3;

/** The regex on the `cookie` header that matches all of these cookies, in any order. */
export function cookieRegex(cookies: StringConditions): string {
  const pairs = Object.keys(cookies).sort().map(name => `${quote(name)}=${valueRegex(cookies[name])}`);
  const orders = permutations(pairs).map(order => `(.*;\\s*)?${order.join('(;.*)?;\\s*')}(;.*)?`);
  return orders.length === 1 ? orders[0] : orders.map(o => `(${o})`).join('|');
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map(rest => [item, ...rest]));
}

function valueRegex(c: StringCondition): string {
  if (c.exact !== undefined) return quote(c.exact);
  if (c.prefix !== undefined) return `${quote(c.prefix)}[^;]*`;
  return c.regex === undefined ? '[^;]*' : `(${c.regex})`;
}
