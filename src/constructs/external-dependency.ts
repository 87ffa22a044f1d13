import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { EgressGateway } from './egress-gateway';
import type { ITrafficService } from './traffic-target';
import { enterRegistry } from '../plan/collect/registry-entry';
import { ServicePlan } from '../plan/collect/service-plan';
import { ClientTlsSettings, clientTlsProblem } from '../traffic/client-tls-settings';
import { leavingProblem } from '../traffic/leaving-problem';
import { dnsLabelProblem, kebab, objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';
import { fail, refuse } from '../traffic/problem';
import type { Endpoint, Location } from '../traffic/service-entry';
import { Resolution, exportToProblem, serviceEntryProblem } from '../traffic/service-entry';
import type { ServicePort } from '../traffic/service-port';
import { connectionsOf, servicePortsProblem } from '../traffic/service-port';
import { tlsPortProblem } from '../traffic/tls-port-problem';

/**
 * Hosts that are not Services of the cluster.
 */
export interface ExternalDependencyProps {
  /** The hosts, such as `api.example.com`, or wildcards such as `*.example.com`. */
  readonly hosts: string[];
  /** Their ports. */
  readonly ports: ServicePort[];
  /** How Envoy finds the endpoints. Required, since Istio's own default is NONE. */
  readonly resolution: Resolution;
  /**
   * Whether they are part of the mesh.
   * @default Location.MESH_EXTERNAL
   */
  readonly location?: Location;
  /**
   * Their endpoints.
   * @default - found by `resolution`
   */
  readonly endpoints?: Endpoint[];
  /**
   * Labels of the pods and WorkloadEntries of the namespace that are the endpoints. Not beside `endpoints`.
   * @default - none
   */
  readonly workloadSelector?: { readonly [key: string]: string };
  /**
   * Virtual IP addresses or CIDR blocks that callers use; needed to tell TCP hosts on one port apart.
   * @default - none
   */
  readonly addresses?: string[];
  /**
   * The namespaces that know them: `.` for the own, `*` for all. The policies stated for them hold in these namespaces too, and in no other.
   * @default - all namespaces
   */
  readonly exportTo?: string[];
  /**
   * Names, one of which has to be in the certificate of the hosts.
   * @default - not checked here
   */
  readonly subjectAltNames?: string[];
  /**
   * The namespace of the ServiceEntry.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /**
   * The name of the ServiceEntry.
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/** Why nothing is balanced, by resolution. */
const UNBALANCED: { readonly [resolution: string]: string } = {
  [Resolution.NONE]: 'the dependency has resolution NONE, which connects to the address that the caller asked for, so that no load balancer applies; '
    + 'use resolution DNS or STATIC',
  [Resolution.DYNAMIC_DNS]: 'the dependency has resolution DYNAMIC_DNS, which looks up the host of each request, so that no load balancer applies; use resolution DNS for one host',
};

/** Envoy has no endpoints here, and istiod does not expect the question. */
const UNEJECTABLE = 'outlierDetection is stated for a dependency with resolution DYNAMIC_DNS, at which istiod crashes: Envoy looks up the host of each request and has '
  + 'no endpoints to eject; leave it out, or use resolution DNS for one host';

/** Istiod looks up all endpoints in the list of the first locality. */
const UNRANKED = 'failoverPriority is stated for a dependency with resolution DNS and endpoints in several localities, at which istiod crashes; '
  + 'use failover, resolution STATIC, or endpoints of one locality';

/**
 * How callers' requests in clear text leave in TLS.
 */
export interface OriginateTlsOptions {
  /** The port that callers use, in clear text. Its `targetPort` is the one that speaks TLS, such as 443. */
  readonly port: number;
  /**
   * What TLS is spoken, simple or mutual.
   * @default - ClientTlsSettings.simple(): server name and certificate are those of each request's Host
   */
  readonly tls?: ClientTlsSettings;
}

/**
 * Hosts outside of the cluster that workloads depend on, entered into the mesh's registry, so that calls are let through where all else is
 * blocked. With one host it takes a CircuitBreakerPolicy and a RequestPolicy of its own.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/
 */
export class ExternalDependency extends Construct implements ITrafficService {
  public readonly host: string;
  /** All hosts. */
  public readonly hosts: string[];
  public readonly httpPorts: number[];
  public readonly connectionPorts: number[];
  /** The namespace of the ServiceEntry. */
  public readonly namespace: string;

  /** @internal */
  public readonly _plan: ServicePlan | string;

  constructor(scope: Construct, id: string, private readonly props: ExternalDependencyProps) {
    super(scope, id);
    const name = props.name ?? kebab(id);
    this.namespace = props.namespace ?? Chart.of(this).namespace ?? fail(this, 'the dependency has no namespace; state `namespace` here or on the chart');
    refuse(this, objectNameProblem('name', name), dnsLabelProblem('namespace', this.namespace), servicePortsProblem('ports', props.ports),
      serviceEntryProblem(props), props.exportTo && exportToProblem(props.exportTo, this.namespace));
    enterRegistry(this, { ...props, name, namespace: this.namespace });
    this.hosts = [...props.hosts];
    this.host = props.hosts[0];
    this.httpPorts = props.ports.filter(port => port.isHttp).map(port => port.number);
    this.connectionPorts = props.ports.filter(port => connectionsOf(port) !== undefined).map(port => port.number);
    if (props.hosts.length > 1) {
      this._plan = `the dependency has ${props.hosts.length} hosts, and Istio keeps policies by host; state one ExternalDependency a host`;
      return;
    }
    this._plan = new ServicePlan(this, {
      host: this.host,
      name,
      namespace: this.namespace,
      ports: props.ports,
      addresses: props.addresses,
      // A name can stand for any number of addresses.
      replicas: props.resolution === Resolution.STATIC ? props.endpoints?.length : undefined,
      unroutable: this.host.startsWith('*') ? `the host '${this.host}' is a wildcard, to which no route can send requests; `
        + 'state an ExternalDependency of the one host, whose policies then hold for it' : undefined,
      unbalanced: UNBALANCED[props.resolution],
      unejectable: props.resolution === Resolution.DYNAMIC_DNS ? UNEJECTABLE : undefined,
      unranked: props.resolution === Resolution.DNS && new Set(props.endpoints?.map(endpoint => endpoint.locality)).size > 1 ? UNRANKED : undefined,
      exportTo: props.exportTo,
    });
    this.node.addValidation(this._plan);
  }

  /**
   * Sends all calls through an egress gateway. What is stated about requests and endpoints then holds at the gateway, on the way to the host;
   * conditions on the caller cannot be met there. Takes one HTTP and one TLS port at most, and no TCP port.
   */
  public leaveVia(gateway: EgressGateway): void {
    const plan = this._plan;
    if (typeof plan === 'string') fail(this, plan);
    const { egress, httpPorts } = plan.model;
    if (egress) fail(this, `the calls to '${this.host}' leave via ${egress.path} already; state one egress gateway`);
    refuse(this, plan.facts.unroutable, leavingProblem(this.props, this.namespace, gateway.namespace));
    plan.leaveVia(gateway._admit(this, this.host, { http: httpPorts.length > 0, tls: plan.facts.ports.some(port => !port.isHttp) }));
  }

  /**
   * Encrypts what callers send to a port in clear text, so that routes, retries and limits by request hold for it. The certificate is checked for the
   * Host of each request. Other policies of the host hold on that port all the same.
   */
  public originateTls(options: OriginateTlsOptions): void {
    const plan = ServicePlan.of(this, this);
    const tls = options.tls ?? ClientTlsSettings.simple();
    if (!tls.originates) fail(this, `tls is ${tls.mode}, which encrypts nothing for hosts outside; use ClientTlsSettings.simple() or mutual()`);
    const ports = plan.portsOf({ port: options.port });
    refuse(this, ...ports.map(port => this.clearTextProblem(port)), clientTlsProblem('tls', tls, this.namespace), tlsPortProblem(ports, tls));
    plan.addPolicy(this, { port: options.port }, { tls: tls._istio });
  }

  /** A port that would speak TLS where the host listens for clear text. */
  private clearTextProblem({ number, targetPort }: ServicePort): Problem {
    if (this.props.resolution === Resolution.DYNAMIC_DNS) return undefined; // port 443, unless the Host of the request names another
    if (this.props.resolution === Resolution.NONE && number === 80) {
      return 'TLS would go to port 80, since resolution NONE keeps the port that the caller asked for; use resolution DNS with targetPort: 443';
    }
    return (targetPort ?? number) === 80 ? 'TLS would go to port 80, where hosts speak clear text; state ServicePort.http(80, { targetPort: 443 })' : undefined;
  }
}
