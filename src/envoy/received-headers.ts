import type { HttpConnectionManager } from './xds/http-connection-manager';
import type { JwtAuthentication } from './xds/jwt-authn';
import type { FilterChain } from './xds/listener';

/** Headers that control Envoy. It accepts them only from internal addresses, which do not exist in Istio's configuration. */
const OF_INTERNAL_CALLERS = [
  'x-envoy-force-trace', 'x-envoy-hedge-on-per-try-timeout', 'x-envoy-internal', 'x-envoy-ip-tags', 'x-envoy-max-retries',
  'x-envoy-original-url',
  'x-envoy-retriable-header-names', 'x-envoy-retriable-status-codes', 'x-envoy-retry-grpc-on', 'x-envoy-retry-on',
  'x-envoy-upstream-alt-stat-name',
  'x-envoy-upstream-rq-per-try-timeout-ms', 'x-envoy-upstream-rq-timeout-alt-response', 'x-envoy-upstream-rq-timeout-ms',
  'x-envoy-upstream-stream-duration-ms', 'x-envoy-expected-rq-timeout-ms',
];

/** Headers that the first proxy of a mesh removes as well. */
const OF_EDGE = [
  'x-envoy-decorator-operation', 'x-envoy-downstream-service-cluster', 'x-envoy-downstream-service-node', 'x-envoy-original-host',
  'x-envoy-original-path',
];

/** Hop-by-hop headers, which are not forwarded. */
export const CONNECTION_HEADERS: readonly string[] = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/**
 * The headers that a connection manager removes from every request.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
 */
export function removedHeaders({ useRemoteAddress }: HttpConnectionManager): readonly string[] {
  return useRemoteAddress === true ? [...OF_INTERNAL_CALLERS, ...OF_EDGE] : OF_INTERNAL_CALLERS;
}

/** What becomes of x-forwarded-client-cert, which describes the certificate of the caller. */
export interface CertificateHeader {
  /** `kept if verified`: the header of a caller whose certificate is verified. */
  readonly is: 'kept' | 'removed' | 'kept if verified' | 'replaced' | 'appended';
  /** Whether a caller without a certificate is accepted, whose request then has no such header. */
  readonly mayBeAbsent: boolean;
}

export function certificateHeader(
  { forwardClientCertDetails = 'SANITIZE' }: HttpConnectionManager, chain: FilterChain | undefined,
): CertificateHeader {
  const tls = chain?.transportSocket?.typedConfig;
  const { validationContext, combinedValidationContext } = tls?.commonTlsContext ?? {};
  const isRequired = tls?.requireClientCertificate === true;
  const isAsked = isRequired || (validationContext ?? combinedValidationContext) !== undefined;
  const as = (is: CertificateHeader['is']): CertificateHeader => ({ is, mayBeAbsent: !isRequired });
  if (forwardClientCertDetails === 'ALWAYS_FORWARD_ONLY') return as('kept');
  if (forwardClientCertDetails === 'SANITIZE' || !isAsked) return as('removed');
  if (forwardClientCertDetails === 'FORWARD_ONLY') return as(isRequired ? 'kept' : 'kept if verified');
  return as(forwardClientCertDetails === 'APPEND_FORWARD' ? 'appended' : 'replaced');
}

/** The headers in which Envoy forwards the claims of a verified token, in lower case. */
export function claimHeadersOf({ providers = {} }: JwtAuthentication): string[] {
  return Object.values(providers).flatMap(({ forwardPayloadHeader, claimToHeaders = [] }) => [
    ...(forwardPayloadHeader === undefined ? [] : [forwardPayloadHeader]), ...claimToHeaders.map(({ headerName }) => headerName),
  ]).map(name => name.toLowerCase());
}
