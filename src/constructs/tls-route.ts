import { Construct } from 'constructs';
import type { ConnectionRouteOptions } from './connection-route';
import { stateConnectionRoute } from './connection-route';
import { refuse } from '../traffic/problem';
import type { TlsMatch } from '../traffic/tls-match';
import { tlsMatchProblem } from '../traffic/tls-match';

/**
 * TLS connections of a service that go to targets of their own.
 */
export interface TlsRouteProps extends ConnectionRouteOptions {
  /**
   * Which connections: alternatives, of which one has to hold.
   * @default - every connection, so that the service's canary and default do not apply to its ports
   */
  readonly matches?: TlsMatch[];
}

/**
 * TLS connections of a service that the callers themselves encrypt (ports of TLS and HTTPS) and that go to targets of their own; the rest goes
 * to the service's split (CanaryRelease, else the default subset, else the whole service). Narrower matches come first; two that overlap,
 * neither narrower, need a `priority`.
 *
 * Once anything routes a TLS port, Istio routes by server name (SNI) and by nothing else: the routes hold for the names `catalog`,
 * `catalog.shop`, `catalog.shop.svc` and the full one, which callers may all be using. A client that asks for another name, or for none,
 * bypasses routes and subsets and reaches some endpoint without mutual TLS, or nothing where unknown hosts are blocked (REGISTRY_ONLY).
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute
 */
export class TlsRoute extends Construct {
  constructor(scope: Construct, id: string, props: TlsRouteProps) {
    super(scope, id);
    refuse(this, ...(props.matches ?? []).map((match, i) => tlsMatchProblem(`matches[${i}]`, match)));
    stateConnectionRoute(this, 'tls', props, props.matches);
  }
}
