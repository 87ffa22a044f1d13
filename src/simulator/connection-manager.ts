import { codecRejection, connectionTokens } from './codec';
import { withForwardingHeaders } from './forwarding-headers';
import type { HeaderValues } from './header-values';
import { keptValues } from './header-values';
import { normalizePath } from './path';
import type { Rejection } from './rejection';
import type { HttpVersion, Request } from './request';
import { CONNECTION_HEADERS, removedHeaders } from '../envoy/received-headers';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';
import type { FilterChain } from '../envoy/xds/listener';

/** A request as Envoy's connection manager passes it to the routes, or why it rejects the request. */
export interface Received {
  readonly request: Request;
  readonly rejection?: Rejection;
}

/** An empty x-forwarded-proto leaves an HTTP/1 request without a scheme, and no route takes it. */
const NO_SCHEME: Rejection = {
  status: 404,
  details: 'route_not_found',
  flag: 'NR',
  why: 'x-forwarded-proto is empty, and no route takes a request without a scheme',
};

/**
 * What a connection manager does with a request before it selects a route: the checks of the codec, path normalization, and the removal of
 * headers that it does not trust.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
 */
export function receive(sent: Request, version: HttpVersion, manager: HttpConnectionManager, chain?: FilterChain): Received {
  // HTTP/1 accepts more than one space before the version.
  const read = version === 'HTTP/2' ? sent : { ...sent, path: sent.path.replace(/[ \t]+$/, '') };
  const kept: Request = { ...read, version, headers: keptHeaders(sent.headers, version === 'HTTP/2') };
  const rejection = codecRejection(read, version, manager) ?? requestRejection(kept);
  if (rejection) return { request: kept, rejection };
  // The target of CONNECT is only the host.
  const normalized = sent.method === 'CONNECT' ? { path: '' } : normalizePath(read.path, manager);
  if ('details' in normalized) return { request: kept, rejection: normalized };
  const request = { ...kept, path: normalized.path, ...believed(kept, manager, chain) };
  return request.proto === '' && version !== 'HTTP/2' ? { request, rejection: NO_SCHEME } : { request };
}

function keptHeaders(headers: HeaderValues, isHttp2: boolean): HeaderValues {
  for (const values of headers.values()) {
    if (values.length > 1) return new Map([...headers].map(([name, all]) => [name, keptValues(name, all, isHttp2)]));
  }
  return headers;
}

function requestRejection({ method, headers }: Request): Rejection | undefined {
  if (connectionTokens(headers).includes('host')) {
    return { status: 400, details: 'missing_host_header', why: 'Connection names Host, so the request has no Host header' };
  }
  if (method === 'QUERY' && !headers.get('content-type')?.[0]) {
    return { status: 400, details: 'query_missing_content_type', why: 'a QUERY must have a Content-Type' };
  }
  return undefined;
}

/** The protocol to which a request asks to upgrade, in lower case. */
export function upgradeOf({ method, version, headers }: Request): string | undefined {
  if (method === 'CONNECT') return 'CONNECT';
  const upgrade = headers.get('upgrade')?.[0];
  return upgrade !== undefined && version === 'HTTP/1.1' && connectionTokens(headers).includes('upgrade')
    ? upgrade.toLowerCase()
    : undefined;
}

/** The headers and the scheme that the routes see. */
function believed(
  request: Request,
  manager: HttpConnectionManager,
  chain: FilterChain | undefined,
): Pick<Request, 'headers' | 'proto' | 'generated'> {
  const { scheme } = request;
  const isEdge = manager.useRemoteAddress === true;
  const { headers, generated } = withForwardingHeaders(request.headers, request, manager, chain);
  const named = connectionTokens(request.headers).filter(token => token !== 'upgrade');
  const ofConnection = isUpgrade(request) ? [] : CONNECTION_HEADERS;
  for (const name of ['host', ...named, ...removedHeaders(manager), ...ofConnection]) headers.delete(name);
  const te = headers.get('te')?.[0];
  if (te !== undefined) {
    if (te.split(',').some(token => token.trim().toLowerCase() === 'trailers')) headers.set('te', ['trailers']);
    else headers.delete('te');
  }
  const trusted = !isEdge || (manager.xffNumTrustedHops ?? 0) > 0;
  if (!trusted || !headers.has('x-forwarded-proto')) headers.set('x-forwarded-proto', [scheme]);
  if (manager.commonHttpProtocolOptions?.headersWithUnderscoresAction === 'DROP_HEADER') {
    for (const name of [...headers.keys()]) if (name.includes('_')) headers.delete(name);
  }
  return { headers, generated, proto: headers.get('x-forwarded-proto')![0] };
}

/** The answer to an upgrade that the connection manager does not allow. */
export function upgradeRejection(request: Request, { upgradeConfigs = [] }: HttpConnectionManager): Rejection | undefined {
  const upgrade = upgradeOf(request);
  if (upgrade === undefined || upgrade === 'h2c' || upgradeConfigs.some(({ upgradeType }) => upgradeType.toLowerCase() === upgrade)) {
    return undefined;
  }
  return { status: 403, details: 'upgrade_failed', why: `the proxy accepts no upgrade to '${upgrade}'` };
}

function isUpgrade(request: Request): boolean {
  const upgrade = upgradeOf(request);
  return upgrade !== undefined && upgrade !== 'h2c' && upgrade !== 'CONNECT';
}
