import { mainInternal } from './main-internal';
import { servedServices } from './served-services';
import { servedWorkloads } from './served-workloads';
import { connectOriginate, connectTerminate } from './tunnel-listeners';
import type { WaypointChains } from './waypoint-chains';
import { directChains, serviceChain } from './waypoint-chains';
import { waypointClusters } from './waypoint-clusters';
import { WaypointRoutes } from './waypoint-routes';
import type { Waypoints } from '../../gateway-api/waypoints';
import type { ProxyAccess } from '../access/proxy-access';
import type { ListenerSettings } from '../listeners/listener';
import type { Mesh } from '../mesh';
import type { Note } from '../note';
import { waypointName } from '../proxy';
import type { ProxyConfig } from '../proxy-config';
import { proxyName } from '../proxy-name';
import type { ProxyScope } from '../proxy-scope';
import type { RouteContext } from '../routes/route-context';
import type { Service } from '../service';
import { accessLogs } from '../telemetry/access-logs';
import type { Telemetries } from '../telemetry/telemetries';
import { tracing } from '../telemetry/tracing';

/** What the configuration of a waypoint is made of beside its scope. */
export interface WaypointParts {
  readonly mesh: Mesh;
  readonly waypoints: Waypoints;
  readonly telemetries: Telemetries;
  readonly access: ProxyAccess;
  readonly settings: Pick<ListenerSettings, 'proxyConfig' | 'pathNormalization'>;
  readonly context: Omit<RouteContext, 'port' | 'service' | 'clusterOf'>;
}

/** What istiod would send a waypoint. Throws if the input lacks it. */
export function waypointConfig(
  scope: ProxyScope, parts: WaypointParts, notes: Note[],
): Pick<ProxyConfig, 'listeners' | 'clusters' | 'endpoints' | 'subsetLabels' | 'localities'> {
  const { mesh, waypoints, settings, context } = parts;
  const { proxy } = scope;
  const waypoint = waypoints.get(proxy.namespace, waypointName(proxy));
  if (!waypoint) throw new Error(`the input has no waypoint for the pods ${proxyName(proxy)}`);
  const served = servedServices(waypoint, waypoints, mesh.registry, notes);
  const routes = new WaypointRoutes(scope, mesh, served, context);
  const chains: WaypointChains = { routes, settings: service => serviceSettings(scope, parts, notes, service) };
  const { ofListener, ofTunnelsIn, ofTunnelsOut } = accessLogs(proxy, 'SERVER', parts.telemetries, mesh, notes);
  return {
    listeners: [
      connectTerminate(mesh.meshConfig, ofListener, ofTunnelsIn),
      mainInternal({
        services: served.all,
        workloads: servedWorkloads(waypoint, waypoints, mesh.registry),
        chain: (service, port, protocol) => serviceChain(service, port, protocol, chains),
        direct: directChains(chains),
        listenerLog: ofListener,
      }),
      connectOriginate(ofListener, ofTunnelsOut),
    ],
    ...waypointClusters(scope, served, settings.proxyConfig, mesh, notes),
  };
}

function serviceSettings(
  scope: ProxyScope, { mesh, telemetries, access, settings }: WaypointParts, notes: Note[], service: Service | undefined,
): Omit<ListenerSettings, 'names'> {
  const { ofConnections } = accessLogs(scope.proxy, 'SERVER', telemetries, mesh, notes, service);
  const traces = tracing(scope.proxy, telemetries, mesh, notes, service);
  return { ...settings, scope, accessLog: ofConnections, ...traces && { tracing: traces }, access: access.of(scope.proxy, notes, service) };
}
