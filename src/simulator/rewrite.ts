import { queryOf, withoutQuery } from './path';
import type { RedirectAction, RouteAction, RouteMatch } from '../envoy/xds/route';
import { re2Replace } from '../traffic/re2';

/** The path that a route forwards or redirects to instead of the request's path. */
export function rewrittenPath(
  { prefixRewrite, regexRewrite }: Pick<RouteAction & RedirectAction, 'prefixRewrite' | 'regexRewrite'>, match: RouteMatch, path: string,
): string {
  if (prefixRewrite !== undefined && prefixRewrite !== '') return prefixRewrite + path.slice(matchedLength(match, path));
  if (regexRewrite === undefined) return path;
  const replaced = re2Replace(regexRewrite.pattern.regex, withoutQuery(path), regexRewrite.substitution ?? '');
  // Envoy keeps the path if nothing is left of it.
  return replaced === '' ? path : replaced + queryOf(path);
}

/** The part of the path that a match covers and a rewrite replaces: the prefix, or the whole path. */
function matchedLength(match: RouteMatch, path: string): number {
  return (match.prefix ?? match.pathSeparatedPrefix ?? withoutQuery(path)).length;
}
