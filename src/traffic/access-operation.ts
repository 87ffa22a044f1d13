import type { Problem } from './problem';
import type { StringMatch } from './string-match';

const METHOD = /^[A-Z]+$/;

/** The problem of a list of HTTP methods. */
export function methodsProblem(methods: readonly string[]): Problem {
  if (methods.length === 0) return 'methods is an empty list, which matches no request; add a value, or omit it to allow all';
  const bad = methods.find(method => !METHOD.test(method));
  return bad === undefined
    ? undefined
    : `methods contains '${bad}', which is not an HTTP method; write methods in upper case, such as 'GET'`;
}

/** The problem of the paths of an AuthorizationPolicy, which reads `*` and `{…}` as wildcards and has no regexes. */
export function accessPathsProblem(paths: readonly StringMatch[]): Problem {
  if (paths.length === 0) return 'paths is an empty list, which matches no request; add a value, or omit it to allow all';
  for (const { kind, value } of paths) {
    if (kind === 'regex') {
      return `paths contains the regex '${value}', which an AuthorizationPolicy does not support; use StringMatch.exact() or StringMatch.prefix()`;
    }
    if (kind === 'present') return 'paths contains StringMatch.present(), which matches every path; omit paths';
    if (!value.startsWith('/')) return `paths contains '${value}', which does not start with '/'; start it with '/'`;
    const wild = /[*{}?#]/.exec(value);
    if (wild) {
      return `paths contains '${value}', in which an AuthorizationPolicy does not read '${wild[0]}' literally; remove it, or use StringMatch.prefix() with the part before it`;
    }
  }
  return undefined;
}

/** A path in the form of an AuthorizationPolicy. */
export function accessPath({ kind, value }: StringMatch): string {
  return kind === 'prefix' ? `${value}*` : value;
}
