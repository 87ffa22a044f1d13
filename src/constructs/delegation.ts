import { Construct } from 'constructs';
import type { PublicHost } from './public-host';
import type { IPublicHost } from './public-host-reference';
import { defaultName } from '../plan/collect/default-name';
import { DelegatePlan } from '../plan/collect/delegate-plan';
import { acceptedArgument } from '../traffic/accepted';
import { delegateProblem } from '../traffic/delegate-problem';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of a Delegation.
 */
export interface DelegationProps {
  /** The public host. */
  readonly publicHost: PublicHost;
  /**
   * The delegated path segment: `/shop` is `/shop` and everything below `/shop/`.
   * @default - every path that no other route of the host matches
   */
  readonly pathPrefix?: string;
  /** The namespace of the other team, and of its VirtualService. */
  readonly namespace: string;
  /**
   * The name of the other team's VirtualService.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
  /**
   * Whether the other team's VirtualService is created elsewhere: by a `DelegatedHost` in another chart or App, or by hand. No service can
   * then be exposed via this delegation.
   * @default false
   */
  readonly ownedElsewhere?: boolean;
}

/**
 * Delegates a path of a public host to the namespace of another team. The root VirtualService gets one entry that names the team's
 * VirtualService, in the order of the host's other entries. `MeshService.exposeVia()` routes the path to the team's services; these routes
 * become the delegate, a VirtualService without hosts and gateways in the namespace of the team. Whatever Istio would drop when it merges
 * the two fails synth: a path outside the delegated one, a regex, a path that ignores case, a delegate that is not exported to the
 * namespace of the root. A request that no route of the delegate matches falls through to the wider routes of the host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export class Delegation extends Construct implements IPublicHost {
  public readonly hostName: string;
  /** The name of the other team's VirtualService. */
  public readonly delegateName: string;

  private readonly delegate: DelegatePlan;

  private readonly props: DelegationProps;

  constructor(scope: Construct, id: string, props: DelegationProps) {
    super(scope, id);
    props = acceptedArgument('Delegation', props, this);
    this.props = props;
    const { publicHost, pathPrefix, namespace } = props;
    const name = props.name ?? defaultName(this);
    refuse(this, delegateProblem({ name, namespace, pathPrefix }));
    this.hostName = publicHost.hostName;
    this.delegateName = name;
    publicHost._plan.handOver({ path: this.node.path, name: defaultName(this), pathPrefix, delegate: { name, namespace } });
    this.delegate = new DelegatePlan(this, { host: this.hostName, pathPrefix, name, namespace, rootNamespace: publicHost.namespace });
    this.node.addValidation({
      validate: () => [...this.delegate.validate(), ...(props.ownedElsewhere || this.delegate.isExposed ? []
        : [`${this.node.path}: no service is exposed via this delegation, so Istio would omit its route; `
          + 'call exposeVia() on a service, or set ownedElsewhere'])],
    });
  }

  /** @internal */
  public get _plan(): DelegatePlan {
    if (this.props.ownedElsewhere) {
      fail(this, `the delegate '${this.props.namespace}/${this.delegateName}' is owned elsewhere; `
        + 'expose the service via a DelegatedHost there, or omit ownedElsewhere');
    }
    return this.delegate;
  }
}
