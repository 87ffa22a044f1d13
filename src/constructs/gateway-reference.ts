import { Construct } from 'constructs';
import type { Caller } from './caller';
import { chartNamespaceOf } from './chart-namespace';
import { GatewayWorkload } from '../plan/collect/gateway-workload';
import { Listener } from '../traffic/listener';
import { dnsLabelProblem, gatewayNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * An ingress gateway that serves public hosts: an `IngressGateway`, or one of another program by `IngressGateway.fromName()`.
 */
export interface IIngressGateway {
  /** The name of the Gateway object. */
  readonly gatewayName: string;
  /** The namespace of the Gateway object. */
  readonly namespace: string;
}

/**
 * A reference to a Gateway that another program owns.
 */
export interface GatewayReference {
  /** The name of the Gateway object. */
  readonly name: string;
  /**
   * The namespace of the Gateway object.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /**
   * The ports on which the gateway listens, as its Gateway object states them.
   * @default - HTTP on port 80
   */
  readonly listeners?: Listener[];
  /**
   * The identity of the gateway's pods: `Caller.gateway()` with their service account. A service with a WorkloadAccess must allow it.
   * @default - unknown: a Caller.gateway(), or any caller in a namespace without services of the App, may be the gateway
   */
  readonly identity?: Caller;
}

/** A Gateway that another program owns: a place for public hosts, and nothing more. */
export class ReferencedGateway extends Construct implements IIngressGateway {
  public readonly gatewayName: string;
  public readonly namespace: string;
  public readonly _workload: GatewayWorkload;

  constructor(scope: Construct, id: string, { name, namespace, listeners = [Listener.http()], identity }: GatewayReference) {
    super(scope, id);
    this.gatewayName = name;
    this.namespace = namespace ?? chartNamespaceOf(this) ?? fail(this, 'the gateway has no namespace; set `namespace` here or on the chart');
    refuse(this, gatewayNameProblem('name', name), dnsLabelProblem('namespace', this.namespace),
      ...listeners.map(listener => listener._problem()), listeners.length === 0 ? 'listeners is empty; add at least one' : undefined);
    this._workload = new GatewayWorkload(this, {
      name, namespace: this.namespace, listeners, identity: identity && gatewayIdentityOf(this, this.namespace, identity),
    });
  }
}

/** The pods of a gateway. */
export function workloadOf(at: Construct, gateway: IIngressGateway): GatewayWorkload {
  return (gateway as { readonly _workload?: GatewayWorkload })._workload
    ?? fail(at, `the gateway '${gateway.gatewayName}' is not a gateway of this library; use an IngressGateway, or IngressGateway.fromName()`);
}

/** Whether another program owns the Gateway. */
export function isForeignGateway(gateway: IIngressGateway): boolean {
  return gateway instanceof ReferencedGateway;
}

/** The principal of a gateway's pods. */
export function gatewayIdentityOf(at: Construct, namespace: string, caller: Caller): string {
  refuse(at, caller._problem());
  const { principals = [], namespaces = [] } = caller._source(namespace) ?? {};
  if (namespaces.length > 0 || principals.length !== 1 || principals[0] === '*') {
    fail(at, 'identity is more than one workload; use Caller.gateway() with the service account of the gateway\'s pods');
  }
  return principals[0];
}
