import type { ApiObject } from 'cdk8s';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ExposeOptions } from './exposure';
import { expose } from './exposure';
import type { IPublicHost } from './public-host-reference';
import type { ITrafficRoute } from './route-reference';
import { audiencesOf, ownTargetOf } from './statement';
import type { SubsetOptions } from './subset';
import { Subset } from './subset';
import type { ITrafficService } from './traffic-target';
import { AccessPlan } from '../plan/access-plan';
import { Environment } from '../plan/environment';
import { ServicePlan } from '../plan/service-plan';
import type { RouteStatement } from '../plan/statements';
import { summarize } from '../plan/summary';
import { dnsLabelProblem, fqdnProblem, labelsProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';
import { exportToProblem } from '../traffic/service-entry';
import { ServicePort, servicePortOfManifest, servicePortsProblem } from '../traffic/service-port';

/**
 * What to add to a Service that is described by its manifest.
 */
export interface FromServiceOptions {
  /**
   * The namespaces that its policies, subsets and mesh routes hold for: `.` for the own, `*` for all. Others call it as if nothing were stated.
   * @default - all namespaces
   */
  readonly exportTo?: string[];
  /**
   * How many endpoints it has. With it, an outlier detection that can eject nobody is an error.
   * @default - unknown
   */
  readonly replicas?: number;
  /**
   * The DNS domain of the cluster.
   * @default - that of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
}

/**
 * What a Kubernetes Service is to the mesh.
 */
export interface MeshServiceProps extends FromServiceOptions {
  /** The name of the Service. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /** Its ports. */
  readonly ports: ServicePort[];
  /**
   * The labels by which it selects its pods. Needed for statements about the pods themselves, such as WorkloadAccess.
   * @default - unknown
   */
  readonly selector?: { readonly [key: string]: string };
}

/**
 * A Service that is described elsewhere.
 */
export interface ServiceReference {
  /** The name of the Service. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /** The port that requests or connections go to. */
  readonly port: number;
  /**
   * The DNS domain of the cluster.
   * @default - that of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
}

/**
 * Limits a statement to some audiences.
 */
export interface AudienceOptions {
  /**
   * Whose requests it is about.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/**
 * An existing Kubernetes Service whose traffic is controlled here. It renders no Service; it owns the one DestinationRule and the one mesh
 * VirtualService of the host, to which any number of constructs contribute.
 *
 * @see https://istio.io/latest/docs/concepts/traffic-management/
 */
export class MeshService extends Construct implements ITrafficService {
  /**
   * Describes a Service by its manifest: an ApiObject of kind Service, cdk8s-plus's included. Name, namespace, ports and selector are read
   * from it.
   */
  public static fromService(scope: Construct, id: string, service: ApiObject, options: FromServiceOptions = {}): MeshService {
    const at = `${scope.node.path}/${id}`;
    const manifest = service.toJson() as {
      kind: string;
      metadata?: { name?: string; namespace?: string };
      spec?: { ports?: { port: number; protocol?: string; targetPort?: number | string }[]; selector?: { [key: string]: string } };
    };
    if (manifest.kind !== 'Service') fail(at, `the object ${service.node.path} is of kind ${manifest.kind}; pass the Service`);
    const ports = (manifest.spec?.ports ?? []).filter(port => (port.protocol ?? 'TCP') === 'TCP');
    const described = new MeshService(scope, id, {
      ...options,
      name: manifest.metadata?.name ?? service.name,
      namespace: manifest.metadata?.namespace,
      ports: ports.map(servicePortOfManifest),
      selector: manifest.spec?.selector,
    });
    for (const { port, targetPort } of ports) if (typeof targetPort === 'string') (described.namedTargets ??= {})[port] = targetPort;
    return described;
  }

  /**
   * Names a Service that another App or team describes. It serves as a target, mirror or destination; policies need the service that owns
   * its host's objects.
   */
  public static fromName(scope: Construct, id: string, reference: ServiceReference): ITrafficService {
    return new ReferencedService(scope, id, reference);
  }

  public readonly host: string;
  /** The name of the Service. */
  public readonly serviceName: string;
  /** The namespace of the Service. */
  public readonly namespace: string;
  /** @internal */
  public readonly _plan: ServicePlan;
  private namedTargets?: { [port: number]: string };
  private access?: AccessPlan;

  constructor(scope: Construct, id: string, private readonly props: MeshServiceProps) {
    super(scope, id);
    refuse(this, dnsLabelProblem('name', props.name), props.selector && labelsProblem('selector', props.selector), limitProblem('replicas', props.replicas, { min: 0 }));
    if (!props.ports?.length) fail(this, `the service '${props.name}' has no ports; state at least one`);
    refuse(this, servicePortsProblem('ports', props.ports));
    this.serviceName = props.name;
    this.namespace = namespaceOf(this, props.name, props.namespace);
    this.host = hostOf(this, props.name, this.namespace, props.clusterDomain);
    refuse(this, props.exportTo && exportToProblem(props.exportTo, this.namespace));
    Environment.of(this).claim(`host/${this.namespace}/${this.host}`, this, () => `the service '${this.host}'`, 'describe each service once, and pass it on');
    this._plan = new ServicePlan(this, {
      host: this.host,
      name: props.name,
      namespace: this.namespace,
      ports: props.ports,
      replicas: props.replicas,
      exportTo: props.exportTo,
      inCluster: true,
    });
    this.node.addValidation(this._plan);
  }

  public get httpPorts(): number[] {
    return [...this._plan.httpPorts];
  }

  public get connectionPorts(): number[] {
    return [...this._plan.connections?.ports.keys() ?? []];
  }

  /** The route `/` that every audience ends in, unless a TrafficRoute matches everything. */
  public get defaultRoute(): ITrafficRoute {
    return new DefaultRoute(this._plan.defaultRoute);
  }

  /** The DestinationRule, for patches that no construct offers. Asking for it renders it. */
  public get destinationRule(): ApiObject {
    return this._plan.slots.destinationRule();
  }

  /** The mesh VirtualService, for patches that no construct offers. Asking for it renders it. */
  public get virtualService(): ApiObject {
    return this._plan.slots.virtualService();
  }

  /** Names a part of the endpoints, such as one version. */
  public addSubset(name: string, options: SubsetOptions): Subset {
    refuse(this, dnsLabelProblem('subset name', name), labelsProblem(`labels of subset '${name}'`, options.labels),
      limitProblem(`replicas of subset '${name}'`, options.replicas, { min: 0 }));
    this._plan.addSubset(this._plan.path, name, options);
    return Subset._of(this, name);
  }

  /** The subset of that name, which some statement of this App adds. */
  public subset(name: string): Subset {
    return Subset._of(this, name);
  }

  /**
   * Keeps a subset for one more release, and forbids routes to it: proxies that still have the old routes find its endpoints. The next
   * release removes it.
   */
  public retireSubset(name: string): void {
    this._plan.retireSubset(this._plan.path, name);
  }

  /** The subset that serves requests and connections where nothing else says otherwise; once an audience. */
  public routeDefaultTo(subset: Subset, options: AudienceOptions = {}): void {
    this._plan.addSplit({
      path: this._plan.path,
      kind: 'default',
      shares: [{ target: ownTargetOf(this, this._plan, `the subset '${subset.name}'`, subset), weight: 1 }],
      audiences: audiencesOf(this, options.audiences),
    });
  }

  /**
   * Leads a public host, or a path of it, to this service; a TLS or TCP port through a listener for connections (`Listener.tls()`, `Listener.tcp()`).
   */
  public exposeVia(publicHost: IPublicHost, options: ExposeOptions = {}): void {
    expose(this, this._plan, publicHost, options);
  }

  /** @internal */
  public _access(by: Construct): AccessPlan {
    if (this.access) return this.access;
    const { name, ports, selector } = this.props;
    const access = new AccessPlan(this, {
      name,
      ports,
      namespace: this.namespace,
      named: this.namedTargets ?? {},
      selector: selector ?? fail(by, `the pods of '${name}' are unknown; state \`selector\` where the service is described, or describe it by MeshService.fromService()`),
    }, () => this._plan.slots.access());
    this.node.addValidation({ validate: () => [...access.judge()] });
    return this.access = access;
  }

  /** What all statements about the service come to, in words: its routes in order, and its policies. */
  public summary(): string {
    return [summarize(this._plan), ...this.access?.describe() ?? []].join('\n');
  }
}

class DefaultRoute implements ITrafficRoute {
  public readonly routeName: string;

  constructor(public readonly _statement: RouteStatement) {
    this.routeName = _statement.id;
  }
}

class ReferencedService extends Construct implements ITrafficService {
  public readonly host: string;
  public readonly httpPorts: number[];
  public readonly connectionPorts: number[];

  constructor(scope: Construct, id: string, reference: ServiceReference) {
    super(scope, id);
    refuse(this, dnsLabelProblem('name', reference.name), servicePortsProblem('port', [ServicePort.http(reference.port)]));
    this.host = hostOf(this, reference.name, namespaceOf(this, reference.name, reference.namespace), reference.clusterDomain);
    this.httpPorts = [reference.port];
    this.connectionPorts = [reference.port];
  }
}

function namespaceOf(at: Construct, name: string, stated: string | undefined): string {
  const namespace = stated ?? Chart.of(at).namespace ?? fail(at, `the service '${name}' has no namespace; state \`namespace\` here or on the chart`);
  refuse(at, dnsLabelProblem('namespace', namespace));
  return namespace;
}

function hostOf(at: Construct, name: string, namespace: string, clusterDomain?: string): string {
  const host = `${name}.${namespace}.svc.${clusterDomain ?? Environment.of(at).clusterDomain}`;
  // Of labels that were checked nothing can come but a host.
  if (clusterDomain !== undefined) refuse(at, fqdnProblem('host', host, { wildcard: false }));
  return host;
}
