import type { Protocol } from './protocol';
import type { ExportTo } from '../manifest/export-to';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** How a proxy finds a service's endpoints. */
export type Resolution = 'ClientSideLB' | 'DNSLB' | 'DNSRoundRobinLB' | 'Passthrough' | 'Alias' | 'DynamicDNS';

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
  /** The port of the pods behind it, a number or the name of a container's port. */
  readonly targetPort?: number | string;
}

/** A host of the registry: a Kubernetes Service, or one of a ServiceEntry's hosts. */
export interface Service {
  readonly host: string;
  readonly name: string;
  readonly namespace: string;
  readonly registry: 'Kubernetes' | 'External';
  readonly resolution: Resolution;
  readonly meshExternal: boolean;
  readonly ports: readonly ServicePort[];
  /** Addresses that clients may call; empty where there are none. */
  readonly addresses: readonly string[];
  readonly exportTo: ExportTo;
  readonly labels: { readonly [key: string]: string };
  /** Labels of the pods behind it. */
  readonly selector?: { readonly [key: string]: string };
  /** The name that a Kubernetes Service of type ExternalName stands for. */
  readonly externalName?: string;
  /** The object that states it. */
  readonly object: KubernetesObject;
}
