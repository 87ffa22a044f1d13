import { cidrProblem } from './cidr';
import { dnsLabelProblem, labelsProblem } from './name';
import type { Problem } from './problem';
import { fieldProblem } from './problem';

/**
 * What a TCP connection has to be like: all that is stated has to hold. Envoy sees no more of it than where it comes from and where it goes.
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

const FIELDS = ['sourceLabels', 'sourceNamespace', 'destinationSubnets'];

/** What is wrong with a match, if anything. */
export function tcpMatchProblem(what: string, match: TcpMatch): Problem {
  return fieldProblem(what, match, FIELDS) ?? callerProblem(what, match) ?? listProblem(`${what}.destinationSubnets`, match.destinationSubnets, cidrProblem);
}

/** What is wrong with the conditions on a caller, if anything. */
export function callerProblem(what: string, { sourceLabels, sourceNamespace }: Pick<TcpMatch, 'sourceLabels' | 'sourceNamespace'>): Problem {
  return (sourceLabels && labelsProblem(`${what}.sourceLabels`, sourceLabels))
    ?? (sourceNamespace === undefined ? undefined : dnsLabelProblem(`${what}.sourceNamespace`, sourceNamespace));
}

/** What is wrong with a list of alternatives, if anything. */
export function listProblem(what: string, values: readonly string[] | undefined, problem: (what: string, value: string) => Problem): Problem {
  if (values === undefined) return undefined;
  if (values.length === 0) return `${what} is an empty list, of which no alternative can hold; state one, or leave it out`;
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) return `${what} names '${twice}' twice; state each once`;
  return values.map(value => problem(what, value)).find(found => found !== undefined);
}
