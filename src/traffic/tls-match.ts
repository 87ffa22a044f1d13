import type { HeldConnectionMatch, TlsField } from './connection-match';
import { connectionMatchProblem, TLS_FIELDS } from './connection-match';
import type { Problem } from './problem';

/**
 * What a TLS connection has to be like: all that is stated has to hold. Envoy sees the server name that the client asks for (SNI), no
 * request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes
 */
export interface TlsMatch {
  /**
   * Server names, one of which the client asks for: names of the service in the mesh, names of the public host at its gateway.
   * @default - every name of the service or of the public host
   */
  readonly sniHosts?: string[];
  /**
   * Labels of the calling workload. In the mesh only.
   * @default - any caller
   */
  readonly sourceLabels?: { readonly [key: string]: string };
  /**
   * The namespace of the calling workload. In the mesh only.
   * @default - any namespace
   */
  readonly sourceNamespace?: string;
}

/** What is wrong with a match, if anything. */
export function tlsMatchProblem(what: string, match: TlsMatch): Problem {
  if ('destinationSubnets' in match) {
    return `${what}.destinationSubnets is no condition that a TLS route can state safely; use sniHosts, or a TcpRoute`;
  }
  const stated: HeldConnectionMatch<TlsField, Required<TlsMatch>> = match;
  return connectionMatchProblem(what, stated, TLS_FIELDS);
}
