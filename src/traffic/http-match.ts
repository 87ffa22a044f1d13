import { dnsLabelProblem, headerNameProblem, labelsProblem } from './name';
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

const COOKIE_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** What is wrong with a match, if anything. */
export function httpMatchProblem(what: string, match: HttpMatch): Problem {
  const always = { always: true };
  const problems: Problem[] = [];
  const each = (field: string, matches: { readonly [name: string]: StringMatch } | undefined, name: (what: string, value: string) => Problem) => {
    for (const [key, value] of Object.entries(matches ?? {})) {
      problems.push(name(`${what}.${field}`, key), stringMatchProblem(`${what}.${field}['${key}']`, value));
    }
  };
  if (match.uri) {
    problems.push(stringMatchProblem(`${what}.uri`, match.uri, always));
    if (match.uri.kind !== 'regex' && !match.uri.value.startsWith('/')) {
      problems.push(`${what}.uri '${match.uri.value}' does not start with '/', so that no request matches it; start it with '/'`);
    }
  }
  if (match.scheme) problems.push(stringMatchProblem(`${what}.scheme`, match.scheme, always));
  if (match.method) problems.push(stringMatchProblem(`${what}.method`, match.method, always));
  if (match.authority) problems.push(stringMatchProblem(`${what}.authority`, match.authority, always));
  each('headers', match.headers, headerNameProblem);
  each('withoutHeaders', match.withoutHeaders, headerNameProblem);
  each('queryParams', match.queryParams, (at, name) => (name === '' ? `${at} has a parameter without a name` : undefined));
  each('cookies', match.cookies, (at, name) => (COOKIE_NAME.test(name) ? undefined : `${at} '${name}' is not a cookie name`));
  const cookies = Object.keys(match.cookies ?? {}).length;
  if (cookies > 3) problems.push(`${what}.cookies names ${cookies} cookies; one regex on the cookie header can state three at most`);
  if (match.port !== undefined) problems.push(portProblem(`${what}.port`, match.port));
  if (match.sourceLabels) problems.push(labelsProblem(`${what}.sourceLabels`, match.sourceLabels));
  if (match.sourceNamespace !== undefined) problems.push(dnsLabelProblem(`${what}.sourceNamespace`, match.sourceNamespace));
  return problems.find(p => p !== undefined);
}
