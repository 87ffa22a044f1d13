import type { NamespaceAnnotations } from './kubernetes-services';
import { isIpAddress, trafficDistribution, UNSPECIFIED } from './kubernetes-services';
import type { MeshConfig } from './mesh-config';
import { parseProtocol } from './protocol';
import type { Endpoint, Service } from './service';
import type { Workload, WorkloadIndex } from './workloads';
import { workloadOf } from './workloads';
import { exportTo } from '../manifest/export-to';
import type { ServiceEntryPort } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

const UNIX = 'unix://';

/** The services of a ServiceEntry: one per host and address. */
export function serviceEntryServices(object: ManifestOf<'ServiceEntry'>, mesh: MeshConfig, namespaces: NamespaceAnnotations): Service[] {
  const { spec = {} } = object;
  const { namespace = '', annotations, labels = {} } = object.metadata;
  const selector = spec.workloadSelector?.labels;
  const ports = (spec.ports ?? []).map(({ name = '', number = 0, protocol = '' }) => ({ name, number, protocol: parseProtocol(protocol) }));
  const resolution = spec.resolution ?? 'NONE';
  const targetPorts = new Map((spec.ports ?? [])
    .flatMap(({ number = 0, targetPort }) => (targetPort ? [[number, targetPort] as const] : [])));
  const shared = {
    namespace,
    registry: 'External' as const,
    object,
    ports,
    resolution,
    meshExternal: spec.location !== 'MESH_INTERNAL',
    exportTo: exportTo(spec.exportTo, namespace, mesh.defaultServiceExportTo),
    labels,
    ...(selector === undefined ? {} : { selector }),
    aliases: [],
    subjectAltNames: spec.subjectAltNames ?? [],
    ...(resolution === 'NONE' && targetPorts.size > 0 ? { targetPorts } : {}),
    trafficDistribution: trafficDistribution(undefined, annotations, namespaces.get(namespace)),
  };
  const stated = spec.addresses ?? [];
  const places = stated.length > 0 ? stated.flatMap(readAddress).map(address => [address]) : [[]];
  return (spec.hosts ?? []).flatMap(host => places.map(addresses => (
    { ...shared, host, name: host, address: addresses[0] ?? UNSPECIFIED, addresses }
  )));
}

/** An address or a range; a range of one address becomes that address. Invalid values are dropped. */
function readAddress(text: string): string[] {
  if (isIpAddress(text)) return [text];
  const [address, bits] = text.split('/');
  if (!isIpAddress(address) || bits === undefined) return [];
  return [bits === (address.includes(':') ? '128' : '32') ? address : text];
}

/** The endpoints of a service of a ServiceEntry: its `endpoints`, the workloads that it selects, or its host if resolved by DNS. */
export function serviceEntryEndpoints(service: Service, pods: WorkloadIndex, entries: WorkloadIndex, mesh: MeshConfig): Endpoint[] {
  if (service.object.kind !== 'ServiceEntry') return [];
  const { spec = {} } = service.object;
  const ports = spec.ports ?? [];
  const { name, namespace = '' } = service.object.metadata;
  const byDns = service.resolution === 'DNS' || service.resolution === 'DNS_ROUND_ROBIN';
  if (spec.workloadSelector !== undefined) {
    const selector = spec.workloadSelector.labels ?? {};
    const usable = entries.select(namespace, selector).filter(({ address }) => byDns || address === '' || isIpAddress(address));
    const selected = [...[...pods.select(namespace, selector)].sort(byName), ...usable.sort(byName)];
    return selected.flatMap(workload => ports.map(port => endpointOf(workload, port)));
  }
  if (byDns && (spec.endpoints ?? []).length === 0) {
    const named = { address: service.host, labels: {}, locality: '', weight: 1, mutualTls: false, namespace };
    return ports.map(({ name: portName = '', number = 0, targetPort }) => (
      { ...named, port: targetPort || number, servicePort: { name: portName, number } }));
  }
  return (spec.endpoints ?? []).flatMap((fields, i) => {
    const workload = workloadOf(fields, `${name}-${i}`, namespace, mesh);
    return ports.map(port => endpointOf(workload, port));
  });
}

function byName(a: Workload, b: Workload): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function endpointOf(workload: Workload, { name = '', number = 0, targetPort }: ServiceEntryPort): Endpoint {
  const isSocket = workload.address.startsWith(UNIX);
  return {
    address: isSocket ? workload.address.slice(UNIX.length) : workload.address,
    port: isSocket ? 0 : workload.ports.get(name) || targetPort || number,
    servicePort: { name, number },
    labels: workload.labels,
    locality: workload.locality,
    weight: workload.weight,
    network: workload.network,
    mutualTls: workload.mutualTls,
    identity: workload.identity,
    namespace: workload.namespace,
  };
}
