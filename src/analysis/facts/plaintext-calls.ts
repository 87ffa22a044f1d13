import { matched, portsFor } from './called-ports';
import type { Caller } from './caller';
import { SIDECAR } from './caller';
import { callersIn } from './callers';
import { clusterHost } from './cluster-lacks';
import type { Destination } from './destinations';
import { gatewayPods, gatewaysOf, podsOf, selectorOf } from './gateways';
import { isRouteFor, obeyedBy } from './obeyed-routes';
import { sentCluster } from './sent-clusters';
import { obeys, seenBy } from './sidecar-scopes';
import type { VirtualService } from './virtual-services';
import { isForMesh, routesIn } from './virtual-services';
import { isTls } from '../../envoy/protocol';
import type { Service } from '../../envoy/service';
import type { Cluster } from '../../envoy/xds/cluster';
import type { UpstreamTransportSocket } from '../../envoy/xds/transport-sockets';
import type { HTTPRoute } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** Callers that send plaintext to a port of TLS. */
export interface PlaintextCall {
  readonly callers: readonly string[];
  readonly service: Service;
  readonly port: number;
}

/** The port of TLS that a destination names; undefined for other ports. */
function tlsPortOf({ host, port }: Destination, index: TrafficIndex): number | undefined {
  const ports = index.registry.named(clusterHost(host, index)).flatMap(registered => registered.ports);
  const number = port ?? (ports.length === 1 ? ports[0].number : undefined);
  return ports.some(each => each.number === number && isTls(each.protocol)) ? number : undefined;
}

/** The callers of a VirtualService; where the input has no pods of them, one that stands for all. */
function callersFor(root: VirtualService, host: string, index: TrafficIndex): readonly Caller[] {
  const found = callersIn(index).of(root, host).map(({ caller }) => caller);
  const hasNoPods = gatewaysOf(root, index).filter(({ gateway }) => !gateway || podsOf(gateway, index).length === 0);
  const unseen = hasNoPods.map(({ key, gateway }) => {
    const proxy = { type: 'gateway' as const, namespace: key.split('/')[0], labels: gateway ? selectorOf(gateway) : {} };
    return { proxy, text: `the gateway of Gateway ${key}`, serves: new Set([key]), sees: seenBy(proxy, index) };
  });
  if (!isForMesh(root) || index.workloads.all.length > 0) return [...found, ...unseen];
  const proxy = { type: 'sidecar' as const, namespace: index.namespaceOf(root) };
  return [...found, ...unseen, { proxy, text: `callers in '${proxy.namespace}'`, serves: SIDECAR, sees: seenBy(proxy, index) }];
}

/** Whether Envoy itself begins TLS to the endpoints of a cluster. Mutual TLS that is set by itself ends at their sidecar. */
function beginsTls({ transportSocket }: Pick<Cluster, 'transportSocket'>): boolean {
  return transportSocket !== undefined && isTlsSocket(transportSocket);
}

function isTlsSocket({ typedConfig }: UpstreamTransportSocket): boolean {
  return 'transportSocket' in typedConfig ? isTlsSocket(typedConfig.transportSocket) : 'commonTlsContext' in typedConfig;
}

/** Whether pods behind a service serve a Gateway, whose servers say what their ports speak. */
function isGateway({ selector, namespace }: Service, index: TrafficIndex): boolean {
  return selector !== undefined && index.workloads.selectedBy(selector, namespace).some(pod => gatewayPods(index).has(pod));
}

/** The callers of an HTTP route that send its requests in plaintext to a port of TLS; undefined where there are none. */
export function plaintextCall(destination: Destination, object: VirtualService, index: TrafficIndex): PlaintextCall | undefined {
  const port = tlsPortOf(destination, index);
  if (port === undefined) return undefined;
  const host = clusterHost(destination.host, index);
  const route: HTTPRoute = routesIn(object, 'http')[destination.route];
  const callers = new Set<string>();
  let service: Service | undefined;
  for (const { root, route: outer } of obeyedBy(object, index)) {
    for (const caller of callersFor(root, host, index)) {
      const seen = caller.sees(host);
      const cluster = seen && sentCluster(caller.proxy, seen, port, destination.subset, index);
      if (!cluster || beginsTls(cluster) || isGateway(seen, index)) continue;
      const isAsked = gatewaysOf(root, index).some(({ key, gateway }) => !gateway && caller.serves.has(key))
        || matched(portsFor(root, 'http', caller.serves, index), route).length > 0;
      if (!isAsked || !isRouteFor(object, route, caller, index) || (outer && !isRouteFor(root, outer, caller, index))) continue;
      if (!obeys(caller.proxy, root, index)) continue;
      service ??= seen;
      callers.add(caller.text);
    }
  }
  return service && { callers: [...callers], service, port };
}
