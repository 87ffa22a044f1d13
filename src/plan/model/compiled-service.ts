import type { EgressHop } from './egress-hop';
import type { Exposure } from './exposure';
import type { Answer, CohortStatement, ConnectionRoute, Decoration, PathRewrite, RouteStatement } from './statements';
import type { Share } from './target';
import type { ConnectionTerm } from '../../manifest/connection-algebra';
import type { MatchTerm } from '../../manifest/match-algebra';
import type { ServicePort } from '../../traffic/service-port';

/** One entry of a VirtualService: a cell of the product of routes and cohorts, or the part of it that shares one rewrite. */
export interface Entry {
  readonly name: string;
  readonly route: RouteStatement;
  readonly cohort?: CohortStatement;
  /** What the name ends in where it is a part of the split. */
  readonly suffix?: string;
  /** The names of the policies whose matches its requests meet. */
  readonly conditions: readonly string[];
  /** Alternatives; none means every request. */
  readonly terms: readonly MatchTerm[];
  readonly rewrite: PathRewrite;
  /** What Envoy answers itself. */
  readonly answer?: Answer;
  readonly shares: readonly Share[];
  /** The constructs that stated the split. */
  readonly split: readonly string[];
  readonly decorations: readonly Decoration[];
}

/** One `tcp` or `tls` route of a VirtualService. */
export interface ConnectionEntry {
  readonly protocol: ConnectionRoute['protocol'];
  /** The port that callers connect to: of the service in the mesh, of the gateway for a public host. */
  readonly at: number;
  /** The port of the service. */
  readonly port: number;
  readonly terms: readonly ConnectionTerm[];
  readonly shares: readonly Share[];
  /** The route that stated it; none for the split. */
  readonly route?: ConnectionRoute;
  /** The constructs behind it. */
  readonly paths: readonly string[];
}

/** The requests of one audience: what happens to them, in order. */
export interface Product {
  readonly entries: readonly Entry[];
  /** What was left out, and why; for the summary. */
  readonly omitted: readonly string[];
}

/** The connections of callers in the mesh, to the ports where no request is seen. */
export interface MeshConnections {
  /** Whether anybody stated something about them. */
  readonly isStated: boolean;
  /** Whether the VirtualService has routes of requests too. */
  readonly besideRequests: boolean;
  readonly entries: readonly ConnectionEntry[];
  /** The names that callers use for the service. */
  readonly names: readonly string[];
}

/** What callers in the mesh meet. */
export interface MeshRoutes {
  /** Whether anybody stated something about their requests. */
  readonly isStated: boolean;
  readonly requests: Product;
  /** Where the service has ports of connections. */
  readonly connections?: MeshConnections;
}

/** The policy of each cluster of a service, as its DestinationRule has it. */
export interface CompiledPolicies {
  readonly trafficPolicy?: object;
  /** By name. */
  readonly subsets: readonly CompiledSubset[];
  /** The constructs that stated a policy. */
  readonly paths: readonly string[];
}

/** A subset, with what its policy says beyond that of the service. */
export interface CompiledSubset {
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly isRetired: boolean;
  readonly trafficPolicy?: object;
}

/** What all that is stated about a service comes to. Whole only where `errors` is empty. */
export interface CompiledService {
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly httpPorts: readonly number[];
  /** The namespaces that its objects are for; undefined means all. */
  readonly exportTo?: readonly string[];
  readonly mesh: MeshRoutes;
  /** What the requests of each public host that leads here meet. */
  readonly exposed: ReadonlyMap<Exposure, Product>;
  /** What the connections of each public host that leads here meet. */
  readonly exposedConnections: ReadonlyMap<Exposure, readonly ConnectionEntry[]>;
  readonly policies: CompiledPolicies;
  /** The egress gateway that its calls leave through. */
  readonly egress?: EgressHop;
  /** Everything that is wrong with the service as a whole. */
  readonly errors: readonly string[];
}
