import { Construct } from 'constructs';
import type { ConnectionRouteOptions } from './connection-route';
import { stateConnectionRoute } from './connection-route';
import { acceptedArgument } from '../traffic/accepted';
import { refuse } from '../traffic/problem';
import type { TlsMatch } from '../traffic/tls-match';
import { tlsMatchProblem } from '../traffic/tls-match';

/**
 * Properties of a TlsRoute.
 */
export interface TlsRouteProps extends ConnectionRouteOptions {
  /**
   * The connections of the route: a connection must match one of these alternatives.
   * @default - every connection, so the canary and default subset of the service do not apply to its ports
   */
  readonly matches?: TlsMatch[];
}

/**
 * Routes some TLS connections of a service to other targets, on TLS and HTTPS ports, where callers encrypt themselves. All other
 * connections go to the split of the service (CanaryRelease, else the default subset, else the whole service). Narrower matches come first.
 * Two matches that overlap, neither of which is narrower, need a `priority`.
 *
 * Istio routes a TLS port with routes only by server name (SNI). The routes apply to the names `catalog`, `catalog.shop`,
 * `catalog.shop.svc` and the full name, because callers may use any of them. A client that sends another name or none bypasses routes and
 * subsets: it reaches any endpoint without mutual TLS, or none if unknown hosts are blocked (REGISTRY_ONLY).
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute
 */
export class TlsRoute extends Construct {
  constructor(scope: Construct, id: string, props: TlsRouteProps) {
    super(scope, id);
    props = acceptedArgument('TlsRoute', props, this);
    refuse(this, ...(props.matches ?? []).map((match, i) => tlsMatchProblem(`matches[${i}]`, match)));
    stateConnectionRoute(this, 'tls', props, props.matches);
  }
}
