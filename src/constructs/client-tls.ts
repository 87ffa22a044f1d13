import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import type { ClientTlsSettings } from '../traffic/client-tls-settings';
import { clientTlsProblem } from '../traffic/client-tls-settings';
import { refuse } from '../traffic/problem';
import { tlsPortProblem } from '../traffic/tls-port-problem';

/**
 * The TLS of the calls to a service.
 */
export interface ClientTlsProps extends PolicyOptions {
  /** What TLS callers speak. */
  readonly tls: ClientTlsSettings;
}

/**
 * The TLS that calling proxies speak to a service, a port or a subset, in place of the mesh's automatic mutual TLS. It is one whole: a narrower policy
 * replaces the wider, and two on one level are an error.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export class ClientTls extends Construct {
  constructor(scope: Construct, id: string, props: ClientTlsProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const level = levelOf(this, plan, props);
    refuse(this, clientTlsProblem('tls', props.tls, plan.facts.namespace), tlsPortProblem(plan.portsOf(level), props.tls));
    plan.addPolicy(this, level, { tls: props.tls._istio });
  }
}
