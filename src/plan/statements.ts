import type { HostPlan } from './host-plan';
import type { ConnectionTerm } from '../manifest/connection-algebra';
import type { MatchTerm } from '../manifest/match-algebra';
import type { Redirect } from '../traffic/redirect';

/** Whose requests a statement is about: callers in the mesh, or those of a public host. */
export type Audience = 'mesh' | HostPlan;

/** A cluster that requests go to: a service, or one of its subsets. */
export interface Target {
  /** The fully qualified host. */
  readonly host: string;
  readonly subset?: string;
  /** The ports a destination may name: the HTTP ports of the service. */
  readonly ports: readonly number[];
}

/** A target and its share; shares of one split are relative to each other. */
export interface Share {
  readonly target: Target;
  readonly weight: number;
  /** Changes of headers of the requests that go there, as Istio writes them. */
  readonly headers?: object;
}

/** What every statement has. */
export interface Statement {
  /** The construct that states it, for messages. */
  readonly path: string;
  /** The audiences it names; undefined means all that the service has. */
  readonly audiences?: readonly Audience[];
}

/** How a path is rewritten. */
export interface PathRewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match: string; readonly rewrite: string };
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
  /** What Envoy answers itself, as Istio writes it: a redirect or a direct response. Nothing is sent on. */
  readonly answer?: { readonly redirect?: Redirect; readonly directResponse?: { readonly status: number } };
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

/** Whether a statement is about an audience. */
export function concerns(statement: Statement, audience: Audience): boolean {
  return statement.audiences === undefined || statement.audiences.includes(audience);
}

/** Whether two statements share an audience, whatever audiences the service has. */
export function share(a: Statement, b: Statement): boolean {
  return a.audiences === undefined || b.audiences === undefined || a.audiences.some(x => b.audiences!.includes(x));
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.host === b.host && a.subset === b.subset;
}

/** The shares that get requests: Istio drops those of weight zero. */
export function receiving(shares: readonly Share[]): readonly Share[] {
  return shares.filter(({ weight }) => weight > 0);
}

export function describeTarget(target: Target): string {
  return target.subset === undefined ? target.host.split('.')[0] : `${target.host.split('.')[0]} ${target.subset}`;
}

/** The port of a target's cluster for requests to `port`: the same if it has it, else its only one. */
export function destinationPort(target: Target, port: number): number | undefined {
  return target.ports.includes(port) ? port : target.ports.length === 1 ? target.ports[0] : undefined;
}
