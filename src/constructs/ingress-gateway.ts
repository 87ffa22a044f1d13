import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { Caller } from './caller';
import { chartNamespaceOf } from './chart-namespace';
import type { GatewayReference, IIngressGateway } from './gateway-reference';
import { gatewayIdentityOf, ReferencedGateway } from './gateway-reference';
import { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { defaultName } from '../plan/collect/default-name';
import { gatewayLockErrors } from '../plan/collect/gateway-lock';
import { takeGatewayPort } from '../plan/collect/gateway-port';
import { GatewayWorkload } from '../plan/collect/gateway-workload';
import { istioObject } from '../plan/collect/istio-object';
import type { Scope } from '../plan/model/scope';
import { sorted } from '../plan/model/sorted';
import { acceptedArgument } from '../traffic/accepted';
import { Listener } from '../traffic/listener';
import { dnsLabelProblem, fqdnProblem, gatewayNameProblem, labelsProblem } from '../traffic/name';
import { fail, placeOfNew, refuse } from '../traffic/problem';

/**
 * Properties of an IngressGateway.
 */
export interface IngressGatewayProps {
  /**
   * The ports on which the gateway listens.
   * @default - HTTP on port 80
   */
  readonly listeners?: Listener[];
  /**
   * Labels of the gateway's pods.
   * @default - istio: ingressgateway
   */
  readonly selector?: { readonly [key: string]: string };
  /**
   * The identity of the gateway's pods: `Caller.gateway()` with their service account. A service with a WorkloadAccess must allow it.
   * @default - unknown: a Caller.gateway(), or any caller in a namespace without services of the App, may be the gateway
   */
  readonly identity?: Caller;
  /**
   * The namespace of the Gateway object and of the VirtualServices of its hosts.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /**
   * The name of the Gateway object.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
  /**
   * The hosts that every listener serves: names, or wildcards such as `*.example.com` or `*`. Each PublicHost must be within one of them. A
   * host without routes gets 404, or the redirect to HTTPS.
   * @default - the PublicHosts of the gateway
   */
  readonly hosts?: string[];
}

/**
 * An ingress gateway with its listeners. `PublicHost` adds hosts to it. A host is served on every listener that fits the port of its
 * service: requests on HTTP and HTTPS listeners, connections on TLS and TCP listeners.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class IngressGateway extends Construct implements IIngressGateway {
  /**
   * Refers to a Gateway that another program owns. Public hosts can be added to it.
   */
  public static fromName(scope: Construct, id: string, reference: GatewayReference): IIngressGateway {
    reference = acceptedArgument('IngressGateway.fromName', reference, placeOfNew('IngressGateway.fromName', scope, id));
    return new ReferencedGateway(scope, id, reference);
  }

  /** The name of the Gateway object. */
  public readonly gatewayName: string;
  /** The namespace of the Gateway object. */
  public readonly namespace: string;
  /** The Gateway. Patch it to set a field that no construct sets. */
  public readonly gateway: ApiObject;

  /** @internal */
  public readonly _workload: GatewayWorkload;

  constructor(scope: Construct, id: string, props: IngressGatewayProps = {}) {
    super(scope, id);
    props = acceptedArgument('IngressGateway', props, this);
    const listeners = props.listeners ?? [Listener.http()];
    const selector = props.selector ?? { istio: 'ingressgateway' };
    this.gatewayName = props.name ?? defaultName(this);
    this.namespace = props.namespace ?? chartNamespaceOf(this) ?? fail(this, 'the gateway has no namespace; '
      + 'set `namespace` here or on the chart');
    refuse(this, gatewayNameProblem('name', this.gatewayName), dnsLabelProblem('namespace', this.namespace),
      labelsProblem('selector', selector), ...listeners.map(listener => listener._problem()),
      listeners.length === 0 ? 'listeners is empty; add at least one' : undefined);
    refuse(this, props.hosts?.length === 0 ? 'hosts is empty; name a host, or omit it' : undefined,
      ...(props.hosts ?? []).map((host, i) => fqdnProblem(`hosts[${i}]`, host, { wildcard: true })));
    this._workload = new GatewayWorkload(this, {
      name: this.gatewayName,
      namespace: this.namespace,
      selector,
      listeners,
      identity: props.identity && gatewayIdentityOf(this, this.namespace, props.identity),
      served: props.hosts,
      pods: () => this._pods(this),
    });
    for (const key of ['name', 'port'] as const) {
      const values = listeners.map(listener => listener[key]);
      const twice = values.find((value, i) => values.indexOf(value) !== i);
      if (twice !== undefined) fail(this, `two listeners have the ${key} '${twice}'; use different values`);
    }
    for (const { port, protocol } of listeners) {
      takeGatewayPort(this, { selector, port, protocol, path: this.node.path });
    }
    this.gateway = istioObject(this, 'Resource', {
      kind: 'Gateway',
      name: this.gatewayName,
      namespace: this.namespace,
      spec: () => {
        const hosts = [...props.hosts ?? this._workload.hosts].sort();
        return { selector: sorted(selector), servers: listeners.map(listener => listener._server(hosts)) };
      },
    });
    this.node.addValidation({
      validate: () => (this._workload.hosts.size > 0 || props.hosts ? this.lockErrors()
        : [`${this.node.path}: the gateway has no hosts, which Istio rejects; add a PublicHost, or remove the gateway`]),
    });
  }

  /** Access rules that let no client in. */
  private lockErrors(): string[] {
    const { facts: { listeners }, pods, hosts: served } = this._workload;
    // Behind a TCP or TLS listener, clients of a host may send connections.
    const hosts = listeners.every(listener => listener.isHttp) ? [...served].sort() : [];
    return gatewayLockErrors(this, {
      name: this.gatewayName,
      verifiesClients: listeners.some(listener => listener._verifiesClients),
      pods: pods!.scope,
      namespace: pods!.namespace,
      requests: hosts.map(host => ({ host })),
      repair: 'add a WorkloadAccess for the gateway with Caller.anyone()',
    });
  }

  /**
   * The pods of the gateway, in any namespace: those that a policy of the root namespace selects.
   * @internal
   */
  public _pods(by: IConstruct, rootNamespace: string = AppState.of(by).rootNamespace): Scope {
    return PolicyScope.workload(this._workload.facts.selector!, rootNamespace)._resolve(by, rootNamespace);
  }
}
