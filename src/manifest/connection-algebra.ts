import { isCidrWithin } from '../traffic/cidr';

type Labels = { readonly [key: string]: string } | undefined;

/** One alternative of what a connection has to be like: Istio's L4MatchAttributes and TLSMatchAttributes without the port. */
export interface ConnectionTerm {
  /** Alternatives: names, or wildcards such as `*.example.com`. */
  readonly sniHosts?: readonly string[];
  /** Alternatives: addresses or CIDR blocks. */
  readonly destinationSubnets?: readonly string[];
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
}

/** Whether every name that one stands for is one that the other stands for. */
export function isNameWithin(a: string, b: string): boolean {
  return a === b || (b.startsWith('*.') && a.endsWith(b.slice(1)) && a.length >= b.length);
}

function valueOf(labels: Labels, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Whether every connection of `a` is known to be one of `b`. */
export function isConnectionWithin(a: ConnectionTerm, b: ConnectionTerm): boolean {
  return isListWithin(a.sniHosts, b.sniHosts, isNameWithin) && isListWithin(a.destinationSubnets, b.destinationSubnets, isCidrWithin)
    && Object.entries(b.sourceLabels ?? {}).every(([key, value]) => valueOf(a.sourceLabels, key) === value)
    && (b.sourceNamespace === undefined || a.sourceNamespace === b.sourceNamespace);
}

function isListWithin(a: readonly string[] | undefined, b: readonly string[] | undefined, within: (a: string, b: string) => boolean): boolean {
  return b === undefined || (a !== undefined && a.every(x => b.some(y => within(x, y))));
}

/** Whether no caller can open a connection that meets both, by what is known of the callers alone. */
export function haveOtherCallers(a: ConnectionTerm, b: ConnectionTerm): boolean {
  return (a.sourceNamespace !== undefined && b.sourceNamespace !== undefined && a.sourceNamespace !== b.sourceNamespace)
    || Object.entries(a.sourceLabels ?? {}).some(([key, value]) => (valueOf(b.sourceLabels, key) ?? value) !== value);
}

/** Whether a connection is known not to meet both. */
export function areConnectionsApart(a: ConnectionTerm, b: ConnectionTerm): boolean {
  const apart = (x: readonly string[] | undefined, y: readonly string[] | undefined, within: (a: string, b: string) => boolean) =>
    x !== undefined && y !== undefined && x.every(p => y.every(q => !within(p, q) && !within(q, p)));
  return haveOtherCallers(a, b) || apart(a.sniHosts, b.sniHosts, isNameWithin) || apart(a.destinationSubnets, b.destinationSubnets, isCidrWithin);
}

/** Whether every connection meets a term. */
export function takesEveryConnection(term: ConnectionTerm): boolean {
  return isConnectionWithin({}, term);
}

/** The text that a term is sorted by where nothing else decides. */
export function connectionText({ sniHosts, destinationSubnets, sourceLabels, sourceNamespace }: ConnectionTerm): string {
  const labels = Object.entries(sourceLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([[...sniHosts ?? []].sort(), [...destinationSubnets ?? []].sort(), labels, sourceNamespace]);
}
