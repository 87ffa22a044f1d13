import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ExposeOptions } from './exposure';
import { expose } from './exposure';
import type { FromServiceOptions, MeshServiceProps } from './mesh-service-props';
import { serviceProblem } from './mesh-service-props';
import type { IPublicHost } from './public-host-reference';
import type { ServiceReference } from './referenced-service';
import { ReferencedService } from './referenced-service';
import type { ITrafficRoute } from './route-reference';
import { hostOf, namespaceOf } from './service-address';
import { audiencesOf, ownTargetOf } from './statement';
import type { IOwnedService, ITrafficService, ITrafficTarget } from './traffic-target';
import type { WrappedManifest } from './wrapped-object';
import { manifestOf, selectorOf, tcpPorts, wrappedObject } from './wrapped-object';
import { AccessPlan } from '../plan/collect/access-plan';
import { AppState } from '../plan/collect/app-state';
import { DefaultsRegistry } from '../plan/collect/defaults-registry';
import type { ServiceOnHosts } from '../plan/collect/exposed-access';
import { addServiceOnHosts, exposedErrors } from '../plan/collect/exposed-access';
import { MeshHosts } from '../plan/collect/mesh-hosts';
import { ServicePlan } from '../plan/collect/service-plan';
import type { ServiceFacts } from '../plan/model/service-facts';
import type { RouteStatement } from '../plan/model/statements';
import { accepted, acceptedArgument } from '../traffic/accepted';
import { exportToProblem } from '../traffic/export-to';
import { dnsLabelProblem, labelsProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import { refuseOtherApp } from '../traffic/one-app';
import { fail, placeOfNew, refuse } from '../traffic/problem';
import { servicePortOfManifest } from '../traffic/service-port';

/**
 * The audiences of a statement.
 */
export interface AudienceOptions {
  /**
   * The audiences that it applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/**
 * Options of a subset.
 */
export interface SubsetOptions {
  /** The labels of the endpoints, in addition to the selector of the service. */
  readonly labels: { readonly [key: string]: string };
  /**
   * The number of endpoints. If set, outlier detection that cannot eject any endpoint fails synth.
   * @default - unknown
   */
  readonly replicas?: number;
}

/**
 * An existing Kubernetes Service whose traffic this App controls. It renders no Service. It owns the DestinationRule and the mesh
 * VirtualService of the host, to which any number of constructs contribute.
 *
 * @see https://istio.io/latest/docs/concepts/traffic-management/
 */
export class MeshService extends Construct implements IOwnedService {
  /**
   * Creates a MeshService from a Service of this App: an ApiObject of kind Service, or the Service of any cdk8s-plus. Name, namespace,
   * ports and selector come from its manifest, and may not change afterwards.
   */
  public static fromService(scope: Construct, id: string, service: IConstruct, options: FromServiceOptions = {}): MeshService {
    const at = placeOfNew('MeshService.fromService', scope, id);
    [service, options] = accepted('MeshService.fromService', [service, options], at);
    refuseOtherApp(scope, 'service', service.node, 'use a Service of the App of this construct, or MeshService.fromName() for a target', at);
    const object = wrappedObject(at, service);
    const manifest = manifestOf(at, object);
    if (manifest.kind !== 'Service') fail(at, `the object ${object.node.path} is of kind ${manifest.kind}; pass the Service`);
    const ports = tcpPorts(at, object, manifest);
    const described = new MeshService(scope, id, {
      ...options,
      name: manifest.metadata?.name ?? object.name,
      namespace: manifest.metadata?.namespace,
      ports: ports.map(servicePortOfManifest),
      selector: selectorOf(manifest),
    });
    described.source = object.node.path;
    for (const { port, targetPort } of ports) if (typeof targetPort === 'string') (described.namedTargets ??= {})[port] = targetPort;
    described.node.addValidation({
      validate: () => changesSince(manifest, manifestOf(described, object), `${described.node.path}: the Service ${object.node.path}`),
    });
    return described;
  }

  /**
   * Refers to a Service that another App or team owns. It can be a target, mirror or destination. Policies require the MeshService that
   * owns the objects of the host.
   */
  public static fromName(scope: Construct, id: string, reference: ServiceReference): ITrafficService {
    reference = acceptedArgument('MeshService.fromName', reference, placeOfNew('MeshService.fromName', scope, id));
    return new ReferencedService(scope, id, reference);
  }

  public readonly host: string;
  /** The name of the Service. */
  public readonly serviceName: string;
  /** The namespace of the Service. */
  public readonly namespace: string;
  /** @internal */
  public readonly _plan: ServicePlan;
  /** The path of the Service in this App. */
  private source?: string;
  private namedTargets?: { [port: number]: string };
  private access?: AccessPlan;

  private readonly props: MeshServiceProps;

  constructor(scope: Construct, id: string, props: MeshServiceProps) {
    super(scope, id);
    props = acceptedArgument('MeshService', props, this);
    this.props = props;
    const facts = factsOf(this, props);
    this.serviceName = facts.name;
    this.namespace = facts.namespace;
    this.host = facts.host;
    claimHost(this);
    this._plan = new ServicePlan(this, facts);
    this.node.addValidation({ validate: () => [...this.errors()] });
    addServiceOnHosts(this, this.host, () => this.onHosts());
    DefaultsRegistry.of(this).addService({ owner: this, plan: this._plan, selector: props.selector });
  }

  public get httpPorts(): number[] {
    return [...this._plan.model.httpPorts];
  }

  public get connectionPorts(): number[] {
    return [...this._plan.model.connectionPorts.keys()];
  }

  /** The route `/` at the end of every audience, unless a TrafficRoute matches every request. */
  public get defaultRoute(): ITrafficRoute {
    return new DefaultRoute(this._plan.model.defaultRoute);
  }

  /** The DestinationRule. Patch it to set a field that no construct sets. Reading this property renders the object. */
  public get destinationRule(): ApiObject {
    return this._plan.destinationRule();
  }

  /** The mesh VirtualService. Patch it to set a field that no construct sets. Reading this property renders the object. */
  public get virtualService(): ApiObject {
    return this._plan.virtualService();
  }

  /** Adds a subset: a named set of the endpoints, such as one version. */
  public addSubset(name: string, options: SubsetOptions): Subset {
    [name, options] = accepted('MeshService.addSubset', [name, options], this);
    refuse(this, dnsLabelProblem('subset name', name), labelsProblem(`labels of subset '${name}'`, options.labels),
      limitProblem(`replicas of subset '${name}'`, options.replicas, { min: 0 }));
    this._plan.addSubset(this, name, options);
    return Subset._of(this, name);
  }

  /** The subset with this name, which another statement of this App adds. */
  public subset(name: string): Subset {
    name = acceptedArgument('MeshService.subset', name, this);
    return Subset._of(this, name);
  }

  /**
   * Keeps a subset for one more release, and makes every route to it fail synth. Proxies that still have the old routes find its endpoints.
   * Remove the subset in the next release.
   */
  public retireSubset(name: string): void {
    name = acceptedArgument('MeshService.retireSubset', name, this);
    this._plan.retireSubset(this, name);
  }

  /** Sets the default subset, which serves all requests and connections without a more specific route. Call it once per audience. */
  public routeDefaultTo(subset: Subset, options: AudienceOptions = {}): void {
    [subset, options] = accepted('MeshService.routeDefaultTo', [subset, options], this);
    this._plan.addSplit(this, {
      kind: 'default',
      shares: [{ target: ownTargetOf(this, this._plan, `the subset '${subset.name}'`, subset), weight: 1 }],
      audiences: audiencesOf(this, options.audiences),
    });
  }

  /**
   * Routes a public host, or a path of it, to this service. A TLS or TCP port needs a `Listener.tls()` or `Listener.tcp()`.
   */
  public exposeVia(publicHost: IPublicHost, options: ExposeOptions = {}): void {
    [publicHost, options] = accepted('MeshService.exposeVia', [publicHost, options], this);
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
      selector: selector ?? fail(by, `the pods of '${name}' are unknown; ${this.source === undefined
        ? 'set `selector` of the service, or create it with MeshService.fromService()'
        : `the Service ${this.source} has no selector, so add one before fromService(), or use an AccessPolicy with PolicyScope.workload()`}`),
    }, () => this._plan.places.ofAccess());
    this.node.addValidation(access);
    return this.access = access;
  }

  /** The errors of the service as a whole, and of access rules that lock out the gateways of its public hosts. */
  private errors(): readonly string[] {
    const { _plan, access } = this;
    const { errors: own } = _plan.compiled;
    const errors = access === undefined ? own : own.concat(access.callerErrors(_plan.model));
    if (_plan.model.exposures.length + _plan.model.connectionExposures.length === 0) return errors;
    return errors.concat(exposedErrors(this, this.onHosts()));
  }

  private onHosts(): ServiceOnHosts {
    const { serviceName: name, _plan: plan, access, namedTargets: named = {}, props: { selector } } = this;
    return { name, plan, named, selector, access };
  }

  /** Describes the result of all statements about the service in words: its routes in order, and its policies. */
  public summary(): string {
    return [this._plan.summary(), ...DefaultsRegistry.of(this).logsSummary(this._plan.facts.namespace, this.props.selector),
      ...this.access?.summary() ?? []].join('\n');
  }
}

/**
 * A named set of a service's endpoints, such as one version. Created by `MeshService.addSubset()`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset
 */
export class Subset implements ITrafficTarget {
  /** @internal */
  public static _of(service: MeshService, name: string): Subset {
    return new Subset(service, name);
  }

  private constructor(
    /** The service of the subset. */
    public readonly service: MeshService,
    /** The name of the subset in the DestinationRule, and in Envoy's cluster `outbound|port|name|host`. */
    public readonly name: string,
  ) {}

  public get subsetName(): string | undefined {
    return this.name;
  }

  public get host(): string {
    return this.service.host;
  }

  public get httpPorts(): number[] {
    return this.service.httpPorts;
  }

  public get connectionPorts(): number[] {
    return this.service.connectionPorts;
  }
}

/** Refuses a second owner of the host, and a host outside the mesh that is a name of the Service. */
function claimHost(owner: MeshService): void {
  const { serviceName: name, namespace, host } = owner;
  AppState.of(owner).claim(`host/${namespace}/${host}`, owner, () => `the service '${host}'`, 'create each service once, and pass it on');
  MeshHosts.of(owner).addService({ name, namespace, host, owner });
}

/** What the properties say about the Service. Throws if they are wrong. */
function factsOf(at: MeshService, props: MeshServiceProps): ServiceFacts {
  refuse(at, serviceProblem(props));
  const { name, ports, replicas, exportTo, virtualServiceName, destinationRuleName } = props;
  const { defaultRoute, portConditions, destinationPorts } = props;
  const namespace = namespaceOf(at, name, props.namespace);
  const host = hostOf(at, name, namespace, props.clusterDomain);
  refuse(at, exportTo && exportToProblem(exportTo, namespace));
  return {
    host,
    name,
    namespace,
    ports,
    replicas,
    exportTo,
    virtualServiceName,
    destinationRuleName,
    defaultRoute,
    portConditions,
    destinationPorts,
    inCluster: true,
  };
}

/** A later `service.bind()` of cdk8s-plus would otherwise add a port that no policy knows. */
function changesSince(before: WrappedManifest, after: WrappedManifest, subject: string): string[] {
  return (['ports', 'selector'] as const).filter(field => JSON.stringify(before.spec?.[field]) !== JSON.stringify(after.spec?.[field]))
    .map(field => `${subject} has other ${field === 'ports' ? 'ports' : 'labels in its selector'} than when fromService() read them; complete the Service first`);
}

class DefaultRoute implements ITrafficRoute {
  public readonly routeName: string;

  constructor(public readonly _statement: RouteStatement) {
    this.routeName = _statement.id;
  }
}
