import type { MatchTerm } from '../../manifest/condition';
import type { StringCondition } from '../../manifest/string-condition';
import { meets } from '../../manifest/string-condition';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../../traffic/match-fields';

/** A host on a gateway, as an audience of statements. Compared by identity. */
export interface PublicHostAudience {
  /** The path of the construct that owns the host. */
  readonly path: string;
  readonly host: string;
  /** All public hosts of the gateway workload. */
  readonly siblings?: ReadonlySet<string>;
  /** The identity of the gateway's pods, if it is known. */
  readonly identity?: string;
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

const UNSEEN = fieldsWith(HTTP_MATCH_FIELDS, { gateway: 'nothing' });
const OF_HOST = fieldsWith(HTTP_MATCH_FIELDS, { gateway: 'host' });

/** Whether requests to a public host can meet a term. */
export function canMeet(audience: PublicHostAudience, term: MatchTerm): boolean {
  return neverMet(audience, term).length === 0;
}

/** Fields of a term that no request to a public host meets: its gateway does not know the calling workload, and knows only this host. */
export function neverMet({ host }: PublicHostAudience, term: MatchTerm): string[] {
  return [
    ...UNSEEN.filter(field => term[field] !== undefined),
    ...OF_HOST.filter(field => term[field] !== undefined && !isMetBy(host, term[field])),
  ];
}

function isMetBy(host: string, condition: StringCondition): boolean {
  if (condition.exact === undefined) return host.includes('*') || meets(condition, host) || meets(condition, `${host}:443`);
  const authority = condition.exact.replace(/:\d+$/, '');
  return host.startsWith('*') ? authority.endsWith(host.slice(1)) : authority === host;
}
