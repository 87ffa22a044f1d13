import { Construct } from 'constructs';
import type { ConnectionRouteOptions } from './connection-route';
import { stateConnectionRoute } from './connection-route';
import { acceptedArgument } from '../traffic/accepted';
import { refuse } from '../traffic/problem';
import type { TcpMatch } from '../traffic/tcp-match';
import { tcpMatchProblem } from '../traffic/tcp-match';

/**
 * Properties of a TcpRoute.
 */
export interface TcpRouteProps extends ConnectionRouteOptions {
  /**
   * The connections of the route: a connection must match one of these alternatives.
   * @default - every connection, so the canary and default subset of the service do not apply to its ports
   */
  readonly matches?: TcpMatch[];
}

/**
 * Routes some TCP connections of a service to other targets. All other connections go to the split of the service (CanaryRelease, else the
 * default subset, else the whole service). Narrower matches come first. Two matches that overlap, neither of which is narrower, need a
 * `priority`.
 *
 * At a public host (`MeshService.exposeVia()` on a `Listener.tcp()`), only a route without conditions applies, because Istio ignores
 * conditions there.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute
 */
export class TcpRoute extends Construct {
  constructor(scope: Construct, id: string, props: TcpRouteProps) {
    super(scope, id);
    props = acceptedArgument('TcpRoute', props, this);
    refuse(this, ...(props.matches ?? []).map((match, i) => tcpMatchProblem(`matches[${i}]`, match)));
    stateConnectionRoute(this, 'tcp', props, props.matches);
  }
}
