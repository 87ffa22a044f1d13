import { routeNamespaces } from './allowed-namespaces';
import type { Controller } from './gateway-classes';
import type { StatedListener } from './listener';
import { routeKinds } from './listener';
import type { TlsContext } from './listener-tls';
import { listenerTls } from './listener-tls';
import type { Problem } from './problem';
import { problem } from './problem';
import type { Listener } from '../manifest/gateway-api-specs.generated';
import type { Server } from '../manifest/istio-specs.generated';

/** The server of a listener. With problems, the proxy does not get it. */
export interface ListenerServer {
  readonly server?: Server;
  readonly problems: readonly Problem[];
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP'];

export function listenerServer(stated: StatedListener, controller: Controller, context: TlsContext): ListenerServer {
  const { listener: { protocol = '', port = 0, tls: ownTls }, owner } = stated;
  const { tls, problem: ofTls } = listenerTls(stated, context);
  const isTls = protocol === 'HTTPS' || protocol === 'TLS';
  const problems = [
    ofTls,
    owner.kind === 'ListenerSet' && port === 0 && problem('UnsupportedProtocol', `protocol ${protocol} requires a port`),
    protocolProblem(protocol, controller),
    isTls && ownTls === undefined
      && problem(owner.kind === 'ListenerSet' ? 'UnsupportedProtocol' : 'Unreported', `protocol ${protocol} requires a tls block`),
  ].filter(each => !!each);
  if (isTls && tls === undefined) return { problems };
  // Istio names the port of every such server alike.
  return { server: { port: { name: 'default', number: port, protocol }, hosts: hostsOf(stated, context), ...tls && { tls } }, problems };
}

/** What istiod reports of a listener that it takes nevertheless. */
export function reportedAlone(listener: Listener, { isWaypoint, isEastWest }: Controller): Problem[] {
  const { protocol = '', port = 0, tls, allowedRoutes: { kinds = [] } = {} } = listener;
  const isTunnel = port === 15008 && protocol === 'HBONE';
  const isEastWestServer = port === 15008 ? isTunnel && tls?.mode === 'Terminate' : protocol === 'TLS' && tls?.mode === 'Passthrough';
  return [
    isWaypoint && !isTunnel && problem('UnsupportedProtocol', 'a waypoint has one listener, with port 15008 and protocol HBONE'),
    isEastWest && !isEastWestServer && problem('UnsupportedProtocol',
      'an east-west gateway listens on port 15008 with protocol HBONE and TLS mode Terminate, and elsewhere with TLS mode Passthrough'),
    kinds.length > 0 && routeKinds(listener).length !== kinds.length
      && problem('InvalidRouteKinds', `not all of ${kinds.map(({ kind }) => kind).join(', ')} can attach to protocol ${protocol}`),
  ].filter(each => !!each);
}

function protocolProblem(protocol: string, { isWaypoint, isEastWest }: Controller): Problem | false {
  if (PROTOCOLS.includes(protocol)) return false;
  if (protocol === 'HBONE') return !isWaypoint && !isEastWest && problem('UnsupportedProtocol', 'protocol HBONE is for waypoints alone');
  const upper = protocol.toUpperCase();
  const hint = PROTOCOLS.includes(upper) ? `; use ${upper}` : '';
  return problem('UnsupportedProtocol', `Istio does not support the protocol ${protocol}${hint}`);
}

/** The hosts of a server: `namespace/host`. `~` names no namespace. */
function hostsOf({ listener: { hostname = '*', allowedRoutes }, owner }: StatedListener, { referents }: TlsContext): string[] {
  const namespaces = routeNamespaces(allowedRoutes, owner.metadata.namespace ?? '', referents).filter(name => name !== '');
  return (namespaces.length === 0 ? ['~'] : namespaces).map(namespace => `${namespace}/${hostname}`);
}
