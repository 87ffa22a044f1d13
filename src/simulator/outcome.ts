/** What becomes of a request or a connection. A fault or a part of a split that only some requests meet stands beside it. */
export type Outcome =
  /** An endpoint of a service answers. */
  | 'routed'
  /** It goes on to the address that the caller asked for, as to a host that the mesh does not know. */
  | 'passed through'
  /** Refused because the mesh does not know the host: 502, or where Envoy sees no HTTP a connection that ends. */
  | 'blocked'
  /** 404, flag NR. */
  | 'no route'
  /** 503, flag NC: the route names a cluster that the proxy does not have. */
  | 'unknown cluster'
  /** 503, flag UH. */
  | 'no healthy host'
  | 'redirected'
  /** Answered by Envoy as a route says. */
  | 'answered'
  /** A preflight of CORS that Envoy answers. */
  | 'preflight answered'
  /** Answered by a fault that every request meets, flag FI. */
  | 'aborted'
  /** Envoy refuses the request before it asks a route, as HTTP or a path that it does not accept: 400, 431 and others, flag DPE. */
  | 'rejected'
  /** No filter chain takes the connection, or its bytes are not what the filter chain expects. */
  | 'closed'
  /** Nothing listens on the port, so that the caller cannot connect. Envoy sees nothing, and logs nothing. */
  | 'connection refused'
  /** What decides is not read, so that nothing is known: see `notJudged`. */
  | 'not decided';
