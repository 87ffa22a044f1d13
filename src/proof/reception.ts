import { CONNECTION_HEADERS, certificateHeader, claimHeadersOf, removedHeaders } from '../envoy/received-headers';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';
import type { FilterChain } from '../envoy/xds/listener';

/** What routes see of a header that a caller may send. */
export type HeaderFate =
  /** What the caller sends. */
  | 'sent'
  /** What the caller sends; Envoy writes a value of its own if it sends none. */
  | 'completed'
  /** No header, whatever the caller sends. */
  | 'removed'
  /** A value that Envoy writes and that the request does not decide. */
  | 'written'
  /** A value that Envoy writes, or no header. */
  | 'written or removed';

/** What a proxy makes of the headers of callers before it routes. */
export interface Reception {
  fateOf(header: string): HeaderFate;
}

/** What a connection manager makes of headers. */
export function receptionOf(manager: HttpConnectionManager, chain: FilterChain): Reception {
  const fates = new Map<string, HeaderFate>(removedHeaders(manager).map(name => [name, 'removed']));
  const isEdge = manager.useRemoteAddress === true;
  for (const name of CONNECTION_HEADERS) fates.set(name, 'written or removed');
  // Over HTTP/1.1, a header asks to upgrade the connection.
  if (chain.transportSocket === undefined) fates.set('upgrade', 'sent');
  fates.set('x-request-id', isEdge ? 'written' : 'completed');
  if (isEdge) fates.set('x-forwarded-for', 'written').set('x-envoy-external-address', 'written');
  fates.set('x-forwarded-client-cert', certificateFate(manager, chain)).set('te', 'written or removed');
  for (const { name, typedConfig } of manager.httpFilters ?? []) {
    if (name === 'envoy.filters.http.jwt_authn') for (const header of claimHeadersOf(typedConfig)) fates.set(header, 'written or removed');
  }
  const dropsUnderscores = (manager.commonHttpProtocolOptions?.headersWithUnderscoresAction ?? 'ALLOW') !== 'ALLOW';
  return { fateOf: header => (dropsUnderscores && header.includes('_') ? 'removed' : fates.get(header) ?? 'sent') };
}

function certificateFate(manager: HttpConnectionManager, chain: FilterChain): HeaderFate {
  const { is, mayBeAbsent } = certificateHeader(manager, chain);
  if (is === 'kept') return 'sent';
  return is === 'removed' ? 'removed' : mayBeAbsent ? 'written or removed' : 'written';
}

/** What holds of headers at all of some receptions. */
export function commonReception(receptions: readonly Reception[]): Reception {
  if (receptions.length === 1) return receptions[0];
  return {
    fateOf: header => {
      const [first = 'sent', ...others] = new Set(receptions.map(reception => reception.fateOf(header)));
      return others.length === 0 ? first : 'written or removed';
    },
  };
}
