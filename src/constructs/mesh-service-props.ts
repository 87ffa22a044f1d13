import type { HostObjectsOptions } from './host-objects-options';
import { hostObjectsProblem } from './host-objects-options';
import { dnsLabelProblem, labelsProblem } from '../traffic/name';
import { limitProblem } from '../traffic/number';
import type { Problem } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';
import { servicePortsProblem } from '../traffic/service-port';

/**
 * Options of `MeshService.fromService()`.
 */
export interface FromServiceOptions extends HostObjectsOptions {
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
  const { name, ports, replicas, selector } = props;
  return dnsLabelProblem('name', name)
    ?? (selector && labelsProblem('selector', selector))
    ?? limitProblem('replicas', replicas, { min: 0 })
    ?? hostObjectsProblem(props)
    ?? (ports.length === 0 ? `the service '${name}' has no ports; add at least one` : servicePortsProblem('ports', ports));
}
