import type { HeldConnectionMatch, TcpField } from './connection-match';
import { connectionMatchProblem, TCP_FIELDS } from './connection-match';
import type { Problem } from './problem';

/**
 * What a TCP connection has to be like: all that is stated has to hold. Envoy sees no more of it than where it comes from and where it
 * goes.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes
 */
export interface TcpMatch {
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
  /**
   * IP addresses or CIDR blocks, one of which the connection goes to: of use where a service has several addresses, such as an
   * ExternalDependency with blocks as `addresses`. In the mesh only.
   * @default - any address
   */
  readonly destinationSubnets?: string[];
}

/** What is wrong with a match, if anything. */
export function tcpMatchProblem(what: string, match: TcpMatch): Problem {
  const stated: HeldConnectionMatch<TcpField, Required<TcpMatch>> = match;
  return connectionMatchProblem(what, stated, TCP_FIELDS);
}
