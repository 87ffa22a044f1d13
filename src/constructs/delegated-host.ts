import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { IPublicHost } from './public-host-reference';
import { DelegatePlan } from '../plan/collect/delegate-plan';
import { delegateProblem } from '../traffic/delegate-problem';
import { dnsLabelProblem, fqdnProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * The part of a public host that its owner delegated.
 */
export interface DelegatedHostProps {
  /** The public host, such as `shop.example.com`. */
  readonly host: string;
  /**
   * The path segment that is delegated, as the owner of the host states it.
   * @default - every path of the host
   */
  readonly pathPrefix?: string;
  /** The name of the delegate's VirtualService, as the owner of the host states it. */
  readonly name: string;
  /** The namespace of the host's own VirtualService, which has to see the delegate's. */
  readonly rootNamespace: string;
  /**
   * The namespace of the delegate's VirtualService.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
}

/**
 * The part of a public host that its owner, in another chart or App, delegated to this one by a `Delegation` that is `ownedElsewhere`. Services
 * lead it to themselves by `MeshService.exposeVia()`. It becomes a VirtualService without hosts and gateways; what Istio would drop of it
 * is an error, as with `Delegation`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export class DelegatedHost extends Construct implements IPublicHost {
  public readonly hostName: string;

  /** @internal */
  public readonly _plan: DelegatePlan;

  constructor(scope: Construct, id: string, props: DelegatedHostProps) {
    super(scope, id);
    const { host, pathPrefix, name, rootNamespace } = props;
    const namespace = props.namespace ?? Chart.of(this).namespace ?? fail(this, 'the delegated host has no namespace; state `namespace` here or on the chart');
    refuse(this, fqdnProblem('host', host, { wildcard: true }), dnsLabelProblem('rootNamespace', rootNamespace), delegateProblem({ name, namespace, pathPrefix }));
    this.hostName = host;
    this._plan = new DelegatePlan(this, { host, pathPrefix, name, namespace, rootNamespace });
    this.node.addValidation({
      validate: () => [...this._plan.validate(), ...(this._plan.isExposed ? []
        : [`${this.node.path}: no service is exposed via ${host}, so that there is no delegate; call exposeVia() on a service, or remove the construct`])],
    });
  }
}
