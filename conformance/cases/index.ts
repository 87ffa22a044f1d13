import type { Case } from '../case';
import { access } from './access';
import { accessStatements } from './access-statements';
import { adoptedShapes } from './adopted-shapes';
import { circuitBreakers } from './circuit-breakers';
import { clientTls } from './client-tls';
import { conditions } from './conditions';
import { coolstore } from './coolstore';
import { defaults } from './defaults';
import { delegation } from './delegation';
import { dependencies } from './dependencies';
import { egress } from './egress';
import { egressGateway } from './egress-gateway';
import { environments } from './environments';
import { foundCases } from './found';
import { gatewayConnections } from './gateway-connections';
import { gateways } from './gateways';
import { hostsAndPorts } from './hosts-and-ports';
import { loadBalancing } from './load-balancing';
import { matches } from './matches';
import { meshSettings } from './mesh-settings';
import { pages } from './pages';
import { products } from './products';
import { tcpAndTls } from './tcp-and-tls';
import { telemetry } from './telemetry';
import { treatments } from './treatments';
import { waypointStatements } from './waypoint-statements';
import { waypoints } from './waypoints';
import { wholeService } from './whole-service';

/** Every case of the conformance suite. */
export const cases: readonly Case[] = [
  ...coolstore, ...matches, ...products, ...wholeService, ...treatments, ...conditions, ...hostsAndPorts, ...adoptedShapes,
  ...circuitBreakers,
  ...loadBalancing, ...clientTls, ...dependencies, ...access, ...accessStatements, ...defaults, ...delegation,
  ...egressGateway, ...egress, ...telemetry,
  ...gateways, ...tcpAndTls, ...gatewayConnections, ...environments, ...pages, ...foundCases,
  ...meshSettings, ...waypoints, ...waypointStatements,
];

/** The cases that a plain Envoy runs: the listeners of waypoints have filters of Istio's own build. */
export const casesForEnvoy: readonly Case[] = cases.filter(({ proxies }) => proxies.every(({ type }) => type !== 'waypoint'));
