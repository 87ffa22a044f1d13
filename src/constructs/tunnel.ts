import { Construct } from 'constructs';
import { levelOf } from './policy-options';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { addressProblem } from '../traffic/name';
import { portProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/** How a forward proxy is asked for a tunnel. */
export enum TunnelProtocol {
  /** By HTTP's CONNECT. */
  CONNECT = 'CONNECT',
  /** By a POST. */
  POST = 'POST',
}

/**
 * A tunnel through a forward proxy.
 */
export interface TunnelProps {
  /** The forward proxy. */
  readonly service: ITrafficService;
  /**
   * The only subset it holds for.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /** The host that the proxy is asked to reach, a name or an IP address. */
  readonly targetHost: string;
  /** The port there. */
  readonly targetPort: number;
  /**
   * How the proxy is asked.
   * @default TunnelProtocol.CONNECT
   */
  readonly protocol?: TunnelProtocol;
}

/**
 * TCP and TLS connections that are routed to this service reach another host through it: the service is a forward proxy. HTTP requests do not.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-TunnelSettings
 */
export class Tunnel extends Construct {
  constructor(scope: Construct, id: string, props: TunnelProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    refuse(this, addressProblem('targetHost', props.targetHost), portProblem('targetPort', props.targetPort));
    if (plan.facts.ports.every(port => port.isHttp)) {
      fail(this, `every port of '${plan.facts.host}' speaks HTTP, and Istio tunnels TCP and TLS connections alone; describe the proxy's port by ServicePort.tcp()`);
    }
    plan.addPolicy(this, levelOf(this, plan, { subset: props.subset }), {
      tunnel: { protocol: props.protocol ?? TunnelProtocol.CONNECT, targetHost: props.targetHost, targetPort: props.targetPort },
    });
  }
}
