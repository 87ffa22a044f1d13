import { pascalCase } from './chart-writer';
import type { ChartFile } from './code';
import { fullHost, serviceHost } from '../manifest/host-name';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { isOfKind, manifestsOf } from '../manifest/manifest';
import { kebab } from '../traffic/name';

/** The objects of one service, host or gateway, which become one file. */
export interface ServiceUnit {
  readonly chart: Omit<ChartFile, 'statements'>;
  /** The full name of the host, or of the gateway. */
  readonly host: string;
  readonly namespace: string;
  /** The Service of the host, if it is known. */
  readonly service?: ManifestOf<'Service'>;
  readonly objects: readonly Manifest[];
  /** The VirtualServices of callers in the mesh. */
  readonly virtualServices: readonly ManifestOf<'VirtualService'>[];
  readonly destinationRules: readonly ManifestOf<'DestinationRule'>[];
  /** Why the unit is not lifted as a whole, if that is known before. */
  readonly obstacle?: string;
}

/** The kinds that are adopted. All other objects stay where they are. */
export const ADOPTED_KINDS = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry'] as const;

export function isAdopted(manifest: Manifest): boolean {
  return ADOPTED_KINDS.some(kind => isOfKind(manifest, kind));
}

/** Groups the objects to adopt by service, host or gateway, in the order of the input. */
export function unitsOf(manifests: readonly Manifest[], clusterDomain: string): ServiceUnit[] {
  const services = servicesByHost(manifests, clusterDomain);
  const gateways = new Set(manifestsOf(manifests, 'Gateway').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const groups = new Map<string, Manifest[]>();
  for (const manifest of manifests.filter(isAdopted)) {
    const key = keyOf(manifest, gateways, clusterDomain);
    groups.set(key, [...groups.get(key) ?? [], manifest]);
  }
  const names = new Set(['main']);
  return [...groups].map(([key, objects]) => {
    const service = services.get(key);
    const namespace = service?.metadata.namespace ?? objects[0].metadata.namespace!;
    const [kind, place] = /^(gateway|host) (.*)$/s.exec(key)?.slice(1) ?? ['host', key];
    const host = kind === 'gateway' ? place.split('/')[1] : place;
    const name = freeName(service?.metadata.name ?? host, namespace, names);
    const what = kind === 'gateway' ? `The hosts of the gateway ${host} in ${namespace}.` : `Traffic of ${service ? `${service.metadata.name} in ${namespace}` : host}.`;
    return {
      chart: { name, className: `${pascalCase(name)}Traffic`, namespace, summary: what },
      host: place,
      namespace,
      service,
      objects,
      virtualServices: manifestsOf(objects, 'VirtualService'),
      destinationRules: manifestsOf(objects, 'DestinationRule'),
      obstacle: obstacleOf(kind === 'gateway', service, objects, place),
    };
  });
}

function obstacleOf(isGateway: boolean, service: Manifest | undefined, objects: readonly Manifest[], host: string): string | undefined {
  if (isGateway) return 'no construct is written for the hosts of a Gateway';
  if (objects.some(each => isOfKind(each, 'ServiceEntry'))) return 'no construct is written for a ServiceEntry';
  if (!service) return `no Service of the input has the host '${host}'`;
  const bound = manifestsOf(objects, 'VirtualService').find(({ spec }) => spec?.gateways?.some(gateway => gateway !== 'mesh'));
  return bound && `the VirtualService ${bound.metadata.name} names a Gateway`;
}

/** The Services by the full names of their hosts. */
export function servicesByHost(manifests: readonly Manifest[], clusterDomain: string): Map<string, ManifestOf<'Service'>> {
  return new Map(manifestsOf(manifests, 'Service').map(each => [serviceHost(each.metadata.name, each.metadata.namespace!, clusterDomain), each]));
}

function keyOf(manifest: Manifest, gateways: ReadonlySet<string>, clusterDomain: string): string {
  const namespace = manifest.metadata.namespace!;
  const full = (host: string) => fullHost(host, namespace, clusterDomain);
  if (isOfKind(manifest, 'Gateway')) return `gateway ${namespace}/${manifest.metadata.name}`;
  if (isOfKind(manifest, 'DestinationRule')) return full(manifest.spec?.host ?? manifest.metadata.name);
  if (isOfKind(manifest, 'VirtualService')) {
    const bound = manifest.spec?.gateways?.filter(each => each !== 'mesh').map(each => (each.includes('/') ? each : `${namespace}/${each}`));
    const gateway = bound?.find(each => gateways.has(each));
    if (gateway !== undefined) return `gateway ${gateway}`;
  }
  const { hosts = [] } = (manifest.spec ?? {}) as { readonly hosts?: readonly string[] };
  return hosts.length > 0 ? full(hosts[0]) : `host ${manifest.metadata.name}`;
}

function freeName(host: string, namespace: string, names: Set<string>): string {
  const own = kebab(host.replace(/^\*\.?/, 'wildcard-').replace(/[._]/g, '-')) || 'host';
  const candidates = [own, `${own}-${namespace}`];
  const name = candidates.find(each => !names.has(each)) ?? [...names].reduce((each, _, i) => (names.has(each) ? `${own}-${namespace}-${i + 2}` : each), candidates[1]);
  names.add(name);
  return name;
}
