import type { MeshConfigFields } from '../envoy/mesh-config';
import type { Labels } from '../manifest/labels';

/** A port in cluster facts: its number, or its fields. */
export type PortFact = number | {
  readonly number: number;
  /** The port of the pods. @default the same */
  readonly targetPort?: number;
  /** The name. @default the protocol and the number, such as `http-80` */
  readonly name?: string;
  /** The protocol, as Istio names it, such as `grpc`. */
  readonly protocol?: string;
};

/** A gateway proxy that runs in the cluster. */
export interface GatewayFact {
  /** The name of its Deployment and its Service. */
  readonly name: string;
  readonly namespace: string;
  /** The labels of its pods, which the selectors of Gateways ask for. */
  readonly labels: Labels;
  /** The service account of its pods, which policies of services allow. @default unknown */
  readonly serviceAccount?: string;
  /** The ports of its Service. @default unknown */
  readonly ports?: readonly PortFact[];
  /** The names of the Secrets with certificates in its namespace. @default unknown */
  readonly secrets?: readonly string[];
}

/** A Service of the cluster, or a host outside it that a ServiceEntry registers. */
export interface ServiceFact {
  readonly name?: string;
  readonly namespace?: string;
  /** The host, in place of name and namespace. */
  readonly host?: string;
  readonly ports: readonly PortFact[];
  /** The labels of its pods. @default unknown */
  readonly labels?: Labels;
}

/** A namespace: its name, or its fields. */
export type NamespaceFact = string | {
  readonly name: string;
  /** How its pods are in the mesh. @default unknown */
  readonly mode?: 'sidecar' | 'ambient' | 'none';
  /** The waypoint that its services use: `NAME` or `NAMESPACE/NAME`, or `none`. @default unknown */
  readonly waypoint?: string;
};

/** What a cluster has beside the manifests that are judged, as a file of cluster facts states it. */
export interface ClusterFactsFields {
  readonly kind?: 'ClusterFacts';
  /** Whether nothing exists beside the manifests and these facts. @default false */
  readonly complete?: boolean;
  readonly istioVersion?: string;
  readonly clusterDomain?: string;
  readonly rootNamespace?: string;
  readonly meshConfig?: MeshConfigFields;
  readonly namespaces?: readonly NamespaceFact[];
  readonly gateways?: readonly GatewayFact[];
  readonly services?: readonly ServiceFact[];
}
