import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { ClientTlsSettings } from '../traffic/client-tls-settings';
import { clientTlsProblem } from '../traffic/client-tls-settings';
import { refuse } from '../traffic/problem';
import { tlsPortProblem } from '../traffic/tls-port-problem';

/**
 * Properties of ClientTls.
 */
export interface ClientTlsProps extends PolicyOptions {
  /** The TLS settings of callers. */
  readonly tls: ClientTlsSettings;
}

/**
 * The TLS settings with which callers connect to a service, a port or a subset. They replace the automatic mutual TLS of the mesh. The
 * narrower level replaces the settings of the wider one as a whole. Two on one level throw.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export class ClientTls extends Construct {
  constructor(scope: Construct, id: string, props: ClientTlsProps) {
    super(scope, id);
    props = acceptedArgument('ClientTls', props, this);
    const plan = ServicePlan.of(props.service, this);
    const level = levelOf(this, plan, props);
    refuse(this, clientTlsProblem('tls', props.tls, plan.facts.namespace), tlsPortProblem(plan.portsOf(level), props.tls));
    plan.addPolicy(this, level, { tls: props.tls._istio });
  }
}
