import type { MeshServices } from './mesh-services';
import { parseProtocol } from './protocol';
import type { Service } from './service';
import type { ServiceRegistry } from './service-registry';
import type { VirtualService } from './virtual-service';
import { HostIndex, hostsOverlap, isHostWithin, isWildcard } from '../manifest/host-name';
import type { IstioEgressListener } from '../manifest/istio-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { byAge } from '../manifest/kubernetes-object';

/** What a proxy may call through one egress listener of its Sidecar; without a Sidecar, everything. */
export interface EgressListener {
  /** The Sidecar's egress listener; undefined without a Sidecar. */
  readonly stated?: IstioEgressListener;
  readonly services: readonly Service[];
  readonly virtualServices: readonly VirtualService[];
  /** The VirtualService that routes each service: the one with the most specific host. */
  readonly owners: ReadonlyMap<string, VirtualService>;
}

/** The hosts that an egress listener imports from a namespace, or from all (`*`). */
interface Imports {
  readonly exact: Set<string>;
  readonly wildcards: string[];
  readonly excluded: string[];
}

const EVERYWHERE = '*';

/** Reads `egress.hosts` of a Sidecar: `namespace/host`, where `.` is the own namespace, `*` every namespace, and `~` excludes a host. */
function importsOf(hosts: readonly string[], namespace: string): Map<string, Imports> {
  const imports = new Map<string, Imports>();
  for (const entry of hosts) {
    const [stated, host, more] = entry.split('/');
    if (host === undefined || more !== undefined) continue;
    const excluded = stated.startsWith('~');
    const from = (excluded ? stated.slice(1) || EVERYWHERE : stated).replace(/^\.$/, namespace);
    const found = imports.get(from) ?? { exact: new Set<string>(), wildcards: [], excluded: [] };
    imports.set(from, found);
    if (excluded) found.excluded.push(host);
    else if (isWildcard(host)) found.wildcards.push(host);
    else found.exact.add(host);
  }
  return imports;
}

const isExcluded = (imports: Imports | undefined, host: string) => imports?.excluded.some(hosts => isHostWithin(host, hosts)) ?? false;

/** Whether the host of a service or VirtualService is imported. An overlap is enough for a VirtualService that is not made from routes. */
function isImported({ exact, wildcards }: Imports, host: string, meets: (a: string, b: string) => boolean): boolean {
  if (exact.has(host) || wildcards.some(imported => meets(host, imported))) return true;
  return isWildcard(host) && [...exact].some(imported => meets(host, imported));
}

/** Resolves one egress listener: the services and VirtualServices that it imports. */
export function egressListener(
  stated: IstioEgressListener | undefined, hosts: readonly string[], namespace: string, mesh: MeshServices,
): EgressListener {
  const imports = importsOf(hosts, namespace);
  const virtualServices = selectVirtualServices(mesh.virtualServices.visibleTo(namespace), imports);
  const services = selectServices(candidates(imports, namespace, mesh.registry), imports, namespace, portOf(stated));
  return { stated, services, virtualServices, owners: ownersOf(services, virtualServices) };
}

/** The services that may be imported. If all hosts are exact, istiod looks them up and orders them by age alone. */
function candidates(imports: ReadonlyMap<string, Imports>, namespace: string, registry: ServiceRegistry): readonly Service[] {
  const hasWildcards = [...imports.values()].some(({ wildcards }) => wildcards.length > 0);
  if (imports.has(EVERYWHERE) || hasWildcards) return registry.visibleFrom(namespace);
  const found = [...imports].flatMap(([from, { exact }]) => [...exact].flatMap(host => registry.find(host, from) ?? []));
  return found.filter(service => registry.isVisible(service, namespace)).sort((a, b) => byAge(placeOf(a), placeOf(b)));
}

function placeOf({ object, name, namespace }: Service): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, name, namespace } };
}

/** The port that services of a listener must have; undefined for every port. */
export function portOf(stated: IstioEgressListener | undefined): number | undefined {
  const port = stated?.port;
  return port?.number && parseProtocol(port.protocol ?? '') !== 'HTTP_PROXY' ? port.number : undefined;
}

function selectVirtualServices(visible: readonly VirtualService[], imports: ReadonlyMap<string, Imports>): VirtualService[] {
  const everywhere = imports.get(EVERYWHERE);
  const seen = new Set<VirtualService>();
  return visible.filter(vs => {
    if (seen.has(vs)) return false;
    seen.add(vs);
    const own = imports.get(vs.namespace);
    const meets = vs.isOfGatewayApi ? isHostWithin : hostsOverlap;
    return [own, everywhere].some(from => from && vs.hosts.some(host =>
      isImported(from, host, meets) && !isExcluded(own, host) && !isExcluded(everywhere, host)));
  });
}

function selectServices(
  visible: readonly Service[], imports: ReadonlyMap<string, Imports>, namespace: string, port: number | undefined,
): Service[] {
  const everywhere = imports.get(EVERYWHERE);
  const selected = visible.flatMap(service => {
    const own = imports.get(service.namespace);
    if (isExcluded(own, service.host) || isExcluded(everywhere, service.host)) return [];
    for (const from of [own, everywhere]) {
      if (!from || !isImported(from, service.host, isHostWithin)) continue;
      const narrowed = port === undefined ? service : withPort(service, port);
      if (narrowed) return [withAliases(narrowed, from)];
    }
    return [];
  });
  return ofOneNamespace(selected, namespace);
}

/** A service limited to one port; undefined if it lacks the port, or has no ports. */
export function withPort(service: Service, number: number): Service | undefined {
  return service.ports.length === 0 ? undefined : withPorts(service, new Set([number]));
}

/** A service limited to some ports; undefined if it has none of them. */
export function withPorts(service: Service, numbers: ReadonlySet<number>): Service | undefined {
  const ports = service.ports.filter(({ number }) => numbers.has(number));
  if (ports.length === service.ports.length) return service;
  return ports.length === 0 ? undefined : { ...service, ports };
}

function withAliases(service: Service, imports: Imports): Service {
  const aliases = service.aliases.filter(alias => isImported(imports, alias, isHostWithin));
  return aliases.length === service.aliases.length ? service : { ...service, aliases };
}

/** Keeps one namespace per host: the own one, else that of a Kubernetes Service, else the first. */
export function ofOneNamespace(services: readonly Service[], namespace: string): Service[] {
  const chosen = new Map<string, { readonly namespace: string; readonly isKubernetes: boolean }>();
  for (const { host, namespace: from, registry } of services) {
    const isKubernetes = registry === 'Kubernetes';
    const other = chosen.get(host);
    const wins = !other || from === namespace || (!other.isKubernetes && isKubernetes && other.namespace !== namespace);
    if (wins) chosen.set(host, { namespace: from, isKubernetes });
  }
  return services.filter(({ host, namespace: from }) => chosen.get(host)!.namespace === from);
}

function ownersOf(services: readonly Service[], virtualServices: readonly VirtualService[]): Map<string, VirtualService> {
  const hosts = new HostIndex<VirtualService>();
  for (const vs of virtualServices) for (const host of vs.hosts) if (!hosts.get(host)) hosts.set(host, vs);
  const owners = new Map<string, VirtualService>();
  for (const { host } of services) {
    const owner = hosts.mostSpecific(host)?.value;
    if (owner) owners.set(host, owner);
  }
  return owners;
}
