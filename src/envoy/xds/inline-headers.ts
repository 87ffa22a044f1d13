/**
 * The headers that Envoy keeps inline, so that several lines are one value, joined by commas. Of every other header each value stays by
 * itself.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
 */
export const INLINE_HEADERS: ReadonlySet<string> = new Set([
  'accept', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method', 'access-control-request-private-network',
  'authentication', 'authorization', 'cache-control', 'cdn-loop', 'connection', 'content-encoding', 'content-type', 'expect',
  'grpc-accept-encoding', 'grpc-timeout', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since',
  'keep-alive', 'origin', 'pragma', 'proxy-connection', 'proxy-status', 'referer', 'te', 'transfer-encoding', 'upgrade', 'user-agent',
  'via',
  'x-client-trace-id', 'x-envoy-attempt-count', 'x-envoy-decorator-operation', 'x-envoy-downstream-service-cluster',
  'x-envoy-downstream-service-node', 'x-envoy-external-address', 'x-envoy-is-timeout-retry', 'x-envoy-original-host',
  'x-envoy-original-path', 'x-forwarded-client-cert', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto',
  'x-request-id',
]);
