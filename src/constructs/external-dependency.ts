import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { chartNamespaceOf } from './chart-namespace';
import type { EgressGateway } from './egress-gateway';
import type { HostObjectsOptions } from './host-objects-options';
import { hostObjectsProblem } from './host-objects-options';
import type { IOwnedService } from './traffic-target';
import { defaultName } from '../plan/collect/default-name';
import { enterRegistry } from '../plan/collect/registry-entry';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import { ClientTlsSettings, clientTlsProblem } from '../traffic/client-tls-settings';
import { exportToProblem } from '../traffic/export-to';
import { leavingProblem } from '../traffic/leaving-problem';
import { dnsLabelProblem, objectNameProblem } from '../traffic/name';
import { LOOKUP_REQUIREMENT, setsHttpOptions } from '../traffic/per-request-lookup';
import type { Problem } from '../traffic/problem';
import { fail, refuse } from '../traffic/problem';
import type { Endpoint } from '../traffic/service-entry';
import { Location, Resolution, serviceEntryProblem } from '../traffic/service-entry';
import type { ServicePort } from '../traffic/service-port';
import { connectionsOf, servicePortsProblem } from '../traffic/service-port';
import { tlsPortProblem } from '../traffic/tls-port-problem';

/**
 * Properties of an ExternalDependency.
 */
export interface ExternalDependencyProps extends HostObjectsOptions {
  /** The hosts, such as `api.example.com`, or wildcards such as `*.example.com`. */
  readonly hosts: string[];
  /** The ports of the hosts. */
  readonly ports: ServicePort[];
  /** How Envoy finds the endpoints. Required, because Istio's default is NONE. */
  readonly resolution: Resolution;
  /**
   * Whether the hosts are part of the mesh.
   * @default Location.MESH_EXTERNAL
   */
  readonly location?: Location;
  /**
   * The endpoints of the hosts.
   * @default - none, `resolution` finds the endpoints
   */
  readonly endpoints?: Endpoint[];
  /**
   * Labels that select the endpoints among the pods and WorkloadEntries of the namespace. Cannot be combined with `endpoints`.
   * @default - none
   */
  readonly workloadSelector?: { readonly [key: string]: string };
  /**
   * Virtual IP addresses or CIDR blocks that callers use. Required to distinguish several TCP hosts on one port.
   * @default - none
   */
  readonly addresses?: string[];
  /**
   * The namespaces that see the hosts and their policies: `.` is the namespace of the dependency, `*` is all namespaces.
   * @default - all namespaces
   */
  readonly exportTo?: string[];
  /**
   * Accepted names. The certificate of the hosts must contain one of them.
   * @default - not verified by the ServiceEntry
   */
  readonly subjectAltNames?: string[];
  /**
   * The namespace of the ServiceEntry.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /**
   * The name of the ServiceEntry.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/** Why a load balancer does not apply, by resolution. */
const UNBALANCED: { readonly [resolution: string]: string } = {
  [Resolution.NONE]: 'the dependency has resolution NONE, which connects to the address that the caller uses, so no load balancer applies; '
    + 'use resolution DNS or STATIC',
  [Resolution.DYNAMIC_DNS]: 'the dependency has resolution DYNAMIC_DNS, which resolves the host of each request, '
    + 'so no load balancer applies; use resolution DNS for one host',
};

/** Envoy has no endpoints here, and istiod crashes. */
const UNEJECTABLE = 'outlierDetection is set for a dependency with resolution DYNAMIC_DNS, which crashes istiod: '
  + 'Envoy resolves the host of each request and has no endpoints to eject; omit it, or use resolution DNS for one host';

/** Istiod looks up all endpoints in the list of the first locality, and crashes. */
const UNRANKED = 'failoverPriority is set for a dependency with resolution DNS and endpoints in several localities, which crashes istiod; '
  + 'use failover, resolution STATIC, or endpoints in one locality';

/**
 * Options of `ExternalDependency.originateTls()`.
 */
export interface OriginateTlsOptions {
  /** The plaintext port that callers use. Its `targetPort` is the TLS port of the host, such as 443. */
  readonly port: number;
  /**
   * The TLS settings, simple or mutual.
   * @default - ClientTlsSettings.simple(), server name and certificate name are the Host of each request
   */
  readonly tls?: ClientTlsSettings;
}

/**
 * Adds hosts outside the cluster to the registry of the mesh, so calls to them are allowed where unknown hosts are blocked. If it has one
 * host, it takes policies and routes like a service.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/
 */
export class ExternalDependency extends Construct implements IOwnedService {
  public readonly host: string;
  /** The namespace of the ServiceEntry. */
  public readonly namespace: string;
  /** The ServiceEntry. Patch it to set a field that no construct sets. */
  public readonly serviceEntry: ApiObject;

  /** @internal */
  public readonly _plan: ServicePlan | string;

  private readonly props: ExternalDependencyProps;

  constructor(scope: Construct, id: string, props: ExternalDependencyProps) {
    super(scope, id);
    props = acceptedArgument('ExternalDependency', props, this);
    this.props = props;
    const name = props.name ?? defaultName(this);
    this.namespace = props.namespace ?? chartNamespaceOf(this) ?? fail(this, 'the dependency has no namespace; '
      + 'set `namespace` here or on the chart');
    refuse(this, objectNameProblem('name', name), dnsLabelProblem('namespace', this.namespace), servicePortsProblem('ports', props.ports),
      serviceEntryProblem(props), hostObjectsProblem(props), props.exportTo && exportToProblem(props.exportTo, this.namespace));
    this.serviceEntry = enterRegistry(this, { ...props, name, namespace: this.namespace });
    this.host = props.hosts[0];
    const lookups = props.resolution === Resolution.DYNAMIC_DNS ? { usesMeshTls: props.location === Location.MESH_INTERNAL } : undefined;
    if (props.hosts.length > 1) {
      const port = lookups?.usesMeshTls === false ? props.ports.find(({ protocol }) => setsHttpOptions(protocol)) : undefined;
      refuse(this, port && `port ${port.number} is ${port.protocol}, which ${LOOKUP_REQUIREMENT}; create one ExternalDependency per host, `
        + `and call originateTls({ port: ${port.number} })`);
      this._plan = `the dependency has ${props.hosts.length} hosts, and policies in Istio are per host; `
        + 'create one ExternalDependency per host';
      return;
    }
    const localities = new Set(props.endpoints?.map(endpoint => endpoint.locality));
    this._plan = new ServicePlan(this, {
      host: this.host,
      name,
      namespace: this.namespace,
      ports: props.ports,
      addresses: props.addresses,
      // A host name may resolve to any number of addresses.
      replicas: props.resolution === Resolution.STATIC ? props.endpoints?.length : undefined,
      unroutable: this.host.startsWith('*') ? `the host '${this.host}' is a wildcard, which cannot be the destination of a route; `
        + 'create an ExternalDependency for one host, whose policies then apply to it' : undefined,
      unbalanced: UNBALANCED[props.resolution],
      unejectable: props.resolution === Resolution.DYNAMIC_DNS ? UNEJECTABLE : undefined,
      unranked: props.resolution === Resolution.DNS && localities.size > 1 ? UNRANKED : undefined,
      lookups,
      exportTo: props.exportTo,
      virtualServiceName: props.virtualServiceName,
      destinationRuleName: props.destinationRuleName,
      defaultRoute: props.defaultRoute,
      portConditions: props.portConditions,
      destinationPorts: props.destinationPorts,
    });
    this.node.addValidation(this._plan);
  }

  /** The VirtualService of its routes. Patch it to set a field that no construct sets. Reading this property renders the object. */
  public get virtualService(): ApiObject {
    return ServicePlan.of(this, this).virtualService();
  }

  /** The DestinationRule of its policies. Patch it to set a field that no construct sets. Reading this property renders the object. */
  public get destinationRule(): ApiObject {
    return ServicePlan.of(this, this).destinationRule();
  }

  /** All hosts. */
  public get hosts(): string[] {
    return [...this.props.hosts];
  }

  public get httpPorts(): number[] {
    return this.props.ports.filter(port => port.isHttp).map(port => port.number);
  }

  public get connectionPorts(): number[] {
    return this.props.ports.filter(port => connectionsOf(port) !== undefined).map(port => port.number);
  }

  /**
   * Sends all calls through an egress gateway. Statements about requests and endpoints then apply at the gateway. Conditions on the caller
   * cannot be met there. Supports at most one HTTP port and one TLS port, and no TCP port.
   */
  public leaveVia(gateway: EgressGateway): void {
    gateway = acceptedArgument('ExternalDependency.leaveVia', gateway, this);
    const plan = this._plan;
    if (typeof plan === 'string') fail(this, plan);
    const { egress, httpPorts } = plan.model;
    if (egress) fail(this, `the calls to '${this.host}' already leave via ${egress.path}; use one egress gateway`);
    refuse(this, plan.facts.unroutable, leavingProblem(this.props, this.namespace, gateway.namespace));
    plan.leaveVia(gateway._admit(this, this.host, { http: httpPorts.length > 0, tls: plan.facts.ports.some(port => !port.isHttp) }));
  }

  /**
   * Encrypts plaintext requests to a port, so routes, retries and request limits apply to them. Envoy verifies that the certificate is for
   * the Host of each request. Other policies of the host also apply to this port.
   */
  public originateTls(options: OriginateTlsOptions): void {
    options = acceptedArgument('ExternalDependency.originateTls', options, this);
    const plan = ServicePlan.of(this, this);
    const tls = options.tls ?? ClientTlsSettings.simple();
    if (!tls.originates) {
      fail(this, `tls is ${tls.mode}, which does not encrypt calls outside the mesh; use ClientTlsSettings.simple() or mutual()`);
    }
    const ports = plan.portsOf({ port: options.port });
    refuse(this, ...ports.map(port => this.clearTextProblem(port)), clientTlsProblem('tls', tls, this.namespace),
      tlsPortProblem(ports, tls));
    plan.addPolicy(this, { port: options.port }, { tls: tls._istio });
  }

  /** The problem of TLS to a port on which the host expects plaintext. */
  private clearTextProblem({ number, targetPort }: ServicePort): Problem {
    if (this.props.resolution === Resolution.DYNAMIC_DNS) return undefined; // port 443, unless the Host of the request has another port
    if (this.props.resolution === Resolution.NONE && number === 80) {
      return 'TLS would go to port 80, because resolution NONE keeps the port that the caller uses; '
        + 'use resolution DNS with targetPort: 443';
    }
    return (targetPort ?? number) === 80 ? 'TLS would go to port 80, where hosts expect plaintext; '
      + 'use ServicePort.http(80, { targetPort: 443 })' : undefined;
  }
}
