import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IOwnedService } from './traffic-target';
import { AccessPlan } from '../plan/collect/access-plan';
import { AppState } from '../plan/collect/app-state';
import { defaultName } from '../plan/collect/default-name';
import { gatewayLockErrors } from '../plan/collect/gateway-lock';
import { takeGatewayPort } from '../plan/collect/gateway-port';
import { istioObject } from '../plan/collect/istio-object';
import { MeshHosts } from '../plan/collect/mesh-hosts';
import { ServicePlan } from '../plan/collect/service-plan';
import { isEnforced } from '../plan/model/access';
import type { EgressHop } from '../plan/model/egress-hop';
import { sorted } from '../plan/model/sorted';
import { acceptedArgument } from '../traffic/accepted';
import { dnsLabelProblem, fqdnProblem, labelsProblem } from '../traffic/name';
import { portProblem } from '../traffic/number';
import { refuse } from '../traffic/problem';
import { ServicePort } from '../traffic/service-port';

/**
 * Properties of an EgressGateway.
 */
export interface EgressGatewayProps {
  /**
   * The name of the gateway's Service.
   * @default 'istio-egressgateway'
   */
  readonly serviceName?: string;
  /**
   * The namespace of the gateway's Service and pods. The Gateway and the DestinationRule are in it too, because callers in every namespace
   * look up the rule there, and in no third namespace.
   * @default 'istio-system'
   */
  readonly namespace?: string;
  /**
   * Labels of the gateway's pods.
   * @default - istio: egressgateway
   */
  readonly selector?: { readonly [key: string]: string };
  /**
   * The HTTP port of the gateway's Service. Its name must start with `http2`, as in Istio's charts, because gRPC would otherwise be sent as
   * HTTP/1.1.
   * @default 80
   */
  readonly httpPort?: number;
  /**
   * The port of the gateway's Service for TLS that callers start themselves.
   * @default 443
   */
  readonly tlsPort?: number;
  /**
   * Whether HTTP between callers and the gateway uses mutual TLS, which identifies the caller.
   * @default true
   */
  readonly mutualTls?: boolean;
  /**
   * The DNS domain of the cluster.
   * @default - the domain of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * The name of the Gateway object.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * An egress gateway for the dependencies that leave through it with `ExternalDependency.leaveVia()`. All of them share one Gateway object
 * and one DestinationRule of the gateway's Service. A CircuitBreakerPolicy for the EgressGateway limits what each caller sends to the
 * gateway.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
export class EgressGateway extends Construct implements IOwnedService {
  /** The host of the gateway's Service. */
  public readonly host: string;
  /** The name of the Gateway object. */
  public readonly gatewayName: string;
  /** The namespace of the gateway's Service and pods, and of the Gateway object. */
  public readonly namespace: string;
  /** The Gateway. Patch it to set a field that no construct sets. */
  public readonly gateway: ApiObject;

  /** @internal */
  public readonly _plan: ServicePlan;

  private access?: AccessPlan;
  private readonly httpHosts = new Set<string>();
  private readonly tlsHosts = new Set<string>();

  private readonly props: EgressGatewayProps;

  constructor(scope: Construct, id: string, props: EgressGatewayProps = {}) {
    super(scope, id);
    props = acceptedArgument('EgressGateway', props, this);
    this.props = props;
    const { serviceName = 'istio-egressgateway', namespace = 'istio-system', selector = { istio: 'egressgateway' } } = props;
    const { httpPort = 80, tlsPort = 443 } = props;
    this.namespace = namespace;
    this.gatewayName = props.name ?? defaultName(this);
    this.host = `${serviceName}.${namespace}.svc.${props.clusterDomain ?? AppState.of(this).clusterDomain}`;
    refuse(this, dnsLabelProblem('serviceName', serviceName), dnsLabelProblem('namespace', namespace),
      fqdnProblem('host', this.host, { wildcard: false }), dnsLabelProblem('name', this.gatewayName), labelsProblem('selector', selector),
      portProblem('httpPort', httpPort), portProblem('tlsPort', tlsPort),
      httpPort === tlsPort ? `httpPort and tlsPort are both ${httpPort}, and a port has one protocol; use two different ports` : undefined);
    AppState.of(this).claim(`host/${namespace}/${this.host}`, this, () => `the service '${this.host}'`,
      'create each egress gateway once, and pass it on');
    MeshHosts.of(this).addService({ name: serviceName, namespace, host: this.host, owner: this });
    this.gateway = istioObject(this, 'Resource', {
      kind: 'Gateway',
      name: this.gatewayName,
      namespace,
      spec: () => ({ selector: sorted(selector), servers: this.servers(httpPort, tlsPort) }),
    });
    this._plan = new ServicePlan(this, {
      host: this.host,
      name: serviceName,
      namespace,
      ports: [ServicePort.http(httpPort), ServicePort.tls(tlsPort)],
      unroutable: `the egress gateway '${serviceName}' routes the requests of the dependencies that leave through it; `
        + 'set the policy on the dependency',
    });
    this.node.addValidation({
      validate: () => [...this._plan.validate(), ...this.accessErrors(), ...(this.httpHosts.size + this.tlsHosts.size > 0 ? []
        : [`${this.node.path}: no dependency leaves through the gateway, and Istio rejects a Gateway without hosts; `
          + 'call leaveVia() on an ExternalDependency, or remove the gateway'])],
    });
  }

  public get httpPorts(): number[] {
    return [this.props.httpPort ?? 80];
  }

  public get connectionPorts(): number[] {
    return [this.props.tlsPort ?? 443];
  }

  /** @internal */
  public _access(): AccessPlan {
    if (this.access) return this.access;
    const { serviceName = 'istio-egressgateway', selector = { istio: 'egressgateway' } } = this.props;
    const place = () => (this.node.tryFindChild('Access') as Construct | undefined) ?? new Construct(this, 'Access');
    this.access = new AccessPlan(this, {
      name: serviceName, namespace: this.namespace, ports: this._plan.facts.ports, selector, named: {}, isGateway: true,
    }, place);
    return this.access;
  }

  /** The callers of TLS that passes through have no identity at the gateway, nor have those without mutual TLS. */
  private accessErrors(): string[] {
    const rules = this.access?.model.rules.filter(rule => isEnforced(rule) && rule.terms.callers !== undefined) ?? [];
    if (rules.length === 0) return this.lockErrors();
    const paths = rules.map(({ path }) => path).sort().join(', ');
    if (this.props.mutualTls === false) {
      return [`${paths} sets callers of the egress gateway, and mutualTls is false, so callers have no identity; `
        + 'set mutualTls to true, or allow Caller.anyone()'];
    }
    const hosts = [...this.tlsHosts].sort().join(', ');
    return hosts === '' ? this.lockErrors() : [`${paths} sets callers of the egress gateway, and callers of ${hosts} encrypt their connections themselves, `
      + 'so they have no identity at the gateway, and Envoy would close all of these connections; '
      + 'use an HTTP port with originateTls(), a different egress gateway for these hosts, or Caller.anyone()'];
  }

  /** Access rules that let no caller leave. */
  private lockErrors(): string[] {
    const { selector = { istio: 'egressgateway' }, mutualTls = true } = this.props;
    const { namespace } = this;
    return gatewayLockErrors(this, {
      name: this.gatewayName,
      verifiesClients: mutualTls && this.httpHosts.size > 0,
      pods: { kind: 'workload', namespace, labels: selector },
      namespace,
      requests: [
        ...[...this.httpHosts].sort().map(host => ({ host, isAnonymous: !mutualTls, serverName: mutualTls ? host : undefined })),
        ...[...this.tlsHosts].sort().map(host => ({ host, isConnection: true, isAnonymous: true, serverName: host })),
      ],
      repair: 'add a WorkloadAccess with this EgressGateway as `service`, and the callers that may leave',
    });
  }

  /** @internal */
  public _admit(dependency: Construct, host: string, uses: { readonly http: boolean; readonly tls: boolean }): EgressHop {
    const { selector = { istio: 'egressgateway' }, mutualTls = true, httpPort = 80, tlsPort = 443 } = this.props;
    const workload = JSON.stringify(sorted(selector));
    AppState.of(this).claim(`gateway/${workload}/${host}`, dependency, () => `the host '${host}' on the gateway ${workload}`,
      'create each host once, and pass it on');
    const { path } = this.node;
    if (uses.http) takeGatewayPort(dependency, { selector, port: httpPort, protocol: mutualTls ? 'HTTPS' : 'HTTP', path });
    if (uses.tls) takeGatewayPort(dependency, { selector, port: tlsPort, protocol: 'TLS', path });
    if (uses.http) this.httpHosts.add(host);
    if (uses.tls) this.tlsHosts.add(host);
    const subset = host.replace(/\./g, '-').slice(0, 63).replace(/-+$/, '');
    if (uses.http && mutualTls) {
      // The gateway distinguishes hosts by server name, so each host has its own subset, with the same pods.
      this._plan.addSubset(dependency, subset, { labels: {} });
      this._plan.addPolicy(dependency, { subset, port: httpPort }, { tls: { mode: 'ISTIO_MUTUAL', sni: host } });
    }
    return {
      path: this.node.path,
      gateway: `${this.namespace}/${this.gatewayName}`,
      name: `to-${this.gatewayName}`,
      host: this.host,
      subset: mutualTls ? subset : undefined,
      httpPort,
      tlsPort,
    };
  }

  private servers(httpPort: number, tlsPort: number): object[] {
    const mutual = this.props.mutualTls ?? true;
    const http = {
      port: { number: httpPort, name: mutual ? 'https-mutual' : 'http', protocol: mutual ? 'HTTPS' : 'HTTP' },
      hosts: [...this.httpHosts].sort(),
      tls: mutual ? { mode: 'ISTIO_MUTUAL' } : undefined,
    };
    const tls = { port: { number: tlsPort, name: 'tls', protocol: 'TLS' }, hosts: [...this.tlsHosts].sort(), tls: { mode: 'PASSTHROUGH' } };
    return [http, tls].filter(({ hosts }) => hosts.length > 0);
  }
}
