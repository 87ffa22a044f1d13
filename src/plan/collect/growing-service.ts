import { connectionsOf } from '../../traffic/service-port';
import type { ServiceDefaults } from '../model/defaults';
import type { EgressHop } from '../model/egress-hop';
import type { Exposure } from '../model/exposure';
import type { LevelPolicy, PolicyFields } from '../model/policy';
import type { ServiceFacts } from '../model/service-facts';
import type { ServiceModel, SubsetModel } from '../model/service-model';
import type { CohortStatement, ConnectionRoute, Decoration, RouteStatement, SplitStatement } from '../model/statements';

/** The policies of one level, to which more can be added. */
interface GrowingLevel extends LevelPolicy {
  readonly statements: { readonly path: string; readonly fields: PolicyFields }[];
}

/** The model of a service while statements are collected. */
export interface GrowingService extends ServiceModel {
  readonly subsets: Map<string, SubsetModel>;
  readonly routes: RouteStatement[];
  readonly cohorts: CohortStatement[];
  readonly splits: SplitStatement[];
  readonly decorations: Decoration[];
  readonly connectionRoutes: ConnectionRoute[];
  readonly exposures: Exposure[];
  readonly connectionExposures: Exposure[];
  readonly policies: Map<string, GrowingLevel>;
  readonly defaults: ServiceDefaults[];
  egress?: EgressHop;
}

const NO_PORTS: ServiceModel['connectionPorts'] = new Map();

/** A service without statements. */
export function growingService(path: string, facts: ServiceFacts): GrowingService {
  const httpPorts = facts.ports.filter(port => port.isHttp).map(port => port.number);
  return {
    path,
    facts,
    httpPorts,
    connectionPorts: httpPorts.length === facts.ports.length ? NO_PORTS : connectionPortsOf(facts),
    subsets: new Map(),
    defaultRoute: { path: `${path}.defaultRoute`, id: 'default', terms: [{}], stated: false },
    routes: [],
    cohorts: [],
    splits: [],
    decorations: [],
    connectionRoutes: [],
    exposures: [],
    connectionExposures: [],
    policies: new Map(),
    defaults: [],
  };
}

/** The ports where Envoy sees connections but no requests. */
function connectionPortsOf({ ports }: ServiceFacts): ServiceModel['connectionPorts'] {
  return new Map(ports.flatMap(port => {
    const protocol = connectionsOf(port);
    return protocol ? [[port.number, protocol] as const] : [];
  }));
}
