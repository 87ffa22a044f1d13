import { STATUS_CODES } from 'node:http';
import { destinationProblems } from './destinations';
import { checkAuthority, checkHeaders, corsHeaderProblem } from './headers';
import { checkHttpMatch } from './match';
import { durationProblem, portProblem, regexProblem } from './values';
import type { Objection, Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import { GRPC_STATUSES } from '../../traffic/fault';
import { RETRY_CONDITIONS } from '../../traffic/retry';
import { items } from '../fields';
import type { Fields } from '../fields';

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
/** Statuses that Go knows besides Node's. */
const KNOWN_STATUSES = new Set([...Object.keys(STATUS_CODES), '418', '425'].map(Number));
/** Statuses that Node knows and Go does not. */
for (const status of [509]) KNOWN_STATUSES.delete(status);

/** Which of a route's ends exclude each other. */
function conflicts(route: Fields, isDelegate: boolean): Objection[] {
  const { redirect, directResponse, delegate, fault, rewrite, mirror, mirrors } = route;
  const forwards = items(route.route).length > 0;
  const both = (a: string, b: string): Objection => [`states ${a} and ${b}`, 'state one of them'];
  if (delegate !== undefined && !isDelegate) {
    return [redirect !== undefined ? both('delegate', 'redirect') : undefined, route.route !== undefined ? both('delegate', 'route') : undefined];
  }
  const found: Objection[] = [];
  if (isDelegate && delegate !== undefined) found.push(['delegates within a delegate', 'delegate from the VirtualService with hosts; there is one level of it']);
  const [end, name] = redirect !== undefined ? [redirect, 'redirect'] : [directResponse, 'directResponse'];
  if (end !== undefined) {
    found.push(
      forwards ? both('route', name) : undefined, fault !== undefined ? both('fault', name) : undefined, rewrite !== undefined ? both('rewrite', name) : undefined,
      name === 'redirect' && directResponse !== undefined ? both('directResponse', name) : undefined,
    );
  } else if (!forwards) {
    found.push(['has neither route nor redirect nor directResponse', 'state where its requests go']);
  }
  if (mirror !== undefined && items(mirrors).length > 0) found.push(both('mirror', 'mirrors'));
  return found;
}

function checkCors(verdict: Verdict, cors: Fields, path: string): void {
  items(cors.allowOrigins).forEach((origin, i) => {
    const text = origin.exact ?? origin.prefix ?? origin.regex ?? '';
    verdict.error(`${path}.allowOrigins[${i}]`, text === '' ? ['names no origin', 'state exact, prefix or regex'] : origin.regex === undefined ? undefined : regexProblem(origin.regex));
  });
  items(cors.allowMethods).forEach((method, i) => {
    if (!CORS_METHODS.includes(method)) verdict.error(`${path}.allowMethods[${i}]`, [`'${method}' is no method of HTTP`, `use one of ${CORS_METHODS.join(', ')}`]);
  });
  for (const field of ['allowHeaders', 'exposeHeaders']) items(cors[field]).forEach((name, i) => verdict.error(`${path}.${field}[${i}]`, corsHeaderProblem(name)));
  verdict.error(`${path}.maxAge`, durationProblem(cors.maxAge));
  if ((parseDuration(cors.maxAge) ?? 0) % 1e9 !== 0) verdict.error(`${path}.maxAge`, [`is '${cors.maxAge}'`, 'state whole seconds']);
}

function shareProblem(percentage: Fields): Objection {
  const value = percentage?.value ?? 0;
  return value === 0 || (value >= 0.0001 && value <= 100) ? undefined : [`is ${value} %`, 'use 0, or 0.0001 to 100'];
}

function statusProblem(status: Fields): Objection {
  return status >= 200 && status <= 600 ? undefined : [`is ${String(status ?? 0)}, which is no status of a response`, 'use 200 to 599'];
}

function checkFault(verdict: Verdict, { abort, delay }: Fields, path: string): void {
  if (abort === undefined && delay === undefined) verdict.error(path, ['has neither abort nor delay', 'state one, or leave the fault out']);
  if (abort !== undefined) {
    verdict.error(`${path}.abort.percentage`, shareProblem(abort.percentage));
    if (abort.grpcStatus !== undefined && !GRPC_STATUSES.includes(abort.grpcStatus)) {
      verdict.error(`${path}.abort.grpcStatus`, [`is '${abort.grpcStatus}', which is no status of gRPC`, `use one of ${GRPC_STATUSES.join(', ')}`]);
    } else if (abort.http2Error !== undefined) {
      verdict.error(`${path}.abort.http2Error`, ['is not supported', 'use httpStatus']);
    } else if (abort.httpStatus !== undefined) {
      verdict.error(`${path}.abort.httpStatus`, statusProblem(abort.httpStatus));
    } else if (abort.grpcStatus === undefined) {
      verdict.warn(`${path}.abort`, ['names no status, so that nothing is aborted', 'state httpStatus or grpcStatus']);
    }
  }
  if (delay !== undefined) {
    verdict.error(`${path}.delay.percentage`, shareProblem(delay.percentage));
    verdict.error(`${path}.delay.fixedDelay`, durationProblem(delay.fixedDelay));
    if (delay.exponentialDelay !== undefined) verdict.error(`${path}.delay.exponentialDelay`, ['is not supported', 'use fixedDelay'], durationProblem(delay.exponentialDelay));
  }
}

function checkRetries(verdict: Verdict, retries: Fields, path: string): void {
  const { attempts = 0, retryOn = '' } = retries;
  const isSet = (value: Fields) => value !== undefined && value !== null;
  if (attempts < 0) verdict.error(`${path}.attempts`, [`is ${attempts}`, 'use 0 for no retries']);
  if (attempts === 0 && (isSet(retries.perTryTimeout) || retryOn !== '' || isSet(retries.retryRemoteLocalities))) {
    verdict.error(path, ['says how to retry, with no attempts', 'state attempts, or leave the others out']);
  }
  for (const condition of retryOn === '' ? [] : retryOn.split(',')) {
    const isStatus = /^[-+]?\d+$/.test(condition) && KNOWN_STATUSES.has(Number(condition));
    if (!isStatus && !RETRY_CONDITIONS.has(condition)) {
      verdict.error(`${path}.retryOn`, [`names '${condition}', which is neither a status nor a condition that Envoy knows`, `use ${[...RETRY_CONDITIONS].join(', ')} or a status, without blanks`]);
    }
  }
  for (const field of ['perTryTimeout', 'backoff']) verdict.error(`${path}.${field}`, durationProblem(retries[field]));
}

function redirectProblem(redirect: Fields, matches: readonly Fields[]): Objection {
  const { uri = '', prefixRewrite = '', authority = '', scheme = '', redirectCode = 0, port, derivePort } = redirect;
  if (uri !== '' && prefixRewrite !== '') return ['states uri and prefixRewrite', 'state one of them'];
  if (prefixRewrite !== '' && matches.some(match => match.uri !== undefined && match.uri.prefix === undefined)) {
    return ['rewrites a prefix, and not each match is by prefix', 'match the path by prefix, or use uri'];
  }
  if ([uri, prefixRewrite, authority, scheme].every(text => text === '') && port === undefined && derivePort === undefined) {
    return ['says not where to', 'state uri, authority, scheme or port'];
  }
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399)) return [`has the status ${redirectCode}`, 'use one from 300 to 399'];
  if (!['', 'http', 'https'].includes(scheme)) return [`has the scheme '${scheme}'`, 'use http or https'];
  return port > 0 ? portProblem(port) : undefined;
}

function checkDirectResponse(verdict: Verdict, { body, status }: Fields, path: string): void {
  const size = body === undefined ? 0 : body.bytes === undefined ? Buffer.byteLength(body.string ?? '') : Buffer.from(body.bytes, 'base64').length;
  if (size > 1024 * 1024) verdict.error(`${path}.body`, [`has ${size} bytes`, 'answer with less than 1 MB, or route to a service']);
  else if (size > 100 * 1024) verdict.warn(`${path}.body`, [`has ${size} bytes, which go to every proxy`, 'answer with less than 100 kB']);
  verdict.error(`${path}.status`, statusProblem(status));
}

function rewriteProblem({ uri = '', uriRegexRewrite, authority = '' }: Fields): Objection {
  if (uri !== '' && uriRegexRewrite !== undefined) return ['states uri and uriRegexRewrite', 'state one of them'];
  if (uri === '' && uriRegexRewrite === undefined && authority === '') return ['rewrites nothing', 'state uri, uriRegexRewrite or authority'];
  if (uriRegexRewrite === undefined) return undefined;
  const { match = '', rewrite = '' } = uriRegexRewrite;
  return match === '' || rewrite === '' ? ['has a uriRegexRewrite without match or rewrite', 'state both'] : regexProblem(match);
}

function percentageProblem(value: Fields): Objection {
  return value > 100 || value < 0 ? [`is ${value}`, 'use a percentage from 0 to 100'] : undefined;
}

function checkMirrors(verdict: Verdict, route: Fields, path: string): void {
  const percent = route.mirrorPercent ?? route.mirror_percent ?? undefined;
  if (percent !== undefined) {
    verdict.error(`${path}.mirrorPercent`, percentageProblem(percent));
    verdict.warn(`${path}.mirrorPercent`, ['is the old field for whole percents', 'use mirrorPercentage.value']);
  }
  verdict.error(`${path}.mirrorPercentage.value`, percentageProblem(route.mirrorPercentage?.value));
  verdict.error(`${path}.mirror`, ...destinationProblems(route.mirror));
  items(route.mirrors).forEach((mirror, i) => {
    if (mirror.destination === undefined) {
      verdict.error(`${path}.mirrors[${i}]`, ['names no destination', 'state it']);
      return;
    }
    verdict.error(`${path}.mirrors[${i}].destination`, ...destinationProblems(mirror.destination));
    verdict.error(`${path}.mirrors[${i}].percentage.value`, percentageProblem(mirror.percentage?.value));
  });
}

/** What admission has against a route of HTTP. */
export function checkHttpRoute(verdict: Verdict, route: Fields, path: string, isDelegate: boolean): void {
  verdict.error(path, ...conflicts(route, isDelegate));
  items(route.match).forEach((match, i) => checkHttpMatch(verdict, match, `${path}.match[${i}]`));
  checkHeaders(verdict, route.headers, `${path}.headers`);
  if (route.corsPolicy !== undefined) checkCors(verdict, route.corsPolicy, `${path}.corsPolicy`);
  if (route.fault !== undefined) checkFault(verdict, route.fault, `${path}.fault`);
  checkMirrors(verdict, route, path);
  if (route.redirect !== undefined) verdict.error(`${path}.redirect`, redirectProblem(route.redirect, items(route.match)));
  if (route.directResponse !== undefined) checkDirectResponse(verdict, route.directResponse, `${path}.directResponse`);
  if (route.retries !== undefined) checkRetries(verdict, route.retries, `${path}.retries`);
  if (route.rewrite !== undefined) verdict.error(`${path}.rewrite`, rewriteProblem(route.rewrite));
  if (route.headers !== undefined) checkAuthority(verdict, route, path);
  items(route.route).forEach((destination, i) => checkHeaders(verdict, destination.headers, `${path}.route[${i}].headers`));
  verdict.error(`${path}.timeout`, durationProblem(route.timeout));
}
