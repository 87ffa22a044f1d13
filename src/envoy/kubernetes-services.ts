import type { MeshConfig } from './mesh-config';
import type { Endpoint, Resolution, Service, TrafficDistribution } from './service';
import { servicePortProtocol } from './service-port-protocol';
import type { Workload, WorkloadIndex } from './workloads';
import { spiffe } from './workloads';
import { exportTo } from '../manifest/export-to';
import { serviceHost } from '../manifest/host-name';
import type { ServicePort, ServiceSpec } from '../manifest/kubernetes-kinds';
import type { ManifestOf } from '../manifest/manifest';

/** The address of a service without one. */
export const UNSPECIFIED = '0.0.0.0';

/** The annotations of each namespace, by name. */
export type NamespaceAnnotations = ReadonlyMap<string, { readonly [key: string]: string } | undefined>;

/** The services of Kubernetes Services, in their order. A Service without `clusterIP` gets an address. */
export function kubernetesServices(
  services: readonly ManifestOf<'Service'>[], mesh: MeshConfig, namespaces: NamespaceAnnotations, clusterDomain: string,
): Service[] {
  return services.map((object, place): Service => {
    const { name, namespace = '', annotations = {} } = object.metadata;
    const spec = object.spec ?? {};
    const externalName = spec.type === 'ExternalName' && spec.externalName ? spec.externalName : undefined;
    const addresses = addressesOf(spec, place + 1);
    const exported = annotations['networking.istio.io/exportTo']?.split(',').map(scope => scope.trim());
    return {
      host: serviceHost(name, namespace, clusterDomain),
      name,
      namespace,
      registry: 'Kubernetes',
      object,
      ports: (spec.ports ?? []).map(port => ({ name: port.name ?? '', number: port.port ?? 0, protocol: servicePortProtocol(port) })),
      resolution: resolutionOf(spec, externalName),
      meshExternal: externalName !== undefined,
      address: addresses[0] ?? UNSPECIFIED,
      addresses,
      ...(addresses.length > 0 && !spec.clusterIP ? { isAddressAssumed: true } : {}),
      labels: object.metadata.labels ?? {},
      ...(spec.selector === undefined ? {} : { selector: spec.selector }),
      exportTo: exportTo(exported, namespace, mesh.defaultServiceExportTo),
      ...(externalName === undefined ? {} : { externalName }),
      aliases: [],
      subjectAltNames: statedIdentities(annotations, namespace, mesh),
      trafficDistribution: trafficDistribution(spec.trafficDistribution, annotations, namespaces.get(namespace)),
    };
  });
}

function resolutionOf(spec: ServiceSpec, externalName: string | undefined): Resolution {
  if (spec.clusterIP === 'None') return 'NONE';
  return externalName === undefined ? 'STATIC' : 'ALIAS';
}

function addressesOf({ type, clusterIP, clusterIPs = [] }: ServiceSpec, number: number): readonly string[] {
  if (clusterIP === 'None') return [];
  if (clusterIP) return clusterIPs.length > 1 ? clusterIPs : [clusterIP];
  if (type === 'ExternalName') return [];
  return [`10.${200 + Math.floor(number / 62500)}.${Math.floor(number / 250) % 250}.${number % 250 + 1}`];
}

function statedIdentities(annotations: { readonly [key: string]: string }, namespace: string, mesh: MeshConfig): string[] {
  const names = (annotation: string) => annotations[annotation]?.split(',') ?? [];
  const accounts = names('alpha.istio.io/kubernetes-serviceaccounts').map(account => spiffe(mesh.trustDomain, namespace, account));
  return [...names('alpha.istio.io/canonical-serviceaccounts'), ...accounts];
}

const DISTRIBUTIONS: { readonly [value: string]: TrafficDistribution } = {
  prefersamezone: 'same-zone', preferclose: 'same-zone', prefersamenode: 'same-node',
};

/** `trafficDistribution` of the Service's field, else of its annotation, else of its namespace's annotation. */
export function trafficDistribution(
  stated: string | undefined, annotations: { readonly [key: string]: string } = {}, ofNamespace: { readonly [key: string]: string } = {},
): TrafficDistribution {
  const annotation = 'networking.istio.io/traffic-distribution';
  const known = stated !== undefined && DISTRIBUTIONS[stated.toLowerCase()] ? stated : undefined;
  const value = known || annotations[annotation] || ofNamespace[annotation] || '';
  return DISTRIBUTIONS[value.toLowerCase()] ?? 'any';
}

/** The endpoints of a Kubernetes Service: the pods that it selects, and WorkloadEntries if it has a cluster IP. */
export function kubernetesEndpoints(service: Service, pods: WorkloadIndex, entries: WorkloadIndex): Endpoint[] {
  const { selector } = service;
  const ports = service.object.kind === 'Service' ? service.object.spec?.ports ?? [] : [];
  if (selector === undefined || Object.keys(selector).length === 0) return [];
  const selectedPods = pods.select(service.namespace, selector);
  const selectedEntries = service.resolution !== 'STATIC' ? []
    : entries.select(service.namespace, selector).filter(({ address }) => isIpAddress(address));
  return ports.flatMap(port => [
    ...selectedPods.map(pod => endpointOf(pod, port, podPort(pod, port))),
    ...selectedEntries.flatMap(entry => {
      const number = entryPort(entry, port);
      return number === undefined ? [] : [endpointOf(entry, port, number)];
    }),
  ]);
}

/** The port of a WorkloadEntry: of the target port's name, which the entry must have, else of the Service port's name if it has that. */
function entryPort(entry: Workload, { name, port, targetPort }: ServicePort): number | undefined {
  if (typeof targetPort === 'string') return entry.ports.get(targetPort);
  return targetPort ? entry.ports.get(name ?? '') || targetPort : port;
}

/** The port of a pod. A target port that no container names becomes the port of the Service. */
function podPort(pod: Workload, { port = 0, targetPort }: ServicePort): number {
  return (typeof targetPort === 'string' ? pod.ports.get(targetPort) : targetPort) || port;
}

function endpointOf(workload: Workload, port: ServicePort, number: number): Endpoint {
  const { address, labels, locality, weight, network, mutualTls, identity, namespace } = workload;
  return {
    address,
    port: number,
    servicePort: { name: port.name ?? '', number: port.port ?? 0 },
    labels,
    locality,
    weight,
    network,
    mutualTls,
    identity,
    namespace,
  };
}

/** Whether an address is an IPv4 or IPv6 address. */
export function isIpAddress(address: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) || (address.includes(':') && /^[0-9a-fA-F:.]+$/.test(address));
}
