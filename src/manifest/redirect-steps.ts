import { areApart, isCovered } from './covered-terms';
import type { HTTPRedirect } from './istio-specs.generated';
import type { MatchTerm } from './match-algebra';
import { followingMethod } from '../traffic/following-method';

/** As many redirects as clients follow. */
export const MOST_REDIRECTS = 20;

type Path = MatchTerm['uri'];

/** The paths by which a match is tried: one where it names one, two that begin with its prefix. */
export function triedPaths({ uri }: MatchTerm): readonly Path[] {
  if (uri?.prefix === undefined || uri.ignoreCase) return [uri];
  return [{ exact: uri.prefix }, { exact: `${uri.prefix}${uri.prefix.endsWith('/') ? '' : '/'}a` }];
}

/** The path that a redirect sends callers to; undefined for any, as before. */
function redirectedPath({ uri, prefixRewrite }: HTTPRedirect, from: Path, match: Path): Path | 'unknown' {
  if (uri) return { exact: uri.split('?')[0].replace(/^(?!\/)/, '/') };
  if (!prefixRewrite) return from;
  return from?.exact !== undefined && match?.prefix !== undefined && !match.ignoreCase
    ? { exact: prefixRewrite.split('?')[0] + from.exact.slice(match.prefix.length) } : 'unknown';
}

/** The method with which callers follow a redirect. Of several methods, it is GET for those of them that may change. */
function followedBy(method: NonNullable<MatchTerm['method']>, status: number): MatchTerm['method'] {
  return method.exact !== undefined ? { exact: followingMethod(method.exact, status) }
    : followingMethod('POST', status) === 'POST' ? method : { exact: 'GET' };
}

/** What callers ask for next whom a match redirects; undefined where that is not known, or at another port. */
export function followedTerm(asked: MatchTerm, match: MatchTerm, redirect: HTTPRedirect): MatchTerm | undefined {
  if (redirect.port !== undefined || redirect.derivePort !== undefined) return undefined;
  const uri = redirectedPath(redirect, asked.uri, match.uri);
  if (uri === 'unknown') return undefined;
  const { authority, uri: _, queryParams, method, ...rest } = asked;
  return {
    ...rest,
    ...method && { method: followedBy(method, redirect.redirectCode || 301) },
    ...uri && { uri },
    ...queryParams && !redirect.uri?.includes('?') && { queryParams },
    ...redirect.authority ? { authority: { exact: redirect.authority } } : authority && { authority },
  };
}

/** The first of some matches that takes requests, if it certainly takes them. `isUnsure`: matches that only some proxies have. */
export function certainTaker<T extends { readonly term: MatchTerm }>(
  asked: MatchTerm, matches: readonly T[], isUnsure: (match: T) => boolean = () => false,
): T | undefined {
  for (const match of matches) {
    const { exact, prefix, ignoreCase } = match.term.uri ?? {};
    const path = asked.uri?.exact;
    if (path !== undefined && !ignoreCase) {
      if (exact !== undefined && exact !== path) continue;
      if (exact === undefined && prefix !== undefined && !path.startsWith(prefix)) continue;
    }
    if (isUnsure(match)) return undefined;
    if (areApart([asked], [match.term])) continue;
    return isCovered(asked, match.term) ? match : undefined;
  }
  return undefined;
}

/** A match of a route, and the redirect that it answers with. */
export interface AnsweredTerm {
  readonly term: MatchTerm;
  readonly redirect?: HTTPRedirect;
}

/** The paths of a loop of redirects within the routes of one host that begins at a match, the last one again and again. */
export function loopFrom<T extends AnsweredTerm>(
  start: T, matches: readonly T[], leaves: (redirect: HTTPRedirect) => boolean,
): readonly string[] | undefined {
  for (const uri of triedPaths(start.term)) {
    let asked: MatchTerm | undefined = { ...start.term, ...uri && { uri } };
    // A request that another match takes first is none of this one's.
    if (certainTaker(asked, matches) !== start) continue;
    const paths: string[] = [];
    for (let step = 0; step < MOST_REDIRECTS && asked; step++) {
      const by: T | undefined = certainTaker(asked, matches);
      asked = by?.redirect && !leaves(by.redirect) ? followedTerm(asked, by.term, by.redirect) : undefined;
      if (asked) paths.push(asked.uri?.exact ?? '');
    }
    if (asked) return [...new Set(paths)];
  }
  return undefined;
}

/** Where a loop leads, in words. */
export function loopText(paths: readonly string[]): string {
  return paths[0] === '' ? 'the same path' : paths.slice(0, 3).map(one => `'${one}'`).join(', then ');
}
