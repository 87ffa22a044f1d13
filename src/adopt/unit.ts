import type { ChartHead } from './chart-writer';
import { pascalCase } from './chart-writer';
import { exposedServices } from './exposed-services';
import type { KnownServices } from './known-services';
import { groupBy } from '../manifest/group-by';
import { fullHost } from '../manifest/host-name';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { isOfKind, manifestsOf } from '../manifest/manifest';
import { kebab } from '../traffic/name';

/** The objects of one service, host or gateway, which become one file. */
export interface ServiceUnit {
  readonly kind: 'service' | 'gateway' | 'host';
  readonly chart: ChartHead;
  /** The full name of the host, or the namespace and name of the gateway. */
  readonly host: string;
  readonly namespace: string;
  /** The Service of the host, if it is known. */
  readonly service?: ManifestOf<'Service'>;
  readonly objects: readonly Manifest[];
  /** The VirtualServices of callers in the mesh. */
  readonly virtualServices: readonly ManifestOf<'VirtualService'>[];
  readonly destinationRules: readonly ManifestOf<'DestinationRule'>[];
  readonly serviceEntries: readonly ManifestOf<'ServiceEntry'>[];
}

/** The kinds that are adopted. All other objects stay where they are. */
export const ADOPTED_KINDS = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry'] as const;

export function isAdopted(manifest: Manifest): boolean {
  return ADOPTED_KINDS.some(kind => isOfKind(manifest, kind));
}

/** Groups the objects to adopt by service, host or gateway, in the order of the input. */
export function unitsOf(manifests: readonly Manifest[], known: KnownServices): ServiceUnit[] {
  const own = new Set(manifestsOf(manifests, 'Gateway').map(gatewayKey));
  const groups = groupBy(manifests.filter(isAdopted), manifest => keyOf(manifest, own, known.clusterDomain));
  // The construct library takes `constructor` for a child that exists.
  const names = new Set(['main', 'constructor']);
  const units = [...groups].map(([key, objects]) => unitOf(key, objects, known, names));
  const served = new Set(units.map(({ host }) => host));
  // A service that only gateways lead to has no object of its own.
  const exposed = new Set(units.filter(({ kind }) => kind === 'gateway').flatMap(unit => exposedServices(unit, known.clusterDomain)));
  const others = [...exposed].filter(host => !served.has(host) && known.byHost.has(host));
  return [...units, ...others.map(host => unitOf(host, [], known, names))];
}

const GATEWAY = 'gateway ';

function unitOf(key: string, objects: readonly Manifest[], known: KnownServices, names: Set<string>): ServiceUnit {
  const service = known.byHost.get(key);
  const isGateway = key.startsWith(GATEWAY);
  const host = isGateway ? key.slice(GATEWAY.length) : key;
  const gateway = isGateway ? manifestsOf(objects, 'Gateway')[0] : undefined;
  const serviceEntries = manifestsOf(objects, 'ServiceEntry');
  const namespace = (service ?? gateway ?? serviceEntries[0] ?? objects[0]).metadata.namespace!;
  const short = service?.metadata.name ?? (isGateway ? host.split('/')[1] : host);
  const name = freeName(short, namespace, names);
  const summary = isGateway ? `The hosts of the gateway ${short} in ${host.split('/')[0]}.` : `Traffic of ${service ? `${short} in ${namespace}` : host}.`;
  return {
    kind: isGateway ? 'gateway' : service ? 'service' : 'host',
    chart: { name, className: `${pascalCase(name)}Traffic`, namespace, summary },
    host,
    namespace,
    service,
    objects,
    virtualServices: manifestsOf(objects, 'VirtualService'),
    destinationRules: manifestsOf(objects, 'DestinationRule'),
    serviceEntries,
  };
}

function keyOf(manifest: Manifest, ownGateways: ReadonlySet<string>, clusterDomain: string): string {
  const namespace = manifest.metadata.namespace!;
  const full = (host: string) => fullHost(host, namespace, clusterDomain);
  if (isOfKind(manifest, 'Gateway')) return `${GATEWAY}${gatewayKey(manifest)}`;
  if (isOfKind(manifest, 'DestinationRule')) return full(manifest.spec?.host ?? manifest.metadata.name);
  if (isOfKind(manifest, 'VirtualService')) {
    const bound = boundGateways(manifest);
    const gateway = bound.find(each => ownGateways.has(each)) ?? bound[0];
    if (gateway !== undefined) return `${GATEWAY}${gateway}`;
  }
  const { hosts = [] } = (manifest.spec ?? {}) as { readonly hosts?: readonly string[] };
  return hosts.length > 0 ? full(hosts[0]) : manifest.metadata.name;
}

/** The namespace and name of a Gateway, as VirtualServices name it. */
export function gatewayKey({ metadata: { namespace, name } }: ManifestOf<'Gateway'>): string {
  return `${namespace}/${name}`;
}

/** The namespaces and names of the Gateways that a VirtualService names. */
export function boundGateways({ metadata: { namespace }, spec }: ManifestOf<'VirtualService'>): readonly string[] {
  return (spec?.gateways ?? []).filter(each => each !== 'mesh').map(each => (each.includes('/') ? each : `${namespace}/${each}`));
}

function freeName(host: string, namespace: string, names: Set<string>): string {
  const own = kebab(host.replace(/^\*\.?/, 'wildcard-').replace(/[._]/g, '-')) || 'host';
  const candidates = [own, `${own}-${namespace}`];
  const name = candidates.find(each => !names.has(each)) ?? [...names].reduce((each, _, i) => (names.has(each) ? `${own}-${namespace}-${i + 2}` : each), candidates[1]);
  names.add(name);
  return name;
}
