import type { MatchTerm } from '../../manifest/match-algebra';
import { meets } from '../../manifest/string-condition';

/** A host on a gateway, as an audience of statements. Compared by identity. */
export interface PublicHostAudience {
  /** The path of the construct that owns the host. */
  readonly path: string;
  readonly host: string;
  /** All public hosts of the gateway workload. */
  readonly siblings?: ReadonlySet<string>;
}

/** The callers that a statement applies to: those in the mesh, or those of a public host. */
export type Audience = 'mesh' | PublicHostAudience;

/** Something that can be limited to some audiences. */
export interface Addressed {
  /** Its audiences; undefined means all audiences of the service. */
  readonly audiences?: readonly Audience[];
}

/** Whether it applies to an audience. */
export function isFor({ audiences }: Addressed, audience: Audience): boolean {
  return audiences === undefined || audiences.includes(audience);
}

/** Whether two have an audience in common, for any set of audiences of the service. */
export function haveCommonAudience(a: Addressed, b: Addressed): boolean {
  return a.audiences === undefined || b.audiences === undefined || a.audiences.some(audience => b.audiences!.includes(audience));
}

/** Whether a gateway can meet a condition: it does not know the calling workload, and knows only the authority of this host. */
export function canMeet({ host }: PublicHostAudience, term: MatchTerm): boolean {
  if (term.sourceLabels || term.sourceNamespace !== undefined || term.port !== undefined) return false;
  if (!term.authority) return true;
  if (term.authority.exact === undefined) return host.includes('*') || meets(term.authority, host) || meets(term.authority, `${host}:443`);
  const authority = term.authority.exact.replace(/:\d+$/, '');
  return host.startsWith('*') ? authority.endsWith(host.slice(1)) : authority === host;
}
