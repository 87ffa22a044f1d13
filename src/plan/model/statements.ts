import type { Addressed } from './audience';
import type { Share, Target } from './target';
import type { ConnectionTerm, MatchTerm } from '../../manifest/condition';
import { takesEverything } from '../../manifest/match-algebra';
import type { Redirect } from '../../traffic/redirect';

/** The common properties of statements. */
export interface Statement extends Addressed {
  /** The path of the construct, for messages. */
  readonly path: string;
}

/** How a path is rewritten. */
export interface PathRewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match: string; readonly rewrite: string };
}

/** A redirect or a direct response, in Istio's form. Nothing is forwarded. */
export interface Answer {
  readonly redirect?: Redirect;
  readonly directResponse?: { readonly status: number };
}

/** A part of a service and its treatment. */
export interface RouteStatement extends Statement {
  /** The name of the route in Istio. */
  readonly id: string;
  /** Alternatives; one term without conditions means every request. */
  readonly terms: readonly MatchTerm[];
  readonly rewrite?: PathRewrite;
  /** The split of the route, if the route sets it. */
  readonly targets?: readonly Share[];
  readonly answer?: Answer;
  /** Whether the route does not go to this service, so that cohorts do not apply. */
  readonly outside?: boolean;
  readonly priority?: number;
  /** The prefix of Envoy's statistics for the route. */
  readonly statPrefix?: string;
  /** Whether an author created it; false for the default route `/` of each audience. */
  readonly stated: boolean;
}

/** Connections on TCP and TLS ports that go to other targets than the split. */
export interface ConnectionRoute extends Statement {
  readonly protocol: 'tcp' | 'tls';
  /** The ports of the service that it applies to. */
  readonly ports: readonly number[];
  /** Alternatives; one term without conditions means every connection. */
  readonly terms: readonly ConnectionTerm[];
  readonly targets: readonly Share[];
  readonly priority?: number;
}

/** Requests that a version of their own serves. */
export interface CohortStatement extends Statement {
  readonly id: string;
  readonly terms: readonly MatchTerm[];
  readonly target: Target;
  readonly priority?: number;
}

/** The versions that serve all other requests, of the whole service or of one route. `canary` wins over `default`. */
export interface SplitStatement extends Statement {
  readonly kind: 'default' | 'canary';
  readonly route?: RouteStatement;
  readonly shares: readonly Share[];
  /** The cookie that keeps a client on its version. */
  readonly sticky?: StickyCookie;
}

export interface StickyCookie {
  readonly name: string;
  /** In seconds. */
  readonly ttl: number;
}

/** An addition to the treatment of some cells. */
export interface Decoration extends Statement {
  /** The field that it sets. Two decorations on one slot of a cell are a conflict. */
  readonly slot: string;
  /** Istio's fields, or a mirror. */
  readonly value: { readonly [field: string]: unknown } | Mirror;
  readonly route?: RouteStatement;
  readonly cohort?: CohortStatement;
  /** The cells that it applies to if it sets no cohort: those of the split, or all that forward. */
  readonly cells: 'split' | 'forwarding';
  /** The requests that it applies to, if not all of a cell. */
  readonly condition?: Condition;
  /** Whether it yields to every other decoration of its slot. */
  readonly isDefault?: boolean;
}

export interface Condition {
  /** Its id in route names. */
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

/** Whether one of the alternatives matches every request. */
export function takeEverything(terms: readonly MatchTerm[]): boolean {
  return terms.some(takesEverything);
}
