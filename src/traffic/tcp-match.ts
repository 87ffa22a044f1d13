import type { HeldConnectionMatch, TcpField } from './connection-match';
import { connectionMatchProblem, TCP_FIELDS } from './connection-match';
import type { Problem } from './problem';

/**
 * Conditions on a TCP connection. A connection must meet all of them. Envoy sees only where a connection comes from and where it goes.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes
 */
export interface TcpMatch {
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
  /**
   * IP addresses or CIDR blocks. The connection must go to one of them. Useful for a host with several addresses, such as an
   * ExternalDependency with CIDR blocks in `addresses`. Only in the mesh.
   * @default - any address
   */
  readonly destinationSubnets?: string[];
}

/** The problem of a match. */
export function tcpMatchProblem(what: string, match: TcpMatch): Problem {
  const stated: HeldConnectionMatch<TcpField, Required<TcpMatch>> = match;
  return connectionMatchProblem(what, stated, TCP_FIELDS);
}
