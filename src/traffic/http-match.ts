import {
  connectionHeaderObjection, globObjection, headerValueObjection, methodObjection, patternInPathObjection, queryParameterObjection,
  schemeObjection, wholeCookieObjection,
} from './condition-objection';
import type { NameProblem, Stated } from './condition-problem';
import { conditionProblem, statedFields } from './condition-problem';
import { cookieValueProblem } from './cookie-value';
import type { FieldOf, Held } from './match-fields';
import { HTTP_MATCH_FIELDS } from './match-fields';
import { cookieNameProblem, dnsLabelProblem, headerNameProblem } from './name';
import type { Objection } from './objection';
import { beginsWithoutSlash } from './path-regex';
import type { Problem } from './problem';
import { statedProblem } from './problem';
import type { StringMatch } from './string-match';

/**
 * Conditions on an HTTP request. A request must meet all conditions of one match. A list of matches is a list of alternatives: a request
 * must match one of them.
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
   * Compare the path case-insensitively. Only for exact and prefix matches.
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
   * The Host header, `:authority` in HTTP/2.
   * @default - every authority
   */
  readonly authority?: StringMatch;
  /**
   * Headers that must match, by name. Names are case-insensitive.
   * @default - none
   */
  readonly headers?: { readonly [name: string]: StringMatch };
  /**
   * Headers that must not match, by name. `StringMatch.present()` requires that the header is absent.
   * @default - none
   */
  readonly withoutHeaders?: { readonly [name: string]: StringMatch };
  /**
   * Query parameters that must match, by name.
   * @default - none
   */
  readonly queryParams?: { readonly [name: string]: StringMatch };
  /**
   * Cookies that must match, by name; at most three. They become one regex on the `cookie` header.
   * @default - none
   */
  readonly cookies?: { readonly [name: string]: StringMatch };
  /**
   * Claims of the verified token that must match, by name: strings, or lists of strings of which one matches. A nested claim is
   * `[address][city]`. Only on public hosts of an IngressGateway with a TokenAuthentication.
   * @default - none
   * @see https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
   */
  readonly claims?: { readonly [name: string]: StringMatch };
  /**
   * Claims that must not match, by name. Requests without a token meet it.
   * @default - none
   */
  readonly withoutClaims?: { readonly [name: string]: StringMatch };
  /**
   * The port that the caller connects to. Only in the mesh.
   * @default - every HTTP port of the service
   */
  readonly port?: number;
  /**
   * Labels of the calling workload. Only in the mesh.
   * @default - every caller
   */
  readonly sourceLabels?: { readonly [key: string]: string };
  /**
   * Namespace of the calling workload. Only in the mesh.
   * @default - every caller
   */
  readonly sourceNamespace?: string;
}

const FIELDS = statedFields(HTTP_MATCH_FIELDS);

type StatedField = (typeof FIELDS)[number];
type NamedField = FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: 'string-matches' | 'absences' | 'claims' | 'claim-absences' }>;
/** Ties `HttpMatch` to the table: a field that is missing in one of them, or has another shape, does not compile. */
type HeldHttpMatch<M extends Held<Stated, typeof HTTP_MATCH_FIELDS, StatedField, M>> = Partial<M>;

/** The checks of the names in each map. */
const NAME_PROBLEMS: { readonly [F in NamedField]: NameProblem } = {
  headers: matchedHeaderProblem,
  withoutHeaders: matchedHeaderProblem,
  queryParams: parameterNameProblem,
  cookies: cookieNameProblem,
  claims: claimNameProblem,
  withoutClaims: claimNameProblem,
};

/** The checks of a field in addition to its shape. */
const FIELD_PROBLEMS: { readonly [F in StatedField]?: (what: string, match: HttpMatch) => Problem } = {
  uri: uriProblem,
  ignoreUriCase: ignoreCaseProblem,
  scheme: (what, { scheme }) => placed(what, schemeObjection(scheme!)),
  method: (what, { method }) => placed(what, methodObjection(method!)),
  headers: headersProblem,
  queryParams: queryParamsProblem,
  cookies: cookiesProblem,
  sourceNamespace: (what, { sourceNamespace }) => dnsLabelProblem(what, sourceNamespace!),
};

/** The problem of a match. */
export function httpMatchProblem(what: string, match: HttpMatch): Problem {
  const stated: HeldHttpMatch<Required<HttpMatch>> = match;
  return statedProblem(what, stated, FIELDS, (at, value, field) => (
    conditionProblem(at, value, HTTP_MATCH_FIELDS[field], NAME_PROBLEMS[field as NamedField]) ?? FIELD_PROBLEMS[field]?.(at, match)));
}

/** An objection to a condition at its place. */
function placed(what: string, objection: Objection): Problem {
  return objection && `${what}: ${objection[0]}; ${objection[1]}`;
}

function headersProblem(what: string, { headers = {} }: HttpMatch): Problem {
  return firstOf(headers, (name, value) => placed(`${what}['${name}']`,
    connectionHeaderObjection(name) ?? headerValueObjection(value) ?? wholeCookieObjection(name, value)));
}

function queryParamsProblem(what: string, { queryParams = {} }: HttpMatch): Problem {
  return firstOf(queryParams, (name, value) => placed(`${what}['${name}']`, queryParameterObjection(name, value)));
}

function firstOf(matches: { readonly [name: string]: StringMatch }, problemOf: (name: string, value: StringMatch) => Problem): Problem {
  return Object.entries(matches).map(([name, value]) => problemOf(name, value)).find(problem => problem !== undefined);
}

function uriProblem(what: string, match: HttpMatch): Problem {
  const { kind, value } = match.uri!;
  if (kind === 'regex') {
    return beginsWithoutSlash(value)
      ? `${what} is the regex '${value}', which does not start with '/', so no request matches it; start it with '/'`
      : placed(what, globObjection(match.uri!));
  }
  if (/[?#]/.test(value)) return `${what} '${value}' contains a query, which is not part of the path; use queryParams`;
  return value.startsWith('/') ? placed(what, patternInPathObjection(match.uri!))
    : `${what} '${value}' does not start with '/', so no request matches it; start it with '/'`;
}

function ignoreCaseProblem(what: string, { uri, ignoreUriCase }: HttpMatch): Problem {
  return ignoreUriCase && uri?.kind === 'regex'
    ? `${what} does not apply to a regex; start the regex with (?i) instead` : undefined;
}

function matchedHeaderProblem(what: string, name: string): Problem {
  if (/^@request\.auth\.claims[.[]/i.test(name)) return `${what} '${name}' is a claim of a token; use claims or withoutClaims`;
  return name.startsWith(':') ? `${what} '${name}' is a pseudo-header; use method, scheme, authority or uri` : headerNameProblem(what, name);
}

function parameterNameProblem(what: string, name: string): Problem {
  if (name === '') return `${what} has a parameter without a name; set a name`;
  return name === '__proto__' ? `${what} '${name}' is not possible as a key of a JavaScript object; use another name` : undefined;
}

/** Two pairs of brackets at least: `[name]` is another spelling of `name`. */
const NESTED_CLAIM = /^(?:\[[^[\]]+\]){2,}$/;

function claimNameProblem(what: string, name: string): Problem {
  if (name === '') return `${what} has a claim without a name; set a name`;
  if (name === '__proto__') return `${what} '${name}' is not possible as a key of a JavaScript object; use another name`;
  return /[[\]]/.test(name) && !NESTED_CLAIM.test(name)
    ? `${what} '${name}' is not the name of a claim; write a name without brackets, or a nested claim such as [address][city]` : undefined;
}

function cookiesProblem(what: string, match: HttpMatch): Problem {
  const { length } = Object.keys(match.cookies!);
  if (length > 3) return `${what} names ${length} cookies, and one regex on the cookie header can match at most three; remove the others`;
  return firstOf(match.cookies!, (name, value) => cookieValueProblem(`${what}['${name}']`, value));
}
