import type { RegexMatchAndSubstitute } from '../envoy/xds/matcher';
import type { RedirectAction, Route, RouteMatch } from '../envoy/xds/route';
import { re2Replace } from '../traffic/re2';

/** What a route makes of the paths that it takes. */
export interface PathChange {
  /** Equal for changes that are the same for each path that both routes take, as far as that is told from how they are written. */
  readonly key: string;
  readonly words: string;
  /** The regex that a path must match to be changed. */
  readonly regex?: string;
  /** Whether it is known to look only at `start` in the paths that begin with it, and to leave the rest as it is. */
  leavesRest(start: string): boolean;
  of(path: string): string;
}

/** What a route makes of paths that rewrites none. */
export const UNCHANGED: PathChange = { key: 'unchanged', words: 'none', leavesRest: () => true, of: path => path };

/** What a route makes of paths, when it sends requests on or redirects them. */
export function pathChangeOf({ match, route, redirect }: Route): PathChange {
  const { pathRedirect } = redirect ?? {};
  if (pathRedirect !== undefined && pathRedirect !== '') return whole(pathRedirect);
  const { prefixRewrite, regexRewrite }: Pick<RedirectAction, 'prefixRewrite' | 'regexRewrite'> = route ?? redirect ?? {};
  if (prefixRewrite !== undefined && prefixRewrite !== '') return withoutMatch(match, prefixRewrite);
  return regexRewrite ? replaced(regexRewrite) : UNCHANGED;
}

function whole(to: string): PathChange {
  return { key: `whole ${to}`, words: `the path to ${to}`, leavesRest: () => false, of: () => to };
}

/** The matched part replaced: a prefix, or the whole path where the match is an exact path or a regex. */
function withoutMatch({ prefix, pathSeparatedPrefix, caseSensitive }: RouteMatch, to: string): PathChange {
  const start = prefix ?? pathSeparatedPrefix;
  if (start === undefined) return whole(to);
  // What both end in stays where it is: /a/ to /b/ makes of a path what /a to /b makes of it.
  let same = 0;
  while (same < Math.min(start.length, to.length) && start[start.length - 1 - same] === to[to.length - 1 - same]) same++;
  const kept = caseSensitive === false ? 0 : same;
  const [from, by] = [start.slice(0, start.length - kept), to.slice(0, to.length - kept)];
  return {
    key: `start ${from.length} ${by}`,
    words: `${start} at the start of the path to ${to}`,
    leavesRest: known => known.length >= from.length,
    of: path => by + path.slice(from.length),
  };
}

/** Whether two changes are known to make the same of each path that begins with `start`. */
export function areAlike(a: PathChange, b: PathChange, start: string): boolean {
  return a.key === b.key || (a.leavesRest(start) && b.leavesRest(start) && a.of(start) === b.of(start));
}

function replaced({ pattern: { regex }, substitution = '' }: RegexMatchAndSubstitute): PathChange {
  return {
    key: `regex ${regex} ${substitution}`,
    words: `${regex} in the path to ${substitution}`,
    regex,
    leavesRest: start => replacesStart(regex, substitution, start),
    of: path => re2Replace(regex, path, substitution) || path,
  };
}

/** A regex of a literal at the start of the path, or of a literal and all that follows it. */
const LITERAL = /^(\^?)((?:[\w/~%@&=,;:!-]|\\[^\w\s])+)(\(\.\*\)\$?)?$/;

/** Whether a regex replaces at most the literal that it begins with, in the paths with some start: `^/a/`, or `/a/(.*)` by `/b/\1`. */
function replacesStart(regex: string, substitution: string, start: string): boolean {
  const [, anchor, escaped, rest] = LITERAL.exec(regex) ?? [];
  const by = rest === undefined ? substitution : substitution.replace(/\\1$/, '');
  // Envoy keeps a path that would become empty.
  if (escaped === undefined || by === '' || by.includes('\\') || (rest !== undefined && by === substitution)) return false;
  const literal = escaped.replace(/\\(.)/g, '$1');
  // Without an anchor, a path with another start may have the literal further on.
  return start.startsWith(literal) ? rest !== undefined || anchor !== '' : anchor !== '' && start.length >= literal.length;
}
