import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { ITrafficService } from './traffic-target';
import { Environment } from '../plan/environment';
import { istioObject } from '../plan/istio-object';
import { destinationRule, meshOrigin, meshVirtualService, serviceEntry } from '../plan/render';
import { ServicePlan } from '../plan/service-plan';
import { ServiceSlots } from '../plan/service-slots';
import { dnsLabelProblem, kebab, objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';
import type { Endpoint, Location, Resolution } from '../traffic/service-entry';
import { serviceEntryProblem } from '../traffic/service-entry';
import type { ServicePort } from '../traffic/service-port';
import { servicePortsProblem } from '../traffic/service-port';

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
   * Virtual IP addresses or CIDR blocks that callers use; needed to tell TCP hosts on one port apart.
   * @default - none
   */
  readonly addresses?: string[];
  /**
   * The namespaces that know them: `.` for the own, `*` for all.
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
  /** The namespace of the ServiceEntry. */
  public readonly namespace: string;

  /** @internal */
  public readonly _plan: ServicePlan | string;

  constructor(scope: Construct, id: string, props: ExternalDependencyProps) {
    super(scope, id);
    const name = props.name ?? kebab(id);
    this.namespace = props.namespace ?? Chart.of(this).namespace ?? fail(this, 'the dependency has no namespace; state `namespace` here or on the chart');
    refuse(this, objectNameProblem('name', name), dnsLabelProblem('namespace', this.namespace), servicePortsProblem('ports', props.ports),
      serviceEntryProblem(props));
    for (const host of props.hosts) {
      Environment.of(this).claim(`host/${this.namespace}/${host}`, this, () => `the host '${host}' in namespace '${this.namespace}'`,
        'describe each host once, and pass it on');
    }
    const at = (kind: string, spec: () => object) => ({ kind, name, namespace: this.namespace, spec });
    istioObject(this, 'Resource', at('ServiceEntry', () => serviceEntry(props)));
    this.hosts = [...props.hosts];
    this.host = props.hosts[0];
    this.httpPorts = props.ports.filter(port => port.isHttp).map(port => port.number);
    if (props.hosts.length > 1) {
      this._plan = `the dependency has ${props.hosts.length} hosts, and Istio keeps policies by host; state one ExternalDependency a host`;
      return;
    }
    const facts = { host: this.host, namespace: this.namespace, ports: props.ports, replicas: props.endpoints?.length };
    const plan: ServicePlan = new ServicePlan(this, facts, new ServiceSlots(this,
      at('DestinationRule', () => destinationRule(plan)),
      { ...at('VirtualService', () => meshVirtualService(plan)), origin: () => meshOrigin(plan) }));
    this._plan = plan;
    this.node.addValidation({ validate: () => [...plan.judge()] });
  }
}
