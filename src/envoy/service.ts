import type { Protocol } from './protocol';
import type { ExportTo } from '../manifest/export-to';
import type { ManifestOf } from '../manifest/manifest';

/**
 * How the endpoints of a service are found, in a ServiceEntry's words: by istiod (`STATIC`, which every Service with a cluster IP is too), by DNS, not at
 * all (`NONE`: where the connection goes anyway; headless Services too), or by the name of each request. `ALIAS` is a Service of type ExternalName.
 */
export type Resolution = 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'NONE' | 'DYNAMIC_DNS' | 'ALIAS';

/** Which endpoints are to be preferred, by Kubernetes' `trafficDistribution`. */
export type TrafficDistribution = 'any' | 'same-zone' | 'same-node';

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** A service as istiod knows it: one for a Kubernetes Service, and one for each host and address of a ServiceEntry. */
export interface Service {
  readonly host: string;
  /** The name of the Service; the host itself where a ServiceEntry states it. */
  readonly name: string;
  readonly namespace: string;
  readonly registry: 'Kubernetes' | 'External';
  readonly resolution: Resolution;
  readonly meshExternal: boolean;
  readonly ports: readonly ServicePort[];
  /** Where it is reached: an IP address, or a range of them; `0.0.0.0` without any. */
  readonly address: string;
  /** All addresses: two where a Service has cluster IPs of both families; empty where there are none. */
  readonly addresses: readonly string[];
  readonly exportTo: ExportTo;
  readonly labels: { readonly [key: string]: string };
  /** Labels of the workloads behind it. */
  readonly selector?: { readonly [key: string]: string };
  /** The host that a Service of type ExternalName stands for. */
  readonly externalName?: string;
  /** The hosts of the Services of type ExternalName that stand for this one. */
  readonly aliases: readonly string[];
  /** Names that a certificate of this service may have, as stated by it. */
  readonly subjectAltNames: readonly string[];
  /** Ports of `NONE` whose connections go on to another port. */
  readonly targetPorts?: ReadonlyMap<number, number>;
  readonly trafficDistribution: TrafficDistribution;
  readonly object: ManifestOf<'Service'> | ManifestOf<'ServiceEntry'>;
}

/** Something that serves a port of a service. */
export interface Endpoint {
  /** An IP address, a name, or the path of a Unix socket, whose port is 0. */
  readonly address: string;
  readonly port: number;
  /** The port of the service: by its name for istiod's own endpoints, by its number where DNS finds them. */
  readonly servicePort: { readonly name: string; readonly number: number };
  readonly labels: { readonly [key: string]: string };
  /** Where it runs, as region/zone/subzone. */
  readonly locality: string;
  readonly weight: number;
  readonly network?: string;
  /** Whether it takes mutual TLS, by the label that injection sets. */
  readonly mutualTls: boolean;
  /** Its SPIFFE identity. */
  readonly identity?: string;
  readonly namespace: string;
}
