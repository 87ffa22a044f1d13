import { Construct } from 'constructs';
import type { PublicHost } from './public-host';
import type { IPublicHost } from './public-host-reference';
import { DelegatePlan } from '../plan/collect/delegate-plan';
import { delegateProblem } from '../traffic/delegate-problem';
import { kebab } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * A public host's paths that another team routes.
 */
export interface DelegationProps {
  /** The public host. */
  readonly publicHost: PublicHost;
  /**
   * The path segment that is handed over: `/shop` stands for `/shop` and everything below `/shop/`.
   * @default - every path that nothing else of the host takes
   */
  readonly pathPrefix?: string;
  /** The namespace of the other team, in which its VirtualService lies. */
  readonly namespace: string;
  /**
   * The name of the other team's VirtualService.
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
  /**
   * The other team's VirtualService is made elsewhere: by a `DelegatedHost` of another chart or App, or by hand. Then no service is exposed
   * via this delegation.
   * @default false
   */
  readonly ownedElsewhere?: boolean;
}

/**
 * A public host's path range, handed to another team's namespace. The host's VirtualService gets one route that names the team's, in order
 * among the host's other parts; the team's services lead it to themselves by `MeshService.exposeVia()`, and these routes become the
 * delegate, a VirtualService without hosts and gateways in the team's namespace. What Istio would drop when it merges the two is an error: a
 * path outside of the range, a path that is a regex or ignores case, a delegate that the host's namespace cannot see. A request in the range
 * that no route of the delegate takes goes on to the host's wider parts.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export class Delegation extends Construct implements IPublicHost {
  public readonly hostName: string;
  /** The name of the other team's VirtualService. */
  public readonly delegateName: string;

  private readonly delegate: DelegatePlan;

  constructor(scope: Construct, id: string, private readonly props: DelegationProps) {
    super(scope, id);
    const { publicHost, pathPrefix, namespace } = props;
    const name = props.name ?? kebab(id);
    refuse(this, delegateProblem({ name, namespace, pathPrefix }));
    this.hostName = publicHost.hostName;
    this.delegateName = name;
    publicHost._plan.handOver({ path: this.node.path, name: kebab(id), pathPrefix, delegate: { name, namespace } });
    this.delegate = new DelegatePlan(this, { host: this.hostName, pathPrefix, name, namespace, rootNamespace: publicHost.namespace });
    this.node.addValidation({
      validate: () => [...this.delegate.validate(), ...(props.ownedElsewhere || this.delegate.isExposed ? []
        : [`${this.node.path}: no service is exposed via this delegation, so that Istio leaves its route out; call exposeVia() on a service, or state ownedElsewhere`])],
    });
  }

  /** @internal */
  public get _plan(): DelegatePlan {
    if (this.props.ownedElsewhere) {
      fail(this, `the delegate '${this.props.namespace}/${this.delegateName}' is owned elsewhere; expose the service via a DelegatedHost there, or leave ownedElsewhere out`);
    }
    return this.delegate;
  }
}
