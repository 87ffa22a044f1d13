import { accessLines } from './access/access-words';
import { describeDestination } from './clusters';
import type { CorsAnswer } from './cors';
import type { Fault } from './fault';
import type { HeaderChanges } from './header-changes';
import type { Outcome } from './outcome';
import type { PassedOver, Place } from './place';
import type { Redirection } from './redirect';
import type { Request } from './request';
import { headerOf } from './request';
import { retryWords } from './retry-words';
import type { Mirror, RetryPlan, Share } from './route-plan';
import type { CompiledRoute } from './route-table';
import { describeSecurity } from './upstream-security';
import type { NotJudged } from '../edge/not-judged';
import { notJudgedLine } from '../edge/not-judged';
import type { RouteOrigin } from '../envoy/proxy-config';
import { describeObject } from '../manifest/kubernetes-object';
import { pathText } from '../manifest/provenance';

/** The maximum number of routes that are shown before the matching one. */
const SHOWN = 20;

/** The parts of a decision that are explained. */
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
  /** Whether the gateway's own filters refuse the request. */
  readonly isRefusedHere: boolean;
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

/** The path of a request through a proxy, in words. */
export function explain(decision: Explained): string[] {
  const { request, place } = decision;
  const what = place.table === undefined ? 'connection' : request.method;
  const steps = decision.outcome === 'not decided' && !place.open ? ['outcome: not decided']
    : [
      ...fragmentLines(request),
      ...listenerLines(decision),
      ...ownAccessLines(decision),
      ...routeLines(decision),
      ...actionLines(decision),
    ];
  const notJudged = decision.notJudged.map(notJudgedLine);
  return [`${what} ${request.url} from ${place.proxy}`, ...[...steps, ...notJudged].map(line => `  ${line}`)];
}

function fragmentLines({ fragment }: Request): string[] {
  return fragment === undefined ? [] : [`callers do not send the fragment ${fragment}; Envoy answers 400 to a path with a #`];
}

function listenerLines({ place: { listener, chain, table, mismatch }, request }: Explained): string[] {
  if (!listener) return [`listener: none for port ${request.port}; the caller cannot connect, and Envoy logs nothing`];
  const name = `listener ${listener.name}`;
  if (mismatch === 'HTTP') {
    return [`${name}: it expects HTTP; Envoy answers 400 to anything else, and the caller never hears a server that speaks first`];
  }
  if (mismatch === 'plaintext') {
    return [`${name}: it expects plaintext, but the caller sends TLS; Envoy answers 400 in plaintext, so that the handshake fails`];
  }
  if (mismatch !== undefined) return [`${name}: it expects TLS, but the caller sends plaintext; Envoy closes the connection`];
  if (!chain) {
    return [
      `${name}: no filter chain takes ${request.scheme === 'https' ? `the server name ${request.host}` : 'the connection'}; Envoy closes it`,
    ];
  }
  return [`${name}${chain.name ? `, filter chain ${chain.name}` : ''}: ${table ? `HTTP, route configuration ${table.name}` : 'TCP'}`];
}

/** What the gateway's own filters decide, before a route is selected. */
function ownAccessLines({ place: { own, proxy } }: Explained): string[] {
  return own ? accessLines(`access at the ${proxy}`, own) : [];
}

/** What the pods of each destination decide. */
function accessOfPods({ split }: Explained): string[] {
  return split.flatMap(share => (share.access ? accessLines(`access to ${describeDestination(share)}`, share.access) : []));
}

function routeLines(decision: Explained): string[] {
  const { place: { table, found, taken, open, rejection }, request, passedOver, redirectsToTls } = decision;
  if (!table || rejection && !found || decision.isRefusedHere) return [];
  if (!found) return [`virtual host: none has a domain for '${request.authority}'`];
  const host = `virtual host ${found.host.virtualHost.name}: the authority '${request.authority}' matches its domain ${found.domain}`;
  const hidden = Math.max(0, passedOver.length - SHOWN);
  return [
    host,
    ...(hidden > 0 ? [`... ${hidden} routes that do not match`] : []),
    ...passedOver.slice(hidden).map(missed),
    ...(redirectsToTls ? ['the virtual host accepts only TLS (httpsRedirect), so Envoy selects no route'] : []),
    ...(open ? [`${describeRoute(open, undefined)}: not decided`] : []),
    ...(taken ? [
      `${describeRoute(taken, decision.origin)}: matches${reasons(taken)}`,
    ] : decision.outcome === 'no route' ? ['no route matches'] : []),
  ];
}

function missed({ route, origin, why }: PassedOver): string {
  return `${describeRoute(route, origin)}: no, ${why}`;
}

function reasons({ conditions }: CompiledRoute): string {
  return conditions.length === 0 ? ' every request' : `: ${conditions.map(({ words }) => words).join(', and ')}`;
}

function describeRoute({ route, index }: CompiledRoute, origin: RouteOrigin | undefined): string {
  return `route ${index + 1}${route.name ? ` '${route.name}'` : ''}${origin === undefined ? '' : ` (${describeOrigin(origin)})`}`;
}

/** The origin of a route, such as `VirtualService shop/catalog, http[1].match[0]`. */
export function describeOrigin({ object, path }: RouteOrigin): string {
  return `${describeObject(object)}, ${pathText(path.slice(1))}`;
}

function actionLines(decision: Explained): string[] {
  const { outcome, status, flag, fault, redirection, request, cors, place: { rejection } } = decision;
  const lines: string[] = [];
  if (rejection) lines.push(`Envoy rejects the request: ${rejection.why} (${rejection.details})`);
  if (fault?.delay) lines.push(`delays ${rounded(fault.delay.percent)} % of the requests by ${fault.delay.ms} ms`);
  if (fault?.abort) lines.push(`aborts ${rounded(fault.abort.percent)} % of the requests with ${fault.abort.status}`);
  if (cors) lines.push(`CORS: the origin ${headerOf(request, 'origin')} is ${cors.originAllowed ? 'allowed' : 'not allowed'}`);
  lines.push(...(redirection ? redirectLines(redirection, decision.isRedirectLoop) : answerLines(decision)));
  lines.push(`outcome: ${outcome}${status === undefined ? '' : `, ${status}`}${flag === undefined ? '' : ` (${flag})`}`);
  return lines;
}

function redirectLines({ status, location }: Redirection, isLoop: boolean): string[] {
  const line = `redirects with ${status} to ${location}`;
  return isLoop ? [line, 'a caller that follows it is redirected again: a redirect loop'] : [line];
}

function answerLines(decision: Explained): string[] {
  const { outcome, status, body } = decision;
  if (outcome === 'preflight answered') return ['answers the preflight itself with 200'];
  if (outcome === 'blocked' && status !== undefined) {
    return [`answers itself with ${status}, because only hosts of the registry are allowed`];
  }
  if (outcome === 'answered') return [`answers itself with ${status}${body === undefined ? '' : `, ${body.length} bytes`}`];
  return decision.split.length > 0 ? forwardLines(decision) : [];
}

function forwardLines(decision: Explained): string[] {
  const { split, mirrors, request, path, retry, timeoutMs, hashedBy } = decision;
  const lines = split.map(share => `${rounded(share.percent)} % to ${describeShare(share)}`);
  lines.push(...securityLines(decision), ...accessOfPods(decision));
  for (const mirror of mirrors) {
    lines.push(
      `mirrors ${rounded(mirror.percent)} % to ${describeDestination(mirror)}${mirror.reception === 'unknown cluster' ? ', a cluster that this proxy does not have: they are lost' : ''}`,
    );
  }
  if (path !== request.path) lines.push(`rewrites the path ${request.path} to ${path}`);
  const authority = decision.authority();
  if (authority !== request.authority) lines.push(`rewrites the authority to ${authority}`);
  for (const [name, value] of decision.requestHeaderChanges()) {
    lines.push(value === undefined ? `removes the header ${name}` : `sets the header ${name}: ${value}`);
  }
  if (hashedBy.length > 0) lines.push(`selects the endpoint by ${hashedBy.join(', then ')}`);
  if (timeoutMs !== undefined) lines.push(`waits ${timeoutMs} ms for the response`);
  if (retry) lines.push(retryWords(retry));
  return lines;
}

/** What the endpoints get, once per kind of encryption. */
function securityLines({ split, place: { table } }: Explained): string[] {
  const reached = split.filter(({ reception }) => reception === 'routed');
  const kinds = new Set(reached.flatMap(({ security }) => (security === undefined ? [] : [describeSecurity(security)])));
  const plain = table ? 'plaintext' : 'the bytes unchanged';
  return [...kinds].map(kind => `the endpoint gets ${kind === 'plaintext' ? plain : kind}`);
}

const RECEPTIONS: { readonly [reception: string]: string } = {
  'denied': ', which denies them',
  'unauthenticated': ', which does not accept the token',
  'reset': ', which ends the connection',
  'undecided': ', which may deny them',
  'blocked': ', which blocks everything',
  'unknown cluster': ', a cluster that this proxy does not have',
  'no healthy host': ', which has no endpoint',
  'passed through': ', the address that the caller used',
};

function describeShare(share: Share): string {
  const endpoints = share.endpoints.length === 0 ? '' : `, ${share.endpoints.length} endpoint${share.endpoints.length === 1 ? '' : 's'}`;
  return `${describeDestination(share)}${RECEPTIONS[share.reception] ?? endpoints}`;
}

/** A number without the rounding errors of binary fractions. */
function rounded(number: number): string {
  return String(Number(number.toFixed(4)));
}
