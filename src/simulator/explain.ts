import { describeDestination } from './clusters';
import type { CorsAnswer } from './cors';
import type { Fault } from './fault';
import type { HeaderChanges } from './header-changes';
import type { Outcome } from './outcome';
import type { PassedOver, Place } from './place';
import type { Redirection } from './redirect';
import type { Request } from './request';
import { headerOf } from './request';
import type { Mirror, RetryPlan, Share } from './route-plan';
import type { CompiledRoute } from './route-table';
import { describeSecurity } from './upstream-security';
import type { NotJudged } from '../edge/not-judged';
import { notJudgedLine } from '../edge/not-judged';
import type { RouteOrigin } from '../envoy/proxy-config';
import { describeObject } from '../manifest/kubernetes-object';

/** As many routes that did not match as are shown before the one that did. */
const SHOWN = 20;

/** What of a decision is explained. */
export interface Explained {
  readonly request: Request;
  readonly place: Place;
  readonly passedOver: readonly PassedOver[];
  readonly origin?: RouteOrigin;
  readonly outcome: Outcome;
  readonly notJudged: readonly NotJudged[];
  readonly status?: number;
  readonly flag?: string;
  readonly fault?: Fault;
  readonly cors?: CorsAnswer;
  readonly redirection?: Redirection;
  readonly redirectsToTls: boolean;
  readonly isRedirectLoop: boolean;
  readonly body?: string;
  readonly split: readonly Share[];
  readonly mirrors: readonly Mirror[];
  readonly path: string;
  readonly retry?: RetryPlan;
  readonly timeoutMs?: number;
  readonly hashedBy: readonly string[];
  authority(): string;
  requestHeaderChanges(): HeaderChanges;
}

/** The way of a request through a proxy, in words. */
export function explain(decision: Explained): string[] {
  const { request, place } = decision;
  const what = place.table === undefined ? 'connection' : request.method;
  const steps = decision.outcome === 'not decided' ? ['outcome: not decided']
    : [...fragmentLines(request), ...listenerLines(decision), ...routeLines(decision), ...actionLines(decision)];
  const notJudged = decision.notJudged.map(notJudgedLine);
  return [`${what} ${request.url} from ${place.proxy}`, ...[...steps, ...notJudged].map(line => `  ${line}`)];
}

function fragmentLines({ fragment }: Request): string[] {
  return fragment === undefined ? [] : [`${fragment} stays with the caller, as fragments do; Envoy answers 400 to a path that holds a #`];
}

function listenerLines({ place: { listener, chain, table, mismatch }, request }: Explained): string[] {
  if (!listener) return [`listener: none for port ${request.port}, so that the caller cannot connect and Envoy logs nothing`];
  const name = `listener ${listener.name}`;
  if (mismatch === 'HTTP') return [`${name}: it expects HTTP, so that Envoy answers 400 to anything else, and a server that speaks first is not heard`];
  if (mismatch !== undefined) return [`${name}: it expects ${mismatch}, and the caller sends ${request.scheme === 'https' ? 'TLS' : 'plaintext'}, so that it is closed`];
  if (!chain) return [`${name}: no filter chain takes ${request.scheme === 'https' ? `the server name ${request.host}` : 'the connection'}, so that it is closed`];
  return [`${name}${chain.name ? `, filter chain ${chain.name}` : ''}: ${table ? `HTTP, route configuration ${table.name}` : 'bytes, whatever they mean'}`];
}

function routeLines(decision: Explained): string[] {
  const { place: { table, found, taken, rejection }, request, passedOver, redirectsToTls } = decision;
  if (!table || rejection && !found) return [];
  if (!found) return [`virtual host: none has a domain for '${request.authority}'`];
  const host = `virtual host ${found.host.virtualHost.name}: the authority '${request.authority}' falls under its domain ${found.domain}`;
  const hidden = Math.max(0, passedOver.length - SHOWN);
  return [
    host,
    ...(hidden > 0 ? [`... ${hidden} routes that do not take it`] : []),
    ...passedOver.slice(hidden).map(missed),
    ...(redirectsToTls ? ['the virtual host takes TLS only (httpsRedirect), so that Envoy asks no route'] : []),
    ...(taken ? [`${describeRoute(taken, decision.origin)}: takes it${reasons(taken)}`] : decision.outcome === 'no route' ? ['no route takes it'] : []),
  ];
}

function missed({ route, origin, why }: PassedOver): string {
  return `${describeRoute(route, origin)}: no, ${why}`;
}

function reasons({ conditions }: CompiledRoute): string {
  return conditions.length === 0 ? ', as it takes every request' : `: ${conditions.map(({ words }) => words).join(', and ')}`;
}

function describeRoute({ route, index }: CompiledRoute, origin: RouteOrigin | undefined): string {
  return `route ${index + 1}${route.name ? ` '${route.name}'` : ''}${origin === undefined ? '' : ` (${describeOrigin(origin)})`}`;
}

/** Where a route is stated, such as `VirtualService shop/catalog, http[1].match[0]`. */
export function describeOrigin({ object, rule, match }: RouteOrigin): string {
  return `${describeObject(object)}, http[${rule}]${match === undefined ? '' : `.match[${match}]`}`;
}

function actionLines(decision: Explained): string[] {
  const { outcome, status, flag, fault, redirection, request, cors, place: { rejection } } = decision;
  const lines: string[] = [];
  if (rejection) lines.push(`Envoy refuses the request: ${rejection.why} (${rejection.details})`);
  if (fault?.delay) lines.push(`delays ${rounded(fault.delay.percent)} % of the requests by ${fault.delay.ms} ms`);
  if (fault?.abort) lines.push(`aborts ${rounded(fault.abort.percent)} % of the requests with ${fault.abort.status}`);
  if (cors) lines.push(`CORS: the origin ${headerOf(request, 'origin')} is ${cors.originAllowed ? 'allowed' : 'not allowed'}`);
  lines.push(...(redirection ? redirectLines(redirection, decision.isRedirectLoop) : answerLines(decision)));
  lines.push(`outcome: ${outcome}${status === undefined ? '' : `, ${status}`}${flag === undefined ? '' : ` (${flag})`}`);
  return lines;
}

function redirectLines({ status, location }: Redirection, isLoop: boolean): string[] {
  const line = `redirects with ${status} to ${location}`;
  return isLoop ? [line, 'a caller that follows it is redirected again and again: a redirect loop'] : [line];
}

function answerLines(decision: Explained): string[] {
  const { outcome, status, body } = decision;
  if (outcome === 'preflight answered') return ['answers the preflight itself with 200'];
  if (outcome === 'blocked' && status !== undefined) return [`answers itself with ${status}, as only hosts of the registry may be called`];
  if (outcome === 'answered') return [`answers itself with ${status}${body === undefined ? '' : `, ${body.length} bytes`}`];
  return decision.split.length > 0 ? forwardLines(decision) : [];
}

function forwardLines(decision: Explained): string[] {
  const { split, mirrors, request, path, retry, timeoutMs, hashedBy } = decision;
  const lines = split.map(share => `${rounded(share.percent)} % to ${describeShare(share)}`);
  lines.push(...securityLines(decision));
  for (const mirror of mirrors) lines.push(`copies ${rounded(mirror.percent)} % to ${describeDestination(mirror)}${mirror.reception === 'unknown cluster' ? ', a cluster that this proxy does not have, so that they are lost' : ''}`);
  if (path !== request.path) lines.push(`rewrites the path ${request.path} to ${path}`);
  const authority = decision.authority();
  if (authority !== request.authority) lines.push(`rewrites the authority to ${authority}`);
  for (const [name, value] of decision.requestHeaderChanges()) lines.push(value === undefined ? `removes the header ${name}` : `sets the header ${name}: ${value}`);
  if (hashedBy.length > 0) lines.push(`chooses the endpoint by ${hashedBy.join(', then ')}`);
  if (timeoutMs !== undefined) lines.push(`waits ${timeoutMs} ms for the answer`);
  if (retry) lines.push(`tries again up to ${retry.attempts} times on ${[...retry.on, ...retry.statusCodes].join(', ')}${retry.perTryTimeoutMs === undefined ? '' : `, ${retry.perTryTimeoutMs} ms a try`}`);
  return lines;
}

/** What the endpoints get, once per kind of encryption. */
function securityLines({ split, place: { table } }: Explained): string[] {
  const reached = split.filter(({ reception }) => reception === 'routed');
  const kinds = new Set(reached.flatMap(({ security }) => (security === undefined ? [] : [describeSecurity(security)])));
  const plain = table ? 'plaintext' : 'the bytes as the caller sends them';
  return [...kinds].map(kind => `the endpoint gets ${kind === 'plaintext' ? plain : kind}`);
}

const RECEPTIONS: { readonly [reception: string]: string } = {
  'blocked': ', which takes nothing',
  'unknown cluster': ', a cluster that this proxy does not have',
  'no healthy host': ', which has no endpoint',
  'passed through': ', which is the address that the caller asked for',
};

function describeShare(share: Share): string {
  const endpoints = share.endpoints.length === 0 ? '' : `, ${share.endpoints.length} endpoint${share.endpoints.length === 1 ? '' : 's'}`;
  return `${describeDestination(share)}${RECEPTIONS[share.reception] ?? endpoints}`;
}

/** A number without the noise of binary fractions. */
function rounded(number: number): string {
  return String(Number(number.toFixed(4)));
}
