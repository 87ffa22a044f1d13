import { Construct } from 'constructs';
import { levelOf } from './policy-options';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import { addressProblem } from '../traffic/name';
import { portProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/** How Envoy requests a tunnel from a forward proxy. */
export enum TunnelProtocol {
  /** With an HTTP CONNECT request. */
  CONNECT = 'CONNECT',
  /** With an HTTP POST request. */
  POST = 'POST',
}

/**
 * Properties of a Tunnel.
 */
export interface TunnelProps {
  /** The forward proxy. */
  readonly service: IOwnedService;
  /**
   * Limits it to this subset.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /** The host at the end of the tunnel, a name or an IP address. */
  readonly targetHost: string;
  /** The port at the end of the tunnel. */
  readonly targetPort: number;
  /**
   * How Envoy requests the tunnel.
   * @default TunnelProtocol.CONNECT
   */
  readonly protocol?: TunnelProtocol;
}

/**
 * The service is a forward proxy: TCP and TLS connections that are routed to it continue to another host. Does not apply to HTTP requests.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-TunnelSettings
 */
export class Tunnel extends Construct {
  constructor(scope: Construct, id: string, props: TunnelProps) {
    super(scope, id);
    props = acceptedArgument('Tunnel', props, this);
    const plan = ServicePlan.of(props.service, this);
    refuse(this, addressProblem('targetHost', props.targetHost), portProblem('targetPort', props.targetPort));
    if (plan.facts.ports.every(port => port.isHttp)) {
      fail(this, `every port of '${plan.facts.host}' is HTTP, and Istio tunnels only TCP and TLS connections; `
        + 'use ServicePort.tcp() for the port of the proxy');
    }
    plan.addPolicy(this, levelOf(this, plan, { subset: props.subset }), {
      tunnel: { protocol: props.protocol ?? TunnelProtocol.CONNECT, targetHost: props.targetHost, targetPort: props.targetPort },
    });
  }
}
