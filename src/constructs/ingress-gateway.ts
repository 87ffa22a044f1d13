import type { ApiObject } from 'cdk8s';
import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { AppState } from '../plan/collect/app-state';
import { istioObject } from '../plan/collect/istio-object';
import { sorted } from '../plan/model/sorted';
import { Listener } from '../traffic/listener';
import { dnsLabelProblem, kebab, labelsProblem, objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * Where a mesh lets requests in.
 */
export interface IngressGatewayProps {
  /**
   * The ports it listens on.
   * @default - HTTP on port 80
   */
  readonly listeners?: Listener[];
  /**
   * Labels of the gateway's pods.
   * @default - istio: ingressgateway
   */
  readonly selector?: { readonly [key: string]: string };
  /**
   * The namespace of the Gateway object and of the VirtualServices of its hosts.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /**
   * The name of the Gateway object.
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Listeners of an ingress gateway, for the hosts that `PublicHost`s add to it. Every host is served on every listener that fits the port it
 * leads to: requests on those for HTTP and HTTPS, connections on those for TLS and TCP.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class IngressGateway extends Construct {
  /** The name of the Gateway object. */
  public readonly gatewayName: string;
  /** The namespace of the Gateway object. */
  public readonly namespace: string;
  /** The Gateway, for patches that no construct offers. */
  public readonly gateway: ApiObject;

  /** @internal */
  public readonly _listeners: readonly Listener[];

  private readonly hosts = new Set<string>();
  private readonly selector: { readonly [key: string]: string };

  constructor(scope: Construct, id: string, props: IngressGatewayProps = {}) {
    super(scope, id);
    const listeners = props.listeners ?? [Listener.http()];
    this._listeners = listeners;
    this.selector = props.selector ?? { istio: 'ingressgateway' };
    this.gatewayName = props.name ?? kebab(id);
    this.namespace = props.namespace ?? Chart.of(this).namespace ?? fail(this, 'the gateway has no namespace; state `namespace` here or on the chart');
    refuse(this, objectNameProblem('name', this.gatewayName), dnsLabelProblem('namespace', this.namespace), labelsProblem('selector', this.selector),
      ...listeners.map(listener => listener._problem()), listeners.length === 0 ? 'listeners is empty; state at least one' : undefined);
    for (const key of ['name', 'port'] as const) {
      const values = listeners.map(listener => listener[key]);
      const twice = values.find((value, i) => values.indexOf(value) !== i);
      if (twice !== undefined) fail(this, `two listeners have the ${key} '${twice}'; give each its own`);
    }
    const workload = JSON.stringify(sorted(this.selector));
    for (const { port, protocol } of listeners) {
      const first = AppState.of(this).one(`gateway/${workload}/port/${port}`, () => ({ protocol, path: this.node.path }));
      if (protocol === 'TCP' && first.protocol === protocol && first.path !== this.node.path) {
        fail(this, `port ${port} of the gateway ${workload} is a TCP port of ${first.path}, and Istio drops a second TCP server of a port; use another port`);
      }
      if (familyOf(first.protocol) !== familyOf(protocol)) {
        fail(this, `port ${port} of the gateway ${workload} speaks ${first.protocol} for ${first.path}, and Istio drops the second protocol of a port; use another port`);
      }
    }
    this.gateway = istioObject(this, 'Resource', {
      kind: 'Gateway',
      name: this.gatewayName,
      namespace: this.namespace,
      spec: () => ({ selector: sorted(this.selector), servers: listeners.map(listener => listener._server([...this.hosts].sort())) }),
    });
    this.node.addValidation({
      validate: () => (this.hosts.size > 0 ? [] : [`${this.node.path}: the gateway has no hosts, which Istio rejects; add a PublicHost, or remove it`]),
    });
  }

  /** @internal */
  public _addHost(host: string, owner: Construct): void {
    const workload = JSON.stringify(sorted(this.selector));
    AppState.of(this).claim(`gateway/${workload}/${host}`, owner, () => `the host '${host}' on the gateway ${workload}`, 'describe each public host once, and pass it on');
    this.hosts.add(host);
    this.claimed().add(host);
  }

  /**
   * The public hosts of all gateways of the workload.
   * @internal
   */
  public _workloadHosts(): ReadonlySet<string> {
    return this.claimed();
  }

  /**
   * Takes a TCP listener for one host: nothing tells the connections of two apart.
   * @internal
   */
  public _claimListener(listener: Listener, host: string, by: IConstruct): void {
    const key = `gateway/${JSON.stringify(sorted(this.selector))}/port/${listener.port}/taken`;
    const first = AppState.of(this).one(key, () => ({ host, path: by.node.path }));
    if (first.host !== host) {
      fail(by, `the TCP listener '${listener.name}' (port ${listener.port}) already leads ${first.host} to ${first.path}, and nothing in a TCP connection tells hosts apart; `
        + 'use a listener of another port, or TLS');
    }
  }

  private claimed(): Set<string> {
    return AppState.of(this).one(`gateway/${JSON.stringify(sorted(this.selector))}/hosts`, () => new Set<string>());
  }
}

/** Protocols that share a port: servers of TLS are told apart by the server name, wherever it ends. */
function familyOf(protocol: string): string {
  return protocol === 'HTTPS' ? 'TLS' : protocol;
}
