import { dnsLabelProblem, labelsProblem, objectNameProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import type { Problem } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';
import { servicePortsProblem } from '../traffic/service-port';

/**
 * Options of `MeshService.fromService()`.
 */
export interface FromServiceOptions {
  /**
   * The namespaces in which the policies, subsets and mesh routes of the service apply: `.` is the namespace of the service, `*` is all
   * namespaces. Callers in other namespaces get Istio's defaults.
   * @default - all namespaces
   */
  readonly exportTo?: string[];
  /**
   * The number of endpoints. If set, outlier detection that cannot eject any endpoint fails synth.
   * @default - unknown
   */
  readonly replicas?: number;
  /**
   * The DNS domain of the cluster.
   * @default - the domain of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * The name of the mesh VirtualService.
   * @default - the name of the Service
   */
  readonly virtualServiceName?: string;
  /**
   * The name of the DestinationRule.
   * @default - the name of the Service
   */
  readonly destinationRuleName?: string;
  /**
   * Whether requests in the mesh that no TrafficRoute takes go to the service. If false, callers get 404.
   * @default true
   */
  readonly defaultRoute?: boolean;
  /**
   * Whether the routes of the only HTTP port have a condition on that port. If false, Istio also applies them to requests to the host on
   * port 80, if the proxy of the caller listens there for another service. A service with several HTTP ports always has the conditions.
   * @default true
   */
  readonly portConditions?: boolean;
  /**
   * Whether destinations in the mesh VirtualService that are this service name its port. If false, Istio takes its only port. Only without
   * `portConditions`.
   * @default true
   */
  readonly destinationPorts?: boolean;
}

/**
 * Properties of a MeshService.
 */
export interface MeshServiceProps extends FromServiceOptions {
  /** The name of the Service. */
  readonly name: string;
  /**
   * The namespace of the Service.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /** The ports of the Service. */
  readonly ports: ServicePort[];
  /**
   * The selector of the Service. Required for statements about its pods, such as WorkloadAccess.
   * @default - unknown
   */
  readonly selector?: { readonly [key: string]: string };
}

/** The problem of the properties of a service, apart from those that depend on its namespace. */
export function serviceProblem(props: MeshServiceProps): Problem {
  const { name, ports, replicas, selector, virtualServiceName, destinationRuleName } = props;
  return dnsLabelProblem('name', name)
    ?? (selector && labelsProblem('selector', selector))
    ?? limitProblem('replicas', replicas, { min: 0 })
    ?? (virtualServiceName === undefined ? undefined : objectNameProblem('virtualServiceName', virtualServiceName))
    ?? (destinationRuleName === undefined ? undefined : objectNameProblem('destinationRuleName', destinationRuleName))
    ?? (props.destinationPorts === false ? destinationPortsProblem(props) : undefined)
    ?? (ports.length === 0 ? `the service '${name}' has no ports; add at least one` : servicePortsProblem('ports', ports));
}

function destinationPortsProblem({ ports, portConditions }: MeshServiceProps): Problem {
  if (portConditions !== false) return 'destinationPorts is false, but routes have a condition on the port; set portConditions to false, too';
  return ports.length > 1 ? `destinationPorts is false, but the service has ${ports.length} ports; omit it` : undefined;
}
