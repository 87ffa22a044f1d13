import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { Caller } from './caller';
import { chartNamespaceOf } from './chart-namespace';
import { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { defaultName } from '../plan/collect/default-name';
import { gatewayLockErrors } from '../plan/collect/gateway-lock';
import { takeGatewayPort } from '../plan/collect/gateway-port';
import type { GatewayPods } from '../plan/collect/gateway-tokens';
import { istioObject } from '../plan/collect/istio-object';
import type { Scope } from '../plan/model/scope';
import { sorted } from '../plan/model/sorted';
import { acceptedArgument } from '../traffic/accepted';
import { Listener } from '../traffic/listener';
import { dnsLabelProblem, fqdnProblem, gatewayNameProblem, labelsProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

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
export class IngressGateway extends Construct {
  /** The name of the Gateway object. */
  public readonly gatewayName: string;
  /** The namespace of the Gateway object. */
  public readonly namespace: string;
  /** The Gateway. Patch it to set a field that no construct sets. */
  public readonly gateway: ApiObject;

  /** @internal */
  public readonly _identity?: string;

  /** @internal */
  public readonly _listeners: readonly Listener[];

  private readonly hosts = new Set<string>();
  /** The stated hosts. */
  private readonly served?: readonly string[];
  private readonly selector: { readonly [key: string]: string };

  constructor(scope: Construct, id: string, props: IngressGatewayProps = {}) {
    super(scope, id);
    props = acceptedArgument('IngressGateway', props, this);
    const listeners = props.listeners ?? [Listener.http()];
    this._listeners = listeners;
    this.selector = props.selector ?? { istio: 'ingressgateway' };
    this.gatewayName = props.name ?? defaultName(this);
    this.namespace = props.namespace ?? chartNamespaceOf(this) ?? fail(this, 'the gateway has no namespace; '
      + 'set `namespace` here or on the chart');
    refuse(this, gatewayNameProblem('name', this.gatewayName), dnsLabelProblem('namespace', this.namespace),
      labelsProblem('selector', this.selector), ...listeners.map(listener => listener._problem()),
      listeners.length === 0 ? 'listeners is empty; add at least one' : undefined);
    this.served = props.hosts;
    refuse(this, props.hosts?.length === 0 ? 'hosts is empty; name a host, or omit it' : undefined,
      ...(props.hosts ?? []).map((host, i) => fqdnProblem(`hosts[${i}]`, host, { wildcard: true })));
    this._identity = props.identity && identityOf(this, props.identity);
    for (const key of ['name', 'port'] as const) {
      const values = listeners.map(listener => listener[key]);
      const twice = values.find((value, i) => values.indexOf(value) !== i);
      if (twice !== undefined) fail(this, `two listeners have the ${key} '${twice}'; use different values`);
    }
    for (const { port, protocol } of listeners) {
      takeGatewayPort(this, { selector: this.selector, port, protocol, path: this.node.path });
    }
    this.gateway = istioObject(this, 'Resource', {
      kind: 'Gateway',
      name: this.gatewayName,
      namespace: this.namespace,
      spec: () => {
        const hosts = [...this.served ?? this.hosts].sort();
        return { selector: sorted(this.selector), servers: listeners.map(listener => listener._server(hosts)) };
      },
    });
    this.node.addValidation({
      validate: () => (this.hosts.size > 0 || this.served ? this.lockErrors() : [`${this.node.path}: the gateway has no hosts, which Istio rejects; `
        + 'add a PublicHost, or remove the gateway']),
    });
  }

  /** Access rules that let no client in. */
  private lockErrors(): string[] {
    const listeners = this._listeners;
    // Behind a TCP or TLS listener, clients of a host may send connections.
    const hosts = listeners.every(listener => listener.isHttp) ? [...this.hosts].sort() : [];
    return gatewayLockErrors(this, {
      name: this.gatewayName,
      verifiesClients: listeners.some(listener => listener._verifiesClients),
      pods: this._pods(this),
      namespace: this.podNamespace,
      requests: hosts.map(host => ({ host })),
      repair: 'add a WorkloadAccess for the gateway with Caller.anyone()',
    });
  }

  /**
   * The pods of the gateway, in any namespace: those that a policy of the root namespace selects.
   * @internal
   */
  public _pods(by: IConstruct, rootNamespace: string = AppState.of(by).rootNamespace): Scope {
    return PolicyScope.workload(this.selector, rootNamespace)._resolve(by, rootNamespace);
  }

  /** @internal */
  public _gatewayPods(by: IConstruct): GatewayPods {
    return { scope: this._pods(by), namespace: this.podNamespace };
  }

  /** The namespace of the pods, if it is known. */
  private get podNamespace(): string | undefined {
    return this._identity?.split('/')[2];
  }

  /** @internal */
  public _addHost(host: string, owner: Construct): void {
    if (this.served && !this.served.some(each => isWithin(host, each))) {
      fail(owner, `the host '${host}' is not within the hosts of the gateway (${this.served.join(', ')}); `
        + `add it to \`hosts\` of ${this.node.path}`);
    }
    const workload = JSON.stringify(sorted(this.selector));
    AppState.of(this).claim(`gateway/${workload}/${host}`, owner, () => `the host '${host}' on the gateway ${workload}`,
      'create each public host once, and pass it on');
    this.hosts.add(host);
    this.claimed().add(host);
  }

  /**
   * The public hosts of all Gateways of the gateway workload.
   * @internal
   */
  public _workloadHosts(): ReadonlySet<string> {
    return this.claimed();
  }

  /**
   * Claims a TCP listener for one host, because connections of two hosts could not be distinguished.
   * @internal
   */
  public _claimListener(listener: Listener, host: string, by: IConstruct): void {
    const key = `gateway/${JSON.stringify(sorted(this.selector))}/port/${listener.port}/taken`;
    const first = AppState.of(this).one(key, () => ({ host, path: by.node.path }));
    if (first.host !== host) {
      fail(by, `the TCP listener '${listener.name}' (port ${listener.port}) already routes ${first.host} to ${first.path}, `
        + 'and nothing in a TCP connection distinguishes hosts; '
        + 'use a listener on another port, or TLS');
    }
  }

  private claimed(): Set<string> {
    return AppState.of(this).one(`gateway/${JSON.stringify(sorted(this.selector))}/hosts`, () => new Set<string>());
  }
}

/** Whether a host, or all hosts of a wildcard, are those of another one. */
function isWithin(inner: string, outer: string): boolean {
  return outer.startsWith('*') ? inner.endsWith(outer.slice(1)) && inner.length >= outer.length : inner === outer;
}

function identityOf(at: IngressGateway, caller: Caller): string {
  refuse(at, caller._problem());
  const { principals = [], namespaces = [] } = caller._source(at.namespace) ?? {};
  if (namespaces.length > 0 || principals.length !== 1 || principals[0] === '*') {
    fail(at, 'identity is more than one workload; use Caller.gateway() with the service account of the gateway\'s pods');
  }
  return principals[0];
}
