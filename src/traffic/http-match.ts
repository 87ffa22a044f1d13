import { cookieNameProblem, dnsLabelProblem, headerNameProblem, labelsProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';
import { stringMatchProblem } from './string-match';

/**
 * Conditions on one HTTP request; all that are stated have to hold. Several `HttpMatch`es in a list are alternatives, of which one has to hold.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export interface HttpMatch {
  /**
   * The path, without the query.
   * @default - every path
   */
  readonly uri?: StringMatch;
  /**
   * Compare the path without regard to upper and lower case; exact and prefix matches only.
   * @default false
   */
  readonly ignoreUriCase?: boolean;
  /**
   * `http` or `https`.
   * @default - every scheme
   */
  readonly scheme?: StringMatch;
  /**
   * The HTTP method, such as `GET`.
   * @default - every method
   */
  readonly method?: StringMatch;
  /**
   * The Host header, or HTTP/2's `:authority`.
   * @default - every authority
   */
  readonly authority?: StringMatch;
  /**
   * Headers that have to match, by name. Names are compared without regard to case.
   * @default - none
   */
  readonly headers?: { readonly [name: string]: StringMatch };
  /**
   * Headers that must not match, by name: `StringMatch.present()` means that the header is absent.
   * @default - none
   */
  readonly withoutHeaders?: { readonly [name: string]: StringMatch };
  /**
   * Query parameters that have to match, by name.
   * @default - none
   */
  readonly queryParams?: { readonly [name: string]: StringMatch };
  /**
   * Cookies that have to match, by name; at most three. They become one regex on the `cookie` header.
   * @default - none
   */
  readonly cookies?: { readonly [name: string]: StringMatch };
  /**
   * The port that the caller addresses. Mesh only.
   * @default - every HTTP port of the service
   */
  readonly port?: number;
  /**
   * Labels of the calling workload. Mesh only.
   * @default - every caller
   */
  readonly sourceLabels?: { readonly [key: string]: string };
  /**
   * Namespace of the calling workload. Mesh only.
   * @default - every caller
   */
  readonly sourceNamespace?: string;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** What is wrong with a match, if anything. */
export function httpMatchProblem(what: string, match: HttpMatch): Problem {
  if (match === undefined || match === null) return `${what} is ${match}; state a match, or leave the alternative out`;
  return textsProblem(what, match)
    ?? uriProblem(what, match)
    ?? mapProblem(what, 'headers', match.headers, headerNameProblem)
    ?? mapProblem(what, 'withoutHeaders', match.withoutHeaders, headerNameProblem)
    ?? mapProblem(what, 'queryParams', match.queryParams, parameterNameProblem)
    ?? mapProblem(what, 'cookies', match.cookies, cookieNameProblem)
    ?? cookieCountProblem(what, match.cookies)
    ?? (match.port === undefined ? undefined : portProblem(`${what}.port`, match.port))
    ?? (match.sourceLabels && labelsProblem(`${what}.sourceLabels`, match.sourceLabels))
    ?? (match.sourceNamespace === undefined ? undefined : dnsLabelProblem(`${what}.sourceNamespace`, match.sourceNamespace));
}

const TEXTS = ['uri', 'scheme', 'method', 'authority'] as const;

function textsProblem(what: string, match: HttpMatch): Problem {
  for (const field of TEXTS) {
    const value = match[field];
    const problem = value && stringMatchProblem(`${what}.${field}`, value, { always: true });
    if (problem) return problem;
  }
  if (!match.method) return undefined;
  const method = match.method.kind === 'exact' ? match.method.value : '';
  return METHODS.has(method.toUpperCase()) && !METHODS.has(method)
    ? `${what}.method '${method}' is met by no request, since methods have a case; use '${method.toUpperCase()}'` : undefined;
}

function uriProblem(what: string, { uri, ignoreUriCase }: HttpMatch): Problem {
  if (!uri) return undefined;
  if (uri.kind === 'regex') {
    return ignoreUriCase ? `${what}.ignoreUriCase is stated beside a regex, whose case Istio keeps; write (?i) at the start of the regex` : undefined;
  }
  if (/[?#]/.test(uri.value)) return `${what}.uri '${uri.value}' holds a query, which is no part of the path; use queryParams`;
  return uri.value.startsWith('/') ? undefined : `${what}.uri '${uri.value}' does not start with '/', so that no request matches it; start it with '/'`;
}

type Matches = { readonly [name: string]: StringMatch } | undefined;

function mapProblem(what: string, field: string, matches: Matches, nameProblem: (what: string, name: string) => Problem): Problem {
  if (matches === undefined) return undefined;
  const names = Object.keys(matches);
  const twice = names.length > 1 && /headers/i.test(field) ? spelledTwice(names) : undefined;
  if (twice !== undefined) return `${what}.${field} names '${twice}' twice, in two spellings; header names have no case, state it once`;
  for (const name of names) {
    const problem = nameProblem(`${what}.${field}`, name) ?? stringMatchProblem(`${what}.${field}['${name}']`, matches[name]);
    if (problem) return problem;
  }
  return undefined;
}

function spelledTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return folded;
    seen.add(folded);
  }
  return undefined;
}

function parameterNameProblem(what: string, name: string): Problem {
  if (name === '') return `${what} has a parameter without a name; name it`;
  return name === '__proto__' ? `${what} '${name}' is a name that JavaScript objects cannot hold; use another name` : undefined;
}

function cookieCountProblem(what: string, cookies: Matches): Problem {
  const count = cookies === undefined ? 0 : Object.keys(cookies).length;
  return count > 3 ? `${what}.cookies names ${count} cookies; one regex on the cookie header can state three at most` : undefined;
}
