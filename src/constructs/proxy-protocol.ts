import { Construct } from 'constructs';
import { levelOf } from './policy-options';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';

/** The version of HAProxy's PROXY protocol. */
export enum ProxyProtocolVersion {
  /** Version 1: a human-readable header. */
  V1 = 'V1',
  /** Version 2: a binary header. */
  V2 = 'V2',
}

/**
 * Properties of ProxyProtocol.
 */
export interface ProxyProtocolProps {
  /** The service. */
  readonly service: IOwnedService;
  /**
   * Limits it to this subset.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /** The version. */
  readonly version: ProxyProtocolVersion;
}

/**
 * Callers send the address of their own caller to the endpoint, with the PROXY protocol. It cannot be set for a port, and it cannot be
 * combined with policies for a port, because they would disable it there.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-ProxyProtocol
 */
export class ProxyProtocol extends Construct {
  constructor(scope: Construct, id: string, props: ProxyProtocolProps) {
    super(scope, id);
    props = acceptedArgument('ProxyProtocol', props, this);
    const plan = ServicePlan.of(props.service, this);
    plan.addPolicy(this, levelOf(this, plan, { subset: props.subset }), { proxyProtocol: { version: props.version } });
  }
}
