import { re2Matches } from '../traffic/re2';

/** A text's condition as Istio writes it. An empty object means that the text is there, whatever it is. */
export interface StringCondition {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** The conjunction of two conditions: a condition, nothing at all, or something that Istio cannot state. */
export type Conjunction<T> = { readonly is: T } | 'nothing' | 'unstatable';

const EVERYTHING = new Set(['.*', '[\\s\\S]*']);

export function isPresence(c: StringCondition): boolean {
  return c.exact === undefined && c.prefix === undefined && (c.regex === undefined || EVERYTHING.has(c.regex));
}

/** The condition by its kind and value, for messages. */
export function describeCondition(c: StringCondition | undefined): string {
  const { exact, prefix, regex } = c ?? {};
  if (exact !== undefined) return `exact '${exact}'`;
  if (prefix !== undefined) return `prefix '${prefix}'`;
  return regex === undefined ? 'present' : `regex '${regex}'`;
}

/** Whether a text meets a condition. */
export function meets(c: StringCondition, text: string): boolean {
  if (c.exact !== undefined) return c.exact === text;
  if (c.prefix !== undefined) return text.startsWith(c.prefix);
  return c.regex === undefined || re2Matches(c.regex, text);
}

/**
 * Both conditions at once. Regexes are known only by running them on an exact text, and by being written alike; any other pair
 * with a regex counts as overlapping in a way that Istio cannot state.
 */
export function both(a: StringCondition, b: StringCondition): Conjunction<StringCondition> {
  if (isPresence(a)) return { is: b };
  if (isPresence(b)) return { is: a };
  if (a.exact !== undefined) return meets(b, a.exact) ? { is: a } : 'nothing';
  if (b.exact !== undefined) return meets(a, b.exact) ? { is: b } : 'nothing';
  if (a.regex !== undefined || b.regex !== undefined) return a.regex === b.regex ? { is: a } : 'unstatable';
  if (a.prefix!.startsWith(b.prefix!)) return { is: a };
  return b.prefix!.startsWith(a.prefix!) ? { is: b } : 'nothing';
}

/** Whether every text that meets `a` is known to meet `b`. */
export function isWithin(a: StringCondition, b: StringCondition): boolean {
  if (isPresence(b)) return true;
  if (a.exact !== undefined) return meets(b, a.exact);
  if (a.regex !== undefined) return a.regex === b.regex;
  return a.prefix !== undefined && b.prefix !== undefined && a.prefix.startsWith(b.prefix);
}

/** A path's condition with its case rule. Regexes ignore the rule, as in Istio. */
export interface PathCondition extends StringCondition {
  readonly ignoreCase?: boolean;
}

function lower(c: PathCondition): PathCondition {
  return { exact: c.exact?.toLowerCase(), prefix: c.prefix?.toLowerCase(), regex: c.regex };
}

function ignoresCase(c: PathCondition): boolean {
  return c.ignoreCase === true && c.regex === undefined;
}

/** Whether a path condition holds for every path: paths start with a slash. */
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
  if (strict.regex !== undefined) return 'unstatable';
  const folded = both(lower(loose), lower(strict));
  if (typeof folded === 'string') return folded;
  return isPathWithin(strict, loose) ? { is: strict } : 'unstatable';
}

/** {@link isWithin} for paths. */
export function isPathWithin(a: PathCondition, b: PathCondition): boolean {
  if (isPresence(b)) return true;
  if (ignoresCase(b)) return isWithin(lower(a), lower(b));
  return !ignoresCase(a) && isWithin(a, b);
}
