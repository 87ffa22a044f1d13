import type { Conjunction, PathCondition, StringCondition } from './string-condition';
import { both, bothPaths, isPathWithin, isPresence, isWithin } from './string-condition';
import { re2Quote as quote } from '../traffic/re2';

type Conditions = { readonly [name: string]: StringCondition };

/**
 * One alternative of a route's match: Istio's HTTPMatchRequest, with two differences that make it computable. Header names are in lower case,
 * and cookies stand apart from the one header that they become.
 */
export interface MatchTerm {
  readonly uri?: PathCondition;
  readonly scheme?: StringCondition;
  readonly method?: StringCondition;
  readonly authority?: StringCondition;
  readonly headers?: Conditions;
  readonly withoutHeaders?: Conditions;
  readonly queryParams?: Conditions;
  readonly cookies?: Conditions;
  readonly port?: number;
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
}

/** What a conjunction of terms comes to; `unstatable` names the field and both sides. */
export type TermConjunction = { readonly term: MatchTerm } | { readonly unstatable: string } | 'nothing';

const TEXTS = ['scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'queryParams', 'cookies'] as const;

class Unstatable extends Error {}
class Nothing extends Error {}

function take<T>(field: string, a: unknown, b: unknown, result: Conjunction<T>): T {
  if (result === 'nothing') throw new Nothing();
  if (result === 'unstatable') throw new Unstatable(`${field} ${describeCondition(a)} and ${describeCondition(b)}`);
  return result.is;
}

export function describeCondition(c: unknown): string {
  const { exact, prefix, regex } = c as StringCondition;
  if (exact !== undefined) return `exact '${exact}'`;
  if (prefix !== undefined) return `prefix '${prefix}'`;
  return regex === undefined ? 'present' : `regex '${regex}'`;
}

function bothOptional<T>(field: string, a: T | undefined, b: T | undefined, and: (a: T, b: T) => Conjunction<T>): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return take(field, a, b, and(a, b));
}

function equal<T>(a: T, b: T): Conjunction<T> {
  return a === b ? { is: a } : 'nothing';
}

/** Absence of what meets `a` and of what meets `b`: statable where one is the wider, which then says it all. */
function neither(a: StringCondition, b: StringCondition): Conjunction<StringCondition> {
  if (isWithin(b, a)) return { is: a };
  return isWithin(a, b) ? { is: b } : 'unstatable';
}

function bothMaps<T>(field: string, a: { readonly [k: string]: T } = {}, b: { readonly [k: string]: T } = {}, and: (a: T, b: T) => Conjunction<T>) {
  const result: { [k: string]: T } = { ...a };
  for (const [name, value] of Object.entries(b)) {
    result[name] = Object.hasOwn(result, name) ? take(`${field}['${name}']`, result[name], value, and(result[name], value)) : value;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Both terms at once. */
export function conjunction(a: MatchTerm, b: MatchTerm): TermConjunction {
  if (isEmpty(a)) return { term: b };
  if (isEmpty(b)) return { term: a };
  try {
    const term: { -readonly [K in keyof MatchTerm]: MatchTerm[K] } = { uri: bothOptional('uri', a.uri, b.uri, bothPaths) };
    for (const field of TEXTS) term[field] = bothOptional(field, a[field], b[field], both);
    for (const field of MAPS) term[field] = bothMaps(field, a[field], b[field], both);
    term.withoutHeaders = bothMaps('withoutHeaders', a.withoutHeaders, b.withoutHeaders, neither);
    term.port = bothOptional('port', a.port, b.port, equal);
    term.sourceLabels = bothMaps('sourceLabels', a.sourceLabels, b.sourceLabels, equal);
    term.sourceNamespace = bothOptional('sourceNamespace', a.sourceNamespace, b.sourceNamespace, equal);
    return contradictsItself(term) ? 'nothing' : { term: reconcileCookies(compact(term)) };
  } catch (e) {
    if (e instanceof Nothing) return 'nothing';
    if (e instanceof Unstatable) return { unstatable: e.message };
    throw e;
  }
}

/** Whether a term has no condition at all. */
function isEmpty(term: MatchTerm): boolean {
  for (const field in term) if (term[field as keyof MatchTerm] !== undefined) return false;
  return true;
}

function compact(term: MatchTerm): MatchTerm {
  return Object.fromEntries(Object.entries(term).filter(([, value]) => value !== undefined));
}

/** Cookies and a condition on the `cookie` header itself share one header of Istio's, which holds one condition. */
function reconcileCookies(term: MatchTerm): MatchTerm {
  const cookie = term.headers?.cookie;
  if (!term.cookies || !cookie) return term;
  const regex = cookieRegex(term.cookies);
  const result = take('headers[\'cookie\']', cookie, { regex }, both(cookie, { regex }));
  const { cookie: _, ...headers } = term.headers!;
  if (result.regex !== regex) return { ...term, cookies: undefined, headers: { ...headers, cookie: result } };
  return compact({ ...term, headers: Object.keys(headers).length > 0 ? headers : undefined });
}

function contradictsItself(term: MatchTerm): boolean {
  if (Object.keys(term.cookies ?? {}).length > 3) throw new Unstatable(`cookies ${Object.keys(term.cookies!).join(', ')} (one regex states three at most)`);
  return Object.entries(term.withoutHeaders ?? {}).some(([name, absent]) => {
    const there = term.headers && Object.hasOwn(term.headers, name) ? term.headers[name]
      : name === 'cookie' && term.cookies ? {} : undefined;
    return there !== undefined && isWithin(there, absent);
  });
}

/** A value by its name, which may be that of a property that every object has, such as `constructor`. */
function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Whether every request of `a` is known to be one of `b`. */
export function isTermWithin(a: MatchTerm, b: MatchTerm): boolean {
  if (b.uri && !(a.uri ? isPathWithin(a.uri, b.uri) : isAnyPath(b.uri))) return false;
  for (const field of TEXTS) if (b[field] && !(a[field] && isWithin(a[field], b[field]))) return false;
  for (const field of MAPS) {
    const conditions = b[field];
    if (!conditions) continue;
    for (const [name, wanted] of Object.entries(conditions)) {
      const have = own(a[field], name) ?? (field === 'headers' && name === 'cookie' && a.cookies ? { regex: cookieRegex(a.cookies) } : undefined);
      if (!have || !isWithin(have, wanted)) return false;
    }
  }
  if (b.withoutHeaders && !areAbsent(b.withoutHeaders, a)) return false;
  if (b.port !== undefined && a.port !== b.port) return false;
  if (b.sourceLabels) for (const [key, value] of Object.entries(b.sourceLabels)) if (own(a.sourceLabels, key) !== value) return false;
  return b.sourceNamespace === undefined || a.sourceNamespace === b.sourceNamespace;
}

/** Whether no request of a term has a header that meets one of the conditions. */
function areAbsent(conditions: Conditions, a: MatchTerm): boolean {
  for (const [name, absent] of Object.entries(conditions)) {
    const without = own(a.withoutHeaders, name);
    const there = own(a.headers, name);
    const excluded = (without && isWithin(absent, without)) || (there && both(there, absent) === 'nothing');
    if (!excluded) return false;
  }
  return true;
}

/** Whether every request meets a term. */
export function takesEverything(term: MatchTerm): boolean {
  return isTermWithin({}, term);
}

/** Whether a path condition holds for every path: paths start with a slash. */
export function isAnyPath(c: PathCondition): boolean {
  return isPresence(c) || c.prefix === '/' || (c.exact === undefined && c.regex === '/.*');
}

/** Every alternative of `a` lies inside one of `b`'s. */
export function areWithin(a: readonly MatchTerm[], b: readonly MatchTerm[]): boolean {
  return a.every(x => b.some(y => isTermWithin(x, y)));
}

/** Whether a request is known not to meet both. */
export function areDisjoint(a: readonly MatchTerm[], b: readonly MatchTerm[]): boolean {
  return a.every(x => b.every(y => conjunction(x, y) === 'nothing'));
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length < 2 ? [[...items]] : items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map(rest => [item, ...rest]));
}

/** The regex on the `cookie` header that states all of these cookies, in any order. */
export function cookieRegex(cookies: Conditions): string {
  const pairs = Object.keys(cookies).sort().map(name => `${quote(name)}=${valueRegex(cookies[name])}`);
  const orders = permutations(pairs).map(order => `(.*;\\s*)?${order.join('(;.*)?;\\s*')}(;.*)?`);
  return orders.length === 1 ? orders[0] : orders.map(o => `(${o})`).join('|');
}

function valueRegex(c: StringCondition): string {
  if (c.exact !== undefined) return quote(c.exact);
  if (c.prefix !== undefined) return `${quote(c.prefix)}[^;]*`;
  return c.regex === undefined ? '[^;]*' : `(${c.regex})`;
}

/** The text that a term is sorted by where nothing else decides. */
export function canonicalText(term: MatchTerm): string {
  return JSON.stringify(sortKeys(istioMatch(term)));
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sortKeys(v)]));
}

/** The term as Istio writes it. */
export function istioMatch(term: MatchTerm): { readonly [field: string]: unknown } {
  const result: { [field: string]: unknown } = {};
  for (const field of Object.keys(term)) {
    const value = term[field as keyof MatchTerm];
    if (value === undefined || field === 'cookies') continue;
    if (field === 'uri') {
      const { ignoreCase, ...path } = value as PathCondition;
      result.uri = path;
      if (ignoreCase) result.ignoreUriCase = true;
    } else {
      result[field] = value;
    }
  }
  if (term.cookies) result.headers = { ...term.headers, cookie: { regex: cookieRegex(term.cookies) } };
  return result;
}
