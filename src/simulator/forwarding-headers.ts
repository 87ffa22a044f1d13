import { isIP } from 'node:net';
import type { GeneratedHeader, GeneratedHeaders } from './generated-header';
import type { HeaderValues } from './header-values';
import type { Request } from './request';
import { certificateHeader } from '../envoy/received-headers';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';
import type { FilterChain } from '../envoy/xds/listener';

/** Headers as a proxy writes them, and those whose value it takes from the connection. */
export interface WrittenHeaders {
  readonly headers: Map<string, readonly string[]>;
  readonly generated: GeneratedHeaders;
}

/**
 * Writes the headers that say who calls: x-forwarded-for, x-envoy-external-address, x-request-id and x-forwarded-client-cert.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
 */
export function withForwardingHeaders(
  sent: HeaderValues, { sourceAddress: from }: Pick<Request, 'sourceAddress'>, manager: HttpConnectionManager,
  chain: FilterChain | undefined,
): WrittenHeaders {
  const headers = new Map(sent);
  const generated = new Map<string, GeneratedHeader>();
  const isEdge = manager.useRemoteAddress === true;
  const write = (name: string, value: string | undefined, unknown: GeneratedHeader) => {
    headers.delete(name);
    if (value === undefined) generated.set(name, unknown);
    else headers.set(name, [value]);
  };
  if (isEdge) {
    const forwarded = sent.get('x-forwarded-for')?.[0];
    write('x-envoy-external-address', externalAddress(forwarded, manager.xffNumTrustedHops ?? 0, from), { what: 'address', start: '' });
    const start = forwarded ? `${forwarded},` : '';
    // In place of a loopback address, Envoy writes its own.
    const isKnown = from !== undefined && !/^127\.|^::1$/.test(from);
    write('x-forwarded-for', isKnown ? start + from : undefined, { what: 'address', start });
  }
  if (isEdge || !sent.has('x-request-id')) write('x-request-id', undefined, { what: 'id', start: '' });
  const ofCertificate = certificate(sent.get('x-forwarded-client-cert')?.[0], manager, chain);
  if (typeof ofCertificate === 'object') write('x-forwarded-client-cert', undefined, ofCertificate);
  else if (ofCertificate === 'removed') headers.delete('x-forwarded-client-cert');
  return { headers, generated };
}

/** The address that the trusted proxies before this one state, else that of the connection; undefined if it is not known. */
function externalAddress(forwarded: string | undefined, hops: number, from: string | undefined): string | undefined {
  const stated = hops === 0 ? '' : forwarded?.split(',').at(-hops)?.trim() ?? '';
  // Envoy writes an address of IPv6 in its own way.
  return isIP(stated) === 4 ? stated : isIP(stated) === 6 ? undefined : from;
}

/** What becomes of the header that describes the certificate of the caller. */
function certificate(
  sent: string | undefined, manager: HttpConnectionManager, chain: FilterChain | undefined,
): GeneratedHeader | 'kept' | 'removed' {
  const { is, mayBeAbsent } = certificateHeader(manager, chain);
  if (is === 'kept' || is === 'removed') return is;
  if (is === 'kept if verified' && sent === undefined) return 'removed';
  return { what: 'certificate', start: is === 'appended' && sent ? `${sent},` : '', ...(mayBeAbsent ? { mayBeAbsent } : {}) };
}
