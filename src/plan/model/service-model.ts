import type { ServiceDefaults } from './defaults';
import type { EgressHop } from './egress-hop';
import type { Exposure } from './exposure';
import type { Policies } from './policy';
import type { ServiceFacts } from './service-facts';
import type { CohortStatement, ConnectionRoute, Decoration, RouteStatement, SplitStatement, Statement } from './statements';
import type { Target } from './target';

/** A named set of the endpoints. */
export interface SubsetModel {
  /** The path of the construct that adds it. */
  readonly path: string;
  readonly labels: { readonly [key: string]: string };
  readonly replicas?: number;
  readonly retired: boolean;
}

/** All statements about one host, from any number of constructs. Their order has no effect. */
export interface ServiceModel {
  /** The path of the construct that owns the host. */
  readonly path: string;
  readonly facts: ServiceFacts;
  readonly httpPorts: readonly number[];
  /** The ports where Envoy sees connections but no requests, with the kind of routes that apply there. */
  readonly connectionPorts: ReadonlyMap<number, ConnectionRoute['protocol']>;
  readonly subsets: ReadonlyMap<string, SubsetModel>;
  /** The default route `/` of each audience. */
  readonly defaultRoute: RouteStatement;
  readonly routes: readonly RouteStatement[];
  readonly cohorts: readonly CohortStatement[];
  readonly splits: readonly SplitStatement[];
  readonly decorations: readonly Decoration[];
  readonly connectionRoutes: readonly ConnectionRoute[];
  /** The exposures for requests. */
  readonly exposures: readonly Exposure[];
  /** The exposures for connections. */
  readonly connectionExposures: readonly Exposure[];
  readonly policies: Policies;
  /** The defaults that apply to the service, of any scope. */
  readonly defaults: readonly ServiceDefaults[];
  /** The egress gateway for calls to it. */
  readonly egress?: EgressHop;
}

/** All statements about requests. */
export function requestStatements({ routes, cohorts, splits, decorations }: ServiceModel): readonly Statement[] {
  return (routes as readonly Statement[]).concat(cohorts, splits, decorations);
}

/** The service, or one of its subsets, as a target. */
export function ownTarget({ facts, httpPorts }: Pick<ServiceModel, 'facts' | 'httpPorts'>, subset?: string): Target {
  return { host: facts.host, subset, ports: httpPorts };
}

/** The message about an unknown subset. */
export function unknownSubset({ facts, subsets }: Pick<ServiceModel, 'facts' | 'subsets'>, name: string): string {
  const known = [...subsets.keys()].sort().map(n => `'${n}'`).join(', ');
  return `the service '${facts.host}' has no subset '${name}'; `
    + `${known === '' ? 'add it with addSubset()' : `use one of ${known}, or add it with addSubset()`}`;
}
