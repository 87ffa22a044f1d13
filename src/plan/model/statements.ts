import type { Addressed } from './audience';
import type { Share, Target } from './target';
import type { ConnectionTerm } from '../../manifest/connection-algebra';
import type { MatchTerm } from '../../manifest/match-algebra';
import { takesEverything } from '../../manifest/match-algebra';
import type { Redirect } from '../../traffic/redirect';

/** What every statement has. */
export interface Statement extends Addressed {
  /** The construct that states it, for messages. */
  readonly path: string;
}

/** How a path is rewritten. */
export interface PathRewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match: string; readonly rewrite: string };
}

/** What Envoy answers itself, as Istio writes it: a redirect or a direct response. Nothing is sent on. */
export interface Answer {
  readonly redirect?: Redirect;
  readonly directResponse?: { readonly status: number };
}

/** A part of the service and its treatment. */
export interface RouteStatement extends Statement {
  /** Istio's name of the route. */
  readonly id: string;
  /** Alternatives; one term without conditions means every request. */
  readonly terms: readonly MatchTerm[];
  readonly rewrite?: PathRewrite;
  /** Where the route's split goes, if the route says so itself. */
  readonly targets?: readonly Share[];
  readonly answer?: Answer;
  /** Whether the route leads elsewhere than to this service, so that no cohort applies. */
  readonly outside?: boolean;
  readonly priority?: number;
  /** What Envoy counts its requests under. */
  readonly statPrefix?: string;
  /** Whether an author wrote it; false for the route `/` that every audience ends in. */
  readonly stated: boolean;
}

/** Connections of some ports, of which no request is seen, that go to targets of their own. */
export interface ConnectionRoute extends Statement {
  readonly protocol: 'tcp' | 'tls';
  /** The ports of the service that it is about. */
  readonly ports: readonly number[];
  /** Alternatives; one term without conditions means every connection. */
  readonly terms: readonly ConnectionTerm[];
  readonly targets: readonly Share[];
  readonly priority?: number;
}

/** Requests that a version of its own serves. */
export interface CohortStatement extends Statement {
  readonly id: string;
  readonly terms: readonly MatchTerm[];
  readonly target: Target;
  readonly priority?: number;
}

/** Which versions serve the rest, for the whole service or for one route. `canary` wins over `default`. */
export interface SplitStatement extends Statement {
  readonly kind: 'default' | 'canary';
  readonly route?: RouteStatement;
  readonly shares: readonly Share[];
  /** The cookie that keeps a client with its version. */
  readonly sticky?: StickyCookie;
}

export interface StickyCookie {
  readonly name: string;
  /** In seconds. */
  readonly ttl: number;
}

/** Something done to the requests of some cells. */
export interface Decoration extends Statement {
  /** What it sets: two decorations on one slot of a cell are a conflict. */
  readonly slot: string;
  /** Istio's fields, or the mirror that they come from. */
  readonly value: { readonly [field: string]: unknown } | Mirror;
  readonly route?: RouteStatement;
  readonly cohort?: CohortStatement;
  /** Which cells it touches where it names no cohort: those of the split, or all that forward. */
  readonly cells: 'split' | 'forwarding';
  /** The requests that it is about, where not all of a cell. */
  readonly condition?: Condition;
}

export interface Condition {
  /** How route names call it. */
  readonly id: string;
  readonly terms: readonly MatchTerm[];
  readonly priority?: number;
}

export interface Mirror {
  readonly mirror: Target;
  readonly percent: number;
}

export function isMirror(value: Decoration['value']): value is Mirror {
  return 'mirror' in value && 'percent' in value;
}

/** Whether one of the alternatives is met by every request. */
export function takeEverything(terms: readonly MatchTerm[]): boolean {
  return terms.some(takesEverything);
}
