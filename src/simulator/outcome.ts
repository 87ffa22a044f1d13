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
  /** 503, flag NC: the route names a cluster that the proxy does not have. */
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
  /** Unknown, because what decides is not read: see `notJudged`. */
  | 'not decided';
