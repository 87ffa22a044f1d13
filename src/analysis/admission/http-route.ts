import { destinationProblems } from './destinations';
import { checkFault } from './fault';
import { checkAuthority, checkHeaders, corsHeaderProblem } from './headers';
import { checkHttpMatch } from './match';
import { checkRetries } from './retries';
import { statusProblem } from './status';
import { durationProblem, percentageProblem, portProblem } from './values';
import type { Objection, Verdict } from './verdict';
import { isInWhole, parseDuration } from '../../manifest/duration';
import type {
  CorsPolicy, HTTPDirectResponse, HTTPMatchRequest, HTTPRedirect, HTTPRewrite,
  HTTPRoute,
} from '../../manifest/istio-specs.generated';
import { regexObjection } from '../../traffic/re2';

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
const SECOND = 1e9;

/** What is wrong with the ends of a route, of which some exclude each other. */
function endProblems(stated: HTTPRoute, isDelegate: boolean): Objection[] {
  const { redirect, directResponse, delegate, fault, rewrite, mirror, mirrors = [], route } = stated;
  const forwards = (route ?? []).length > 0;
  const both = (a: string, b: string): Objection => [`has ${a} and ${b}`, 'keep one of them'];
  if (delegate !== undefined && !isDelegate) {
    return [redirect !== undefined ? both('delegate', 'redirect') : undefined, route !== undefined ? both('delegate', 'route') : undefined];
  }
  const found: Objection[] = [];
  if (isDelegate && delegate !== undefined) {
    found.push(['delegates within a delegate', 'delegate from the VirtualService with hosts; delegates have one level']);
  }
  if (redirect !== undefined || directResponse !== undefined) {
    const end = redirect !== undefined ? 'redirect' : 'directResponse';
    found.push(
      forwards ? both('route', end) : undefined, fault !== undefined ? both('fault', end) : undefined,
      rewrite !== undefined ? both('rewrite', end) : undefined,
      redirect !== undefined && directResponse !== undefined ? both('directResponse', end) : undefined,
    );
  } else if (!forwards) {
    found.push(['has neither route nor redirect nor directResponse', 'set one of them']);
  }
  if (mirror !== undefined && mirrors.length > 0) found.push(both('mirror', 'mirrors'));
  return found;
}

function checkCors(verdict: Verdict, cors: CorsPolicy, path: string): void {
  const { allowOrigins = [], allowMethods = [], maxAge } = cors;
  allowOrigins.forEach(({ exact, prefix, regex }, i) => {
    const isEmpty = (exact ?? prefix ?? regex ?? '') === '';
    verdict.error(`${path}.allowOrigins[${i}]`, isEmpty
      ? ['has no origin', 'set exact, prefix or regex']
      : regex === undefined ? undefined : regexObjection(regex));
  });
  allowMethods.forEach((method, i) => {
    if (!CORS_METHODS.includes(method)) {
      verdict.error(`${path}.allowMethods[${i}]`, [`is '${method}', which is not a valid HTTP method`,
        `use one of ${CORS_METHODS.join(', ')}`]);
    }
  });
  for (const field of ['allowHeaders', 'exposeHeaders'] as const) {
    cors[field]?.forEach((name, i) => verdict.error(`${path}.${field}[${i}]`, corsHeaderProblem(name)));
  }
  verdict.error(`${path}.maxAge`, durationProblem(maxAge));
  if (maxAge !== undefined && parseDuration(maxAge) !== undefined && !isInWhole(SECOND, maxAge)) {
    verdict.error(`${path}.maxAge`, [`is '${maxAge}', which is not in whole seconds`, 'set whole seconds']);
  }
}

function redirectProblem(redirect: HTTPRedirect, matches: readonly HTTPMatchRequest[]): Objection {
  const { uri = '', prefixRewrite = '', authority = '', scheme = '', redirectCode = 0, port, derivePort } = redirect;
  if (uri !== '' && prefixRewrite !== '') return ['has uri and prefixRewrite', 'keep one of them'];
  if (prefixRewrite !== '' && matches.some(match => match.uri !== undefined && match.uri.prefix === undefined)) {
    return ['rewrites a prefix, but not each match is by prefix', 'match the path by prefix, or use uri'];
  }
  if ([uri, prefixRewrite, authority, scheme].every(text => text === '') && port === undefined && derivePort === undefined) {
    return ['has no target', 'set uri, authority, scheme or port'];
  }
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399)) {
    return [`has the status ${redirectCode}`, 'use one from 300 to 399'];
  }
  if (!['', 'http', 'https'].includes(scheme)) return [`has the scheme '${scheme}'`, 'use http or https'];
  return (port ?? 0) > 0 ? portProblem(port) : undefined;
}

const LARGEST_BODY = 1024 * 1024;
const LARGE_BODY = 100 * 1024;

function checkDirectResponse(verdict: Verdict, { body, status }: HTTPDirectResponse, path: string): void {
  const size = body === undefined ? 0 : body.bytes === undefined
    ? Buffer.byteLength(body.string ?? '')
    : Buffer.from(body.bytes, 'base64').length;
  if (size > LARGEST_BODY) verdict.error(`${path}.body`, [`has ${size} bytes`, 'answer with less than 1 MB, or route to a service']);
  else if (size > LARGE_BODY) verdict.warn(`${path}.body`, [`has ${size} bytes, which go to every proxy`, 'answer with less than 100 kB']);
  verdict.error(`${path}.status`, statusProblem(status));
}

function rewriteProblem({ uri = '', uriRegexRewrite, authority = '' }: HTTPRewrite): Objection {
  if (uri !== '' && uriRegexRewrite !== undefined) return ['has uri and uriRegexRewrite', 'keep one of them'];
  if (uri === '' && uriRegexRewrite === undefined && authority === '') return ['rewrites nothing', 'set uri, uriRegexRewrite or authority'];
  if (uriRegexRewrite === undefined) return undefined;
  const { match = '', rewrite = '' } = uriRegexRewrite;
  return match === '' || rewrite === '' ? ['has a uriRegexRewrite without match or rewrite', 'set both'] : regexObjection(match);
}

function checkMirrors(verdict: Verdict, route: HTTPRoute, path: string): void {
  const percent = route.mirrorPercent ?? route.mirror_percent ?? undefined;
  if (percent !== undefined) {
    verdict.error(`${path}.mirrorPercent`, percentageProblem(percent));
    verdict.warn(`${path}.mirrorPercent`, ['is deprecated', 'use mirrorPercentage.value']);
  }
  verdict.error(`${path}.mirrorPercentage.value`, percentageProblem(route.mirrorPercentage?.value));
  if (route.mirror !== undefined) verdict.error(`${path}.mirror`, ...destinationProblems(route.mirror));
  route.mirrors?.forEach(({ destination, percentage }, i) => {
    if (destination === undefined) {
      verdict.error(`${path}.mirrors[${i}]`, ['has no destination', 'set it']);
      return;
    }
    verdict.error(`${path}.mirrors[${i}].destination`, ...destinationProblems(destination));
    verdict.error(`${path}.mirrors[${i}].percentage.value`, percentageProblem(percentage?.value));
  });
}

/** Checks a route of HTTP. */
export function checkHttpRoute(verdict: Verdict, route: HTTPRoute, path: string, isDelegate: boolean): void {
  const { match: matches = [], corsPolicy, fault, redirect, directResponse, retries, rewrite, headers } = route;
  verdict.error(path, ...endProblems(route, isDelegate));
  matches.forEach((match, i) => checkHttpMatch(verdict, match, `${path}.match[${i}]`));
  checkHeaders(verdict, headers, `${path}.headers`);
  if (corsPolicy !== undefined) checkCors(verdict, corsPolicy, `${path}.corsPolicy`);
  if (fault !== undefined) checkFault(verdict, fault, `${path}.fault`);
  checkMirrors(verdict, route, path);
  if (redirect !== undefined) verdict.error(`${path}.redirect`, redirectProblem(redirect, matches));
  if (directResponse !== undefined) checkDirectResponse(verdict, directResponse, `${path}.directResponse`);
  if (retries !== undefined) checkRetries(verdict, retries, `${path}.retries`);
  if (rewrite !== undefined) verdict.error(`${path}.rewrite`, rewriteProblem(rewrite));
  if (headers !== undefined) checkAuthority(verdict, route, path);
  route.route?.forEach((destination, i) => checkHeaders(verdict, destination.headers, `${path}.route[${i}].headers`));
  verdict.error(`${path}.timeout`, durationProblem(route.timeout));
}
