import type { HeldConnectionMatch, TlsField } from './connection-match';
import { connectionMatchProblem, TLS_FIELDS } from './connection-match';
import type { Problem } from './problem';

/**
 * Conditions on a TLS connection. A connection must meet all of them. Envoy sees the server name (SNI), but no requests.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes
 */
export interface TlsMatch {
  /**
   * Server names (SNI). The client must send one of them: a name of the service in the mesh, or a name of the public host at its gateway.
   * @default - every name of the service or of the public host
   */
  readonly sniHosts?: string[];
  /**
   * Labels of the calling workload. Only in the mesh.
   * @default - any caller
   */
  readonly sourceLabels?: { readonly [key: string]: string };
  /**
   * The namespace of the calling workload. Only in the mesh.
   * @default - any namespace
   */
  readonly sourceNamespace?: string;
}

/** The problem of a match. */
export function tlsMatchProblem(what: string, match: TlsMatch): Problem {
  const stated: HeldConnectionMatch<TlsField, Required<TlsMatch>> = match;
  return connectionMatchProblem(what, stated, TLS_FIELDS);
}
