import { hostProblem } from './name';
import type { Problem } from './problem';
import { fieldProblem } from './problem';
import { callerProblem, listProblem } from './tcp-match';

/**
 * What a TLS connection has to be like: all that is stated has to hold. Envoy sees the server name that the client asks for (SNI), no request.
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

const FIELDS = ['sniHosts', 'sourceLabels', 'sourceNamespace'];

/** What is wrong with a match, if anything. */
export function tlsMatchProblem(what: string, match: TlsMatch): Problem {
  // Chains that differ in their subnets and names hide each other in Envoy, and istiod hands the subnets of one match on to the next.
  if ('destinationSubnets' in match) return `${what}.destinationSubnets is no condition that a TLS route can state safely; use sniHosts, or a TcpRoute`;
  return fieldProblem(what, match, FIELDS) ?? listProblem(`${what}.sniHosts`, match.sniHosts, sniProblem) ?? callerProblem(what, match);
}

function sniProblem(what: string, value: string): Problem {
  return value === '*' ? `${what} '*' is every name there is; name hosts, or leave it out` : hostProblem(what, value, { wildcard: true });
}
