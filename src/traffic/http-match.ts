import type { NameProblem, Stated } from './condition-problem';
import { conditionProblem, statedFields } from './condition-problem';
import type { FieldOf, Held } from './match-fields';
import { HTTP_MATCH_FIELDS } from './match-fields';
import { cookieNameProblem, dnsLabelProblem, headerNameProblem } from './name';
import type { Problem } from './problem';
import { fieldProblem, statedProblem } from './problem';
import type { StringMatch } from './string-match';

/**
 * Conditions on one HTTP request; all that are stated have to hold. Several `HttpMatch`es in a list are alternatives, of which one has
 * to hold.
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

const FIELDS = statedFields(HTTP_MATCH_FIELDS);

type StatedField = (typeof FIELDS)[number];
type NamedField = FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: 'string-matches' | 'absences' }>;
/** Holds `HttpMatch` to the table. */
type HeldHttpMatch<M extends Held<Stated, typeof HTTP_MATCH_FIELDS, StatedField, M>> = Partial<M>;

/** What is wrong with the names of a map, if anything. */
const NAME_PROBLEMS: { readonly [F in NamedField]: NameProblem } = {
  headers: headerNameProblem, withoutHeaders: headerNameProblem, queryParams: parameterNameProblem, cookies: cookieNameProblem,
};

/** What is wrong with a field beside its shape. */
const FIELD_PROBLEMS: { readonly [F in StatedField]?: (what: string, match: HttpMatch) => Problem } = {
  uri: uriProblem,
  ignoreUriCase: ignoreCaseProblem,
  method: methodProblem,
  cookies: cookieCountProblem,
  sourceNamespace: (what, { sourceNamespace }) => dnsLabelProblem(what, sourceNamespace!),
};

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** What is wrong with a match, if anything. */
export function httpMatchProblem(what: string, match: HttpMatch): Problem {
  if (match === undefined || match === null) return `${what} is ${match}; state a match, or leave the alternative out`;
  const stated: HeldHttpMatch<Required<HttpMatch>> = match;
  return fieldProblem(what, match, FIELDS) ?? statedProblem(what, stated, FIELDS, (at, value, field) => (
    conditionProblem(at, value, HTTP_MATCH_FIELDS[field], NAME_PROBLEMS[field as NamedField]) ?? FIELD_PROBLEMS[field]?.(at, match)));
}

function methodProblem(what: string, { method }: HttpMatch): Problem {
  const value = method!.kind === 'exact' ? method!.value : '';
  return METHODS.has(value.toUpperCase()) && !METHODS.has(value)
    ? `${what} '${value}' is met by no request, since methods have a case; use '${value.toUpperCase()}'` : undefined;
}

function uriProblem(what: string, match: HttpMatch): Problem {
  const { kind, value } = match.uri!;
  if (kind === 'regex') return undefined;
  if (/[?#]/.test(value)) return `${what} '${value}' holds a query, which is no part of the path; use queryParams`;
  return value.startsWith('/') ? undefined : `${what} '${value}' does not start with '/', so that no request matches it; start it with '/'`;
}

function ignoreCaseProblem(what: string, { uri, ignoreUriCase }: HttpMatch): Problem {
  return ignoreUriCase && uri?.kind === 'regex'
    ? `${what} is stated beside a regex, whose case Istio keeps; write (?i) at the start of the regex` : undefined;
}

function parameterNameProblem(what: string, name: string): Problem {
  if (name === '') return `${what} has a parameter without a name; name it`;
  return name === '__proto__' ? `${what} '${name}' is a name that JavaScript objects cannot hold; use another name` : undefined;
}

function cookieCountProblem(what: string, { cookies }: HttpMatch): Problem {
  const count = Object.keys(cookies!).length;
  return count > 3 ? `${what} names ${count} cookies; one regex on the cookie header can state three at most` : undefined;
}
