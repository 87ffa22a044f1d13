import { Construct } from 'constructs';
import { levelOf } from './policy-options';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';

/** The version of HAProxy's PROXY protocol. */
export enum ProxyProtocolVersion {
  /** A line of text. */
  V1 = 'V1',
  /** Binary. */
  V2 = 'V2',
}

/**
 * The PROXY protocol of the calls to a service.
 */
export interface ProxyProtocolProps {
  /** The service. */
  readonly service: ITrafficService;
  /**
   * The only subset it holds for.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /** The version. */
  readonly version: ProxyProtocolVersion;
}

/**
 * Callers tell the endpoint the address of their own caller, by the PROXY protocol. It has no port, and policies of a port would switch it off there:
 * an error.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-ProxyProtocol
 */
export class ProxyProtocol extends Construct {
  constructor(scope: Construct, id: string, props: ProxyProtocolProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    plan.addPolicy(this, levelOf(this, plan, { subset: props.subset }), { proxyProtocol: { version: props.version } });
  }
}
