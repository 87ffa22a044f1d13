import { Construct } from 'constructs';
import type { ConnectionRouteOptions } from './connection-route';
import { stateConnectionRoute } from './connection-route';
import { refuse } from '../traffic/problem';
import type { TcpMatch } from '../traffic/tcp-match';
import { tcpMatchProblem } from '../traffic/tcp-match';

/**
 * TCP connections of a service that go to targets of their own.
 */
export interface TcpRouteProps extends ConnectionRouteOptions {
  /**
   * Which connections: alternatives, of which one has to hold.
   * @default - every connection, so that the service's canary and default do not apply to its ports
   */
  readonly matches?: TcpMatch[];
}

/**
 * TCP connections of a service that go to targets of their own; the rest goes to the service's split (CanaryRelease, else the default subset,
 * else the whole service). Narrower matches come first; two that overlap, neither narrower, need a `priority`.
 *
 * At a public host (`MeshService.exposeVia()` on a `Listener.tcp()`) only a route without conditions applies, since Istio ignores conditions there.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute
 */
export class TcpRoute extends Construct {
  constructor(scope: Construct, id: string, props: TcpRouteProps) {
    super(scope, id);
    refuse(this, ...(props.matches ?? []).map((match, i) => tcpMatchProblem(`matches[${i}]`, match)));
    stateConnectionRoute(this, 'tcp', props, props.matches);
  }
}
