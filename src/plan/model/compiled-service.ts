import type { CompiledDefault } from './defaults';
import type { EgressHop } from './egress-hop';
import type { Exposure } from './exposure';
import type { Answer, CohortStatement, ConnectionRoute, Decoration, PathRewrite, RouteStatement } from './statements';
import type { Share } from './target';
import type { ConnectionTerm, MatchTerm } from '../../manifest/condition';
import type { ServicePort } from '../../traffic/service-port';

/** One entry of a VirtualService: a cell of the product of routes and cohorts, or the part of a cell with the same rewrite. */
export interface Entry {
  readonly name: string;
  readonly route: RouteStatement;
  readonly cohort?: CohortStatement;
  /** The name of the sticky cookie that its responses set. */
  readonly cookie?: string;
  /** The suffix of the name, for a part of the split. */
  readonly suffix?: string;
  /** The names of the policies whose matches its requests satisfy. */
  readonly conditions: readonly string[];
  /** Alternatives; none means every request. */
  readonly terms: readonly MatchTerm[];
  readonly rewrite: PathRewrite;
  /** The redirect or direct response of Envoy. */
  readonly answer?: Answer;
  readonly shares: readonly Share[];
  /** The paths of the constructs that set the split. */
  readonly split: readonly string[];
  readonly decorations: readonly Decoration[];
}

/** One `tcp` or `tls` route of a VirtualService. */
export interface ConnectionEntry {
  readonly protocol: ConnectionRoute['protocol'];
  /** The port that callers connect to: that of the service in the mesh, that of the gateway for a public host. */
  readonly at: number;
  /** The port of the service. */
  readonly port: number;
  readonly terms: readonly ConnectionTerm[];
  readonly shares: readonly Share[];
  /** The route that it comes from; undefined for the split. */
  readonly route?: ConnectionRoute;
  /** The paths of the constructs that it comes from. */
  readonly paths: readonly string[];
}

/** The entries of one audience, in order. */
export interface Product {
  readonly entries: readonly Entry[];
  /** The omitted cells, with the reason; for the summary. */
  readonly omitted: readonly string[];
}

/** The connections of callers in the mesh, to TCP and TLS ports. */
export interface MeshConnections {
  /** Whether any statement applies to them. */
  readonly isStated: boolean;
  /** Whether the VirtualService also has HTTP routes. */
  readonly besideRequests: boolean;
  readonly entries: readonly ConnectionEntry[];
  /** The names that callers use for the service. */
  readonly names: readonly string[];
}

/** The result for callers in the mesh. */
export interface MeshRoutes {
  /** Whether any statement applies to their requests. */
  readonly isStated: boolean;
  readonly requests: Product;
  /** Set if the service has TCP or TLS ports. */
  readonly connections?: MeshConnections;
}

/** The policy of each cluster of a service, as in its DestinationRule. */
export interface CompiledPolicies {
  readonly trafficPolicy?: object;
  /** By name. */
  readonly subsets: readonly CompiledSubset[];
  /** The paths of the constructs that set a policy. */
  readonly paths: readonly string[];
}

/** A subset, with the policy that it has in addition to that of the service. */
export interface CompiledSubset {
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly isRetired: boolean;
  readonly trafficPolicy?: object;
}

/** A compiled service: the result of all statements about it. It is complete only if `errors` is empty. */
export interface CompiledService {
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly httpPorts: readonly number[];
  /** The namespaces to which its objects are exported; undefined means all. */
  readonly exportTo?: readonly string[];
  /** Whether routes have a condition on the only HTTP port; undefined means yes, unless it is 80. */
  readonly portConditions?: boolean;
  /** Whether destinations that are the service itself name its port; undefined means yes. */
  readonly destinationPorts?: boolean;
  readonly mesh: MeshRoutes;
  /** The entries for the requests of each public host of the service. */
  readonly exposed: ReadonlyMap<Exposure, Product>;
  /** The entries for the connections of each public host of the service. */
  readonly exposedConnections: ReadonlyMap<Exposure, readonly ConnectionEntry[]>;
  readonly policies: CompiledPolicies;
  /** The defaults, by field. */
  readonly defaults: readonly CompiledDefault[];
  /** The egress gateway for calls to it. */
  readonly egress?: EgressHop;
  /** All errors of the service as a whole. */
  readonly errors: readonly string[];
}
