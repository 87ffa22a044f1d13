import type { Problem } from './problem';
import type { StringMatch } from './string-match';

const METHOD = /^[A-Z]+$/;

/** What is wrong with a list of HTTP methods, if anything. */
export function methodsProblem(methods: readonly string[]): Problem {
  if (methods.length === 0) return 'methods is an empty list, of which no request can have one; state one, or leave it out for all';
  const bad = methods.find(method => !METHOD.test(method));
  return bad === undefined ? undefined : `methods holds '${bad}', which no request has; write methods in capitals, such as 'GET'`;
}

/** What is wrong with the paths of an AuthorizationPolicy, if anything: it reads `*` and `{…}` as wildcards, and knows no regex. */
export function accessPathsProblem(paths: readonly StringMatch[]): Problem {
  if (paths.length === 0) return 'paths is an empty list, of which no request can have one; state one, or leave it out for all';
  for (const { kind, value } of paths) {
    if (kind === 'regex') return `paths holds the regex '${value}', which an AuthorizationPolicy cannot state; use StringMatch.exact() or StringMatch.prefix()`;
    if (kind === 'present') return 'paths holds StringMatch.present(), which every path meets; leave paths out';
    if (!value.startsWith('/')) return `paths holds '${value}', which does not start with '/', as every path does; start it with '/'`;
    const wild = /[*{}?#]/.exec(value);
    if (wild) return `paths holds '${value}', where an AuthorizationPolicy does not read '${wild[0]}' as itself; leave it out, or use StringMatch.prefix() of what comes before`;
  }
  return undefined;
}

/** A path as an AuthorizationPolicy writes it. */
export function accessPath({ kind, value }: StringMatch): string {
  return kind === 'prefix' ? `${value}*` : value;
}
