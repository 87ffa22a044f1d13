import { queryOf, withoutQuery } from './path';
import type { RedirectAction, RouteAction, RouteMatch } from '../envoy/xds/route';
import { re2Replace } from '../traffic/re2';

/** The path that a route sends on, or redirects to, in place of the request's. */
export function rewrittenPath(
  { prefixRewrite, regexRewrite }: Pick<RouteAction & RedirectAction, 'prefixRewrite' | 'regexRewrite'>, match: RouteMatch, path: string,
): string {
  if (prefixRewrite !== undefined && prefixRewrite !== '') return prefixRewrite + path.slice(matchedLength(match, path));
  if (regexRewrite === undefined) return path;
  return re2Replace(regexRewrite.pattern.regex, withoutQuery(path), regexRewrite.substitution ?? '') + queryOf(path);
}

/** How much of the path a match takes, which is what is replaced: the prefix, or all of it. */
function matchedLength(match: RouteMatch, path: string): number {
  return (match.prefix ?? match.pathSeparatedPrefix ?? withoutQuery(path)).length;
}
