import type { Filtered, Stated } from './access-filters';
import { filtered, withClaimHeaders } from './access-filters';
import { connectionManagerOf } from '../../envoy/filter-chains';
import type { FilterChain, Listener } from '../../envoy/xds/listener';
import type { Request } from '../request';
import type { Token } from '../token';

/** A request or a connection as it reaches a gateway. */
export interface GatewayCall {
  /** The request as the connection manager passes it on; undefined for bytes. */
  readonly request?: Request;
  readonly serverName: string;
  /** The address of the other end of the connection. */
  readonly sourceAddress?: string;
  readonly token: Token;
}

/** What the filters of a gateway's chain decide. */
export function filteredAtGateway(chain: FilterChain, listener: Listener, call: GatewayCall, stated: Stated): Filtered {
  const { request, serverName, sourceAddress, token } = call;
  const filters = connectionManagerOf(chain)?.httpFilters ?? chain.filters ?? [];
  const external =
    request && !request.generated?.has('x-envoy-external-address') ? request.headers.get('x-envoy-external-address')?.[0] : undefined;
  // The PROXY protocol states the address of the caller; the connection is the load balancer's.
  const readsProxyProtocol = listener.listenerFilters?.some(({ name }) => name === 'envoy.filters.listener.proxy_protocol');
  const asksForCertificate = chain.transportSocket?.typedConfig.requireClientCertificate === true;
  return filtered(filters, {
    request,
    peer: asksForCertificate ? 'unknown' : 'none',
    directAddress: readsProxyProtocol ? undefined : sourceAddress,
    isFromGateway: readsProxyProtocol,
    remoteAddress: request ? external : sourceAddress,
    port: listener.address?.socketAddress?.portValue ?? 0,
    serverName,
    token,
  }, stated);
}

/** A request as the routes of a gateway see it, once its filters have verified the token. */
export function routedRequest(request: Request, { verified, claimHeaders }: Filtered): Request {
  if (verified === undefined) return request;
  return { ...typeof verified === 'object' ? withClaimHeaders(request, claimHeaders) : request, verified };
}
