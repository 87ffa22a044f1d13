import { Construct } from 'constructs';
import { chartNamespaceOf } from './chart-namespace';
import type { IPublicHost } from './public-host-reference';
import { DelegatePlan } from '../plan/collect/delegate-plan';
import { acceptedArgument } from '../traffic/accepted';
import { delegateProblem } from '../traffic/delegate-problem';
import { dnsLabelProblem, fqdnProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of a DelegatedHost.
 */
export interface DelegatedHostProps {
  /** The public host, such as `shop.example.com`. */
  readonly host: string;
  /**
   * The delegated path segment, as in the owner's Delegation.
   * @default - every path of the host
   */
  readonly pathPrefix?: string;
  /** The name of the delegate's VirtualService, as in the owner's Delegation. */
  readonly name: string;
  /** The namespace of the root VirtualService. The delegate is exported to it. */
  readonly rootNamespace: string;
  /**
   * The namespace of the delegate's VirtualService.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
}

/**
 * A path of a public host that its owner delegates in another chart or App, with a `Delegation` that is `ownedElsewhere`. Use
 * `MeshService.exposeVia()` to route it to services. It becomes a VirtualService without hosts and gateways. As with `Delegation`, whatever
 * Istio would drop fails synth.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export class DelegatedHost extends Construct implements IPublicHost {
  public readonly hostName: string;

  /** @internal */
  public readonly _plan: DelegatePlan;

  constructor(scope: Construct, id: string, props: DelegatedHostProps) {
    super(scope, id);
    props = acceptedArgument('DelegatedHost', props, this);
    const { host, pathPrefix, name, rootNamespace } = props;
    const namespace = props.namespace ?? chartNamespaceOf(this) ?? fail(this, 'the delegated host has no namespace; '
      + 'set `namespace` here or on the chart');
    refuse(this, fqdnProblem('host', host, { wildcard: true }), dnsLabelProblem('rootNamespace', rootNamespace),
      delegateProblem({ name, namespace, pathPrefix }));
    this.hostName = host;
    this._plan = new DelegatePlan(this, { host, pathPrefix, name, namespace, rootNamespace });
    this.node.addValidation({
      validate: () => [...this._plan.validate(), ...(this._plan.isExposed ? []
        : [`${this.node.path}: no service is exposed via ${host}, so the delegate would have no routes; `
          + 'call exposeVia() on a service, or remove the construct'])],
    });
  }
}
