/** The outcome of a request or a connection. A fault or a split that affects only some requests is given separately. */
export type Outcome =
  /** An endpoint of a service answers. */
  | 'routed'
  /** Envoy forwards it to the address that the caller used, because the mesh does not know the host. */
  | 'passed through'
  /** Blocked because the mesh does not know the host: 502, or a closed connection without HTTP. */
  | 'blocked'
  /** 404, flag NR. */
  | 'no route'
  /** 503, for a route of the Gateway API 500, flag NC: the route names a cluster that the proxy does not have. */
  | 'unknown cluster'
  /** 503, flag UH. */
  | 'no healthy host'
  | 'redirected'
  /** Envoy answers with a direct response. */
  | 'answered'
  /** Envoy answers a CORS preflight. */
  | 'preflight answered'
  /** Envoy aborts every request with a fault, flag FI. */
  | 'aborted'
  /** Envoy rejects the request before it selects a route, because of invalid HTTP or an invalid path: 400, 431 and others, flag DPE. */
  | 'rejected'
  /** No filter chain takes the connection, or its bytes are not what the filter chain expects. */
  | 'closed'
  /** Nothing listens on the port, so the caller cannot connect. Envoy sees and logs nothing. */
  | 'connection refused'
  /** An access policy denies the request: 403. */
  | 'denied'
  /** The token of the request is not valid: 401. */
  | 'unauthenticated'
  /** A proxy ends the connection: the pods take mutual TLS alone, or a policy denies a connection without HTTP. */
  | 'reset'
  /** An external authorizer decides, or what is not known of the caller: its account, its address, its token. */
  | 'undecided'
  /** Unknown, because what decides is not read: see `notJudged`. */
  | 'not decided';

/** The outcomes of a request that access policies refuse. */
export const REFUSED: ReadonlySet<Outcome> = new Set<Outcome>(['denied', 'unauthenticated', 'reset']);
