import type { ServicePort } from '../traffic/service-port';

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
