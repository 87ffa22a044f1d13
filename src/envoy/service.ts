import type { Protocol } from './protocol';
import type { ExportTo } from '../manifest/export-to';
import type { Labels } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';

/**
 * How the endpoints of a service are found, in the terms of a ServiceEntry. `STATIC`: by istiod, also for Services with a cluster IP.
 * `DNS`, `DNS_ROUND_ROBIN`: by DNS. `NONE`: the original destination, also for headless Services. `DYNAMIC_DNS`: by the host of each
 * request. `ALIAS`: a Service of type ExternalName.
 */
export type Resolution = 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'NONE' | 'DYNAMIC_DNS' | 'ALIAS';

/** The endpoints that Kubernetes' `trafficDistribution` prefers. */
export type TrafficDistribution = 'any' | 'same-zone' | 'same-node';

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** A service in istiod's registry: one per Kubernetes Service, and one per host and address of a ServiceEntry. */
export interface Service {
  readonly host: string;
  /** The name of the Service; of a ServiceEntry's service the host. */
  readonly name: string;
  readonly namespace: string;
  readonly registry: 'Kubernetes' | 'External';
  readonly resolution: Resolution;
  readonly meshExternal: boolean;
  readonly ports: readonly ServicePort[];
  /** The IP address or range; `0.0.0.0` if there is none. */
  readonly address: string;
  /** All addresses: two if a Service has cluster IPs of both families; empty if there is none. */
  readonly addresses: readonly string[];
  /** Whether the input does not set the address: the cluster has another one. */
  readonly isAddressAssumed?: boolean;
  readonly exportTo: ExportTo;
  readonly labels: { readonly [key: string]: string };
  /** The labels that select its workloads. */
  readonly selector?: { readonly [key: string]: string };
  /** The host to which a Service of type ExternalName refers. */
  readonly externalName?: string;
  /** The hosts of the ExternalName Services that refer to this one. */
  readonly aliases: readonly string[];
  /** The subject alternative names that the Service or ServiceEntry sets. */
  readonly subjectAltNames: readonly string[];
  /** The target ports of a service whose resolution is `NONE`. */
  readonly targetPorts?: ReadonlyMap<number, number>;
  readonly trafficDistribution: TrafficDistribution;
  readonly object: ManifestOf<'Service'> | ManifestOf<'ServiceEntry'>;
}

/** The labels of the pods of a service; empty for one without pods. */
export function podLabelsOf({ object, selector = {} }: Service): Labels {
  return object.kind === 'Service' ? selector : object.spec?.workloadSelector?.labels ?? {};
}

/** An endpoint of one port of a service. */
export interface Endpoint {
  /** An IP address, a DNS name, or the path of a Unix socket, whose port is 0. */
  readonly address: string;
  readonly port: number;
  /** The port of the service. EDS compares its name, DNS its number. */
  readonly servicePort: { readonly name: string; readonly number: number };
  readonly labels: { readonly [key: string]: string };
  /** Its locality: `region/zone/subzone`. */
  readonly locality: string;
  readonly weight: number;
  readonly network?: string;
  /** Whether it accepts mutual TLS, according to the label that injection sets. */
  readonly mutualTls: boolean;
  /** Its SPIFFE identity. */
  readonly identity?: string;
  readonly namespace: string;
}
