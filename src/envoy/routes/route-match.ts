import type { Json, Route } from '../proxy-config';
import { isPresence, stringMatcher } from './string-matcher';

/** Parts of a request that Envoy keeps as headers. */
const PSEUDO_HEADERS = [['method', ':method'], ['authority', ':authority'], ['scheme', ':scheme']] as const;

/** Istio's HTTPMatchRequest as Envoy's RouteMatch. What istiod decides itself, such as labels of the caller, is not in it. */
export function routeMatch(match: Json | undefined, note: (message: string) => void): Json {
  if (match === undefined) return { prefix: '/' };
  const claims = [...Object.keys(match.headers ?? {}), ...Object.keys(match.withoutHeaders ?? {})].filter(name => /^@request\.auth\.claims[.[]/.test(name));
  if (claims.length > 0) note(`matches on the claims of a token (${claims.join(', ')}) are not translated; the route looks wider than it is`);
  const headers = [
    ...Object.entries(match.headers ?? {}).map(([name, condition]) => headerMatcher(name, condition)),
    ...Object.entries(match.withoutHeaders ?? {}).map(([name, condition]) => ({
      ...headerMatcher(name, condition), invertMatch: true, ...!isPresence(condition) && { treatMissingHeaderAsEmpty: true },
    })),
  ].filter(({ name }) => !claims.includes(name)).sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  for (const [field, header] of PSEUDO_HEADERS) if (match[field]) headers.push(headerMatcher(header, match[field]));
  const parameters = Object.entries(match.queryParams ?? {}).map(([name, condition]) => headerMatcher(name, condition));
  return {
    ...path(match.uri),
    caseSensitive: match.ignoreUriCase !== true,
    ...headers.length > 0 && { headers },
    ...parameters.length > 0 && { queryParameters: parameters },
  };
}

function path(uri: Json): Json {
  if (uri?.exact !== undefined) return { path: String(uri.exact) };
  if (uri?.prefix !== undefined) return { prefix: String(uri.prefix) };
  return uri?.regex === undefined ? { prefix: '/' } : { safeRegex: { regex: String(uri.regex) } };
}

function headerMatcher(name: string, condition: Json): Json {
  return isPresence(condition) ? { name, presentMatch: true } : { name, stringMatch: stringMatcher(condition) };
}

/** Whether a route takes every request that reaches it, so that none after it is reached. */
export function isCatchAll({ match }: Route): boolean {
  return (match.prefix === '/' || match.safeRegex?.regex === '.*') && !match.headers && !match.queryParameters;
}

/** What istiod decides about a match where it makes the routes of one proxy. */
export interface Place {
  readonly port: number;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  readonly gateways: ReadonlySet<string>;
}

/** Whether a match concerns the proxy at all: its port, and its gateway or else its labels and namespace. */
export function concerns(match: Json | undefined, { port, gateways, labels, namespace }: Place): boolean {
  if (match === undefined) return true;
  if (match.port && Number(match.port) !== port) return false;
  if (match.gateways?.length > 0) return match.gateways.some((gateway: string) => gateways.has(gateway));
  return Object.entries(match.sourceLabels ?? {}).every(([key, value]) => labels[key] === value)
    && (!match.sourceNamespace || match.sourceNamespace === namespace);
}
