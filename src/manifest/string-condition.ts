import { re2Matches } from '../traffic/re2';

/** A condition on a string, in Istio's syntax. An empty object matches any present string. */
export interface StringCondition {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** The conjunction of two conditions: a condition, nothing, or something that Istio cannot express. */
export type Conjunction<T> = { readonly is: T } | 'nothing' | 'inexpressible';

const EVERYTHING = new Set(['.*', '[\\s\\S]*']);

export function isPresence(c: StringCondition): boolean {
  return c.exact === undefined && c.prefix === undefined && (c.regex === undefined || EVERYTHING.has(c.regex));
}

/** The kind and value of a condition, for messages. */
export function describeCondition(c: StringCondition | undefined): string {
  const { exact, prefix, regex } = c ?? {};
  if (exact !== undefined) return `exact '${exact}'`;
  if (prefix !== undefined) return `prefix '${prefix}'`;
  return regex === undefined ? 'present' : `regex '${regex}'`;
}

/** Whether a string meets a condition. */
export function meets(c: StringCondition, text: string): boolean {
  if (c.exact !== undefined) return c.exact === text;
  if (c.prefix !== undefined) return text.startsWith(c.prefix);
  return c.regex === undefined || re2Matches(c.regex, text);
}

/**
 * The conjunction of two conditions. A regex is only compared with an exact string, by running it, and with an equal regex. Any other pair
 * with a regex counts as an overlap that Istio cannot express.
 */
export function both(a: StringCondition, b: StringCondition): Conjunction<StringCondition> {
  if (isPresence(a)) return { is: b };
  if (isPresence(b)) return { is: a };
  if (a.exact !== undefined) return meets(b, a.exact) ? { is: a } : 'nothing';
  if (b.exact !== undefined) return meets(a, b.exact) ? { is: b } : 'nothing';
  if (a.regex !== undefined || b.regex !== undefined) return a.regex === b.regex ? { is: a } : 'inexpressible';
  if (a.prefix!.startsWith(b.prefix!)) return { is: a };
  return b.prefix!.startsWith(a.prefix!) ? { is: b } : 'nothing';
}

/** Whether every string that meets `a` is known to meet `b`. */
export function isWithin(a: StringCondition, b: StringCondition): boolean {
  if (isPresence(b)) return true;
  if (a.exact !== undefined) return meets(b, a.exact);
  if (a.regex !== undefined) return a.regex === b.regex;
  return a.prefix !== undefined && b.prefix !== undefined && a.prefix.startsWith(b.prefix);
}

/** A condition on a path, with ignoreCase. Regexes ignore this flag, as in Istio. */
export interface PathCondition extends StringCondition {
  readonly ignoreCase?: boolean;
}

function lower(c: PathCondition): PathCondition {
  return { exact: c.exact?.toLowerCase(), prefix: c.prefix?.toLowerCase(), regex: c.regex };
}

function ignoresCase(c: PathCondition): boolean {
  return c.ignoreCase === true && c.regex === undefined;
}

/** Whether every path meets a condition. Paths start with a slash. */
export function isAnyPath(c: PathCondition): boolean {
  return isPresence(c) || c.prefix === '/' || (c.exact === undefined && c.regex === '/.*');
}

/** {@link both} for paths, where a side may ignore case. */
export function bothPaths(a: PathCondition, b: PathCondition): Conjunction<PathCondition> {
  if (!ignoresCase(a) && !ignoresCase(b)) return both(a, b);
  if (isPresence(a)) return { is: b };
  if (isPresence(b)) return { is: a };
  if (ignoresCase(a) && ignoresCase(b)) {
    const result = both(lower(a), lower(b));
    return typeof result === 'string' ? result : { is: { ...result.is, ignoreCase: true } };
  }
  const [loose, strict] = ignoresCase(a) ? [a, b] : [b, a];
  if (strict.regex !== undefined) return 'inexpressible';
  const folded = both(lower(loose), lower(strict));
  if (typeof folded === 'string') return folded;
  return isPathWithin(strict, loose) ? { is: strict } : 'inexpressible';
}

/** {@link isWithin} for paths. */
export function isPathWithin(a: PathCondition, b: PathCondition): boolean {
  if (isPresence(b)) return true;
  if (ignoresCase(b)) return isWithin(lower(a), lower(b));
  return !ignoresCase(a) && isWithin(a, b);
}
