import type { MatchTerm } from '../../manifest/match-algebra';
import { meets } from '../../manifest/string-condition';

/** A host on a gateway, of whose callers a statement can be. Compared by identity. */
export interface PublicHostAudience {
  /** The construct that owns the host. */
  readonly path: string;
  readonly host: string;
  /** All public hosts of the gateway's workload. */
  readonly siblings?: ReadonlySet<string>;
}

/** Whose requests a statement is about: callers in the mesh, or those of a public host. */
export type Audience = 'mesh' | PublicHostAudience;

/** Something that may be limited to some audiences. */
export interface Addressed {
  /** The audiences it names; undefined means all that the service has. */
  readonly audiences?: readonly Audience[];
}

/** Whether something is about an audience. */
export function isFor({ audiences }: Addressed, audience: Audience): boolean {
  return audiences === undefined || audiences.includes(audience);
}

/** Whether two have an audience in common, whatever audiences the service has. */
export function haveCommonAudience(a: Addressed, b: Addressed): boolean {
  return a.audiences === undefined || b.audiences === undefined || a.audiences.some(audience => b.audiences!.includes(audience));
}

/** Whether a gateway can meet a condition: it knows nothing of the calling workload, and only this host's authority. */
export function canMeet({ host }: PublicHostAudience, term: MatchTerm): boolean {
  if (term.sourceLabels || term.sourceNamespace !== undefined || term.port !== undefined) return false;
  if (!term.authority) return true;
  if (term.authority.exact === undefined) return host.includes('*') || meets(term.authority, host) || meets(term.authority, `${host}:443`);
  const authority = term.authority.exact.replace(/:\d+$/, '');
  return host.startsWith('*') ? authority.endsWith(host.slice(1)) : authority === host;
}
