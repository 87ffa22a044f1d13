import { ipBlockProblem, pathTemplateProblem } from './access-attributes';
import { isPathTemplate, neverMet, templateCrashProblem } from './access-value';
import { hostProblem } from './name';
import { objectionProblem } from './objection';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';

const METHOD = /^[A-Z]+$/;

/** The problem of a list of HTTP methods. */
export function methodsProblem(methods: readonly string[]): Problem {
  if (methods.length === 0) return emptyProblem('methods');
  const bad = methods.find(method => !METHOD.test(method));
  return bad === undefined
    ? undefined
    : `methods contains '${bad}', which is not an HTTP method; write methods in upper case, such as 'GET'`;
}

/** The problem of the paths of an AuthorizationPolicy, which reads `*` and `{…}` as wildcards and has no regexes. */
export function accessPathsProblem(paths: readonly StringMatch[]): Problem {
  if (paths.length === 0) return emptyProblem('paths');
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

/** The problem of a string that an AuthorizationPolicy compares, which has no regexes, and reads a star at either end as a wildcard. */
export function accessStringProblem(what: string, { kind, value }: StringMatch): Problem {
  if (kind === 'regex') {
    return `${what} contains the regex '${value}', which an AuthorizationPolicy does not support; `
      + 'use StringMatch.exact() or StringMatch.prefix()';
  }
  if (kind === 'present') return undefined;
  if (value === '') {
    return `${what} contains an empty ${kind === 'prefix' ? 'prefix; use StringMatch.present()' : 'string, which Istio rejects; remove it'}`;
  }
  const isWild = value.startsWith('*') || value.endsWith('*') || (kind === 'prefix' && value.includes('*'));
  return isWild ? `${what} contains '${value}', in which an AuthorizationPolicy does not read '*' literally; `
    + 'remove it, or use StringMatch.prefix() with the part before it' : undefined;
}

/** The problem of paths whose segments are `{*}` for one segment or `{**}` for any rest. */
export function pathTemplatesProblem(paths: readonly string[]): Problem {
  if (paths.length === 0) return emptyProblem('pathTemplates');
  for (const path of paths) {
    const problem = objectionProblem('pathTemplates contains a value that', pathTemplateProblem(path))
      ?? objectionProblem('pathTemplates:', templateCrashProblem(path));
    if (problem !== undefined) return problem;
    if (!isPathTemplate(path)) return `pathTemplates contains '${path}', which has no {*} or {**}; move it to paths`;
  }
  return undefined;
}

/** The problem of the hosts of requests: exact, or with a wildcard at the start. */
export function accessHostsProblem(hosts: readonly string[]): Problem {
  if (hosts.length === 0) return emptyProblem('hosts');
  return hosts.map(host => hostProblem('hosts', host.replace(/:\d+$/, ''), { wildcard: true })).find(problem => problem !== undefined);
}

/** Hosts in the form of an AuthorizationPolicy, which compares the authority with its port: an exact host is meant with any port. */
export function accessHosts(hosts: readonly string[]): readonly string[] {
  return hosts.flatMap(host => (host.startsWith('*') || host.includes(':') ? [host] : [host, `${host}:*`]));
}

/** The problem of IP addresses and CIDR blocks. */
export function ipBlocksProblem(what: string, blocks: readonly string[]): Problem {
  if (blocks.length === 0) return emptyProblem(what);
  return blocks.map(block => objectionProblem(`${what} contains a value that`, ipBlockProblem(block))).find(problem => problem !== undefined);
}

/** The problem of the principals of tokens: the issuer, a slash and the subject. */
export function requestPrincipalsProblem(principals: readonly string[]): Problem {
  if (principals.length === 0) return emptyProblem('requestPrincipals');
  for (const principal of principals) {
    const problem = objectionProblem(`requestPrincipals contains '${principal}', which`, neverMet('requestPrincipals', principal));
    if (problem !== undefined) return problem;
    if (principal !== '*' && !/^[^/].*\/.+$|^\*\/.+$/.test(principal)) {
      return `requestPrincipals contains '${principal}', which is not ISSUER/SUBJECT; use ISSUER/* for each subject, or * for each token`;
    }
  }
  return undefined;
}

function emptyProblem(what: string): string {
  return `${what} is an empty list, which matches no request; add a value, or omit it to allow all`;
}
