import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { IngressGateway } from './ingress-gateway';
import type { IPublicHost } from './public-host-reference';
import { HostPlan } from '../plan/host-plan';
import { istioObject } from '../plan/istio-object';
import { publicOrigin, publicVirtualService } from '../plan/render';
import type { Listener } from '../traffic/listener';
import { fqdnProblem, objectNameProblem } from '../traffic/name';
import { refuse } from '../traffic/problem';

/**
 * A host that callers outside of the mesh use.
 */
export interface PublicHostProps {
  /** The gateway that serves it. */
  readonly gateway: IngressGateway;
  /** The host name, such as `shop.example.com`, or a wildcard such as `*.example.com`. */
  readonly host: string;
  /**
   * The name of its VirtualService.
   * @default - the host with hyphens for dots
   */
  readonly name?: string;
}

/**
 * A host on a gateway and the one VirtualService that routes its paths and connections. Services lead it to themselves by
 * `MeshService.exposeVia()`; several may share it by path, and each listener for TLS or TCP leads to one service.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-control/
 */
export class PublicHost extends Construct implements IPublicHost {
  /** The host name. */
  public readonly hostName: string;
  /** The namespace of its VirtualService: that of the Gateway. */
  public readonly namespace: string;

  /** @internal */
  public readonly _plan: HostPlan;

  /** @internal */
  public readonly _listeners: readonly Listener[];

  /** @internal */
  public readonly _claimListener: (listener: Listener, by: IConstruct) => void;

  private readonly resource: () => ApiObject;

  constructor(scope: Construct, id: string, props: PublicHostProps) {
    super(scope, id);
    refuse(this, fqdnProblem('host', props.host, { wildcard: true }), props.host === '*' ? 'host \'*\' has no name of its own; name the host' : undefined);
    const name = props.name ?? props.host.replace(/^\*\./, 'wildcard-').replace(/\./g, '-');
    refuse(this, objectNameProblem('name', name));
    this.hostName = props.host;
    this.namespace = props.gateway.namespace;
    props.gateway._addHost(props.host, this);
    let resource: ApiObject | undefined;
    this.resource = () => resource ??= istioObject(this, 'Resource', {
      kind: 'VirtualService',
      name,
      namespace: props.gateway.namespace,
      spec: () => publicVirtualService(this._plan, props.gateway.gatewayName),
      origin: () => publicOrigin(this._plan),
    });
    this._plan = new HostPlan(this.node.path, props.host, () => this.resource(), { siblings: props.gateway._workloadHosts() });
    this._listeners = props.gateway._listeners;
    this._claimListener = (listener, by) => props.gateway._claimListener(listener, this.hostName, by);
    this.node.addValidation({ validate: () => [...this._plan.judge()] });
  }

  /** The VirtualService of the host, for patches that no construct offers. */
  public get virtualService(): ApiObject {
    return this.resource();
  }
}
