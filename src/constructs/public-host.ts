import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { chartNamespaceOf } from './chart-namespace';
import type { IIngressGateway } from './gateway-reference';
import { isForeignGateway, workloadOf } from './gateway-reference';
import type { IPublicHost } from './public-host-reference';
import { PublicHostPlan } from '../plan/collect/public-host-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { Listener } from '../traffic/listener';
import { dnsLabelProblem, fqdnProblem, objectNameProblem } from '../traffic/name';
import { refuse } from '../traffic/problem';

/**
 * Properties of a PublicHost.
 */
export interface PublicHostProps {
  /** The gateway that serves it: an IngressGateway, or `IngressGateway.fromName()` for one of another program. */
  readonly gateway: IIngressGateway;
  /** The host name, such as `shop.example.com`, or a wildcard: `*.example.com`, or `*` for every other host. */
  readonly host: string;
  /**
   * The name of its VirtualService.
   * @default - the host, with hyphens instead of dots; `every-host` for `*`
   */
  readonly name?: string;
  /**
   * The namespace of its VirtualService.
   * @default - the namespace of the Gateway; that of the chart if another program owns the Gateway
   */
  readonly namespace?: string;
}

/**
 * A host on a gateway, with the VirtualService that routes its paths and connections. Use `MeshService.exposeVia()` to route it to
 * services. Several services can share it by path; a TLS or TCP listener routes to one service.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-control/
 */
export class PublicHost extends Construct implements IPublicHost {
  /** The host name. */
  public readonly hostName: string;
  /** The namespace of its VirtualService. */
  public readonly namespace: string;

  /** @internal */
  public readonly _plan: PublicHostPlan;

  /** @internal */
  public readonly _listeners: readonly Listener[];

  /** @internal */
  public readonly _claimListener: (listener: Listener, by: IConstruct) => void;

  constructor(scope: Construct, id: string, props: PublicHostProps) {
    super(scope, id);
    props = acceptedArgument('PublicHost', props, this);
    refuse(this, fqdnProblem('host', props.host, { wildcard: true }));
    const name = props.name ?? (props.host === '*' ? 'every-host' : props.host.replace(/^\*\./, 'wildcard-').replace(/\./g, '-'));
    refuse(this, objectNameProblem('name', name));
    this.hostName = props.host;
    const { gatewayName, namespace: ofGateway } = props.gateway;
    this.namespace = props.namespace ?? (isForeignGateway(props.gateway) ? chartNamespaceOf(this) : undefined) ?? ofGateway;
    refuse(this, dnsLabelProblem('namespace', this.namespace));
    const workload = workloadOf(this, props.gateway);
    workload.addHost(props.host, this);
    this._plan = new PublicHostPlan(this, {
      host: props.host, name, namespace: this.namespace, siblings: workload.workloadHosts, identity: workload.facts.identity,
    }, this.namespace === ofGateway ? gatewayName : `${ofGateway}/${gatewayName}`, () => workload.pods);
    this._listeners = workload.facts.listeners;
    this._claimListener = (listener, by) => workload.claimListener(listener, this.hostName, by);
    this.node.addValidation(this._plan);
  }

  /** The VirtualService of the host. Patch it to set a field that no construct sets. */
  public get virtualService(): ApiObject {
    return this._plan.virtualService();
  }
}
