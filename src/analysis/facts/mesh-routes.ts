import type { Route } from './gateway-api';
import { converted } from './gateway-api';
import { serviceParts } from './host-lookup';
import type { VirtualService } from './virtual-services';
import { isForMesh } from './virtual-services';
import type { VirtualService as Translated } from '../../envoy/virtual-service';
import { MESH } from '../../envoy/virtual-service';
import { VirtualServices } from '../../envoy/virtual-services';
import type { GeneratedVirtualService } from '../../gateway-api/converted';
import { addToGroup } from '../../manifest/group-by';
import { manifestsOf, readManifests } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** The routes of one namespace for one host of the mesh, which istiod merges. */
export interface MeshRoutes {
  readonly host: string;
  readonly namespace: string;
  /** The port of the service that they are for; undefined for all. */
  readonly port?: number;
  /** The routes in the order in which they win. */
  readonly routes: readonly Route[];
  readonly virtualService: GeneratedVirtualService;
}

/** The HTTP and gRPC routes of services, by the route that stands for them. */
export function meshRoutesOf(object: Route, index: TrafficIndex): readonly MeshRoutes[] {
  return index.memo(byFirstRoute).get(object) ?? [];
}

function byFirstRoute(index: TrafficIndex): ReadonlyMap<Route, readonly MeshRoutes[]> {
  const groups = new Map<Route, MeshRoutes[]>();
  for (const each of index.memo(allMeshRoutes)) addToGroup(groups, each.routes[0], each);
  return groups;
}

/** The routes for a host of the mesh, of all namespaces and ports. */
export function meshRoutesFor(host: string, index: TrafficIndex): readonly MeshRoutes[] {
  return index.memo(byHost).get(host) ?? [];
}

function byHost(index: TrafficIndex): ReadonlyMap<string, readonly MeshRoutes[]> {
  const groups = new Map<string, MeshRoutes[]>();
  for (const each of index.memo(allMeshRoutes)) addToGroup(groups, each.host, each);
  return groups;
}

function allMeshRoutes(index: TrafficIndex): readonly MeshRoutes[] {
  const { virtualServices, origins, sourceOf } = converted(index);
  return virtualServices.flatMap((virtualService): MeshRoutes[] => {
    const { metadata: { name, namespace = '' }, spec: { hosts: [host] = [], gateways = [], http = [] } } = virtualService;
    if (gateways[0] !== MESH || http.length === 0) return [];
    const routes = [...new Set(http.map(entry => sourceOf(origins.get(entry)!.object) as Route))];
    const [, port] = name.split('~');
    return [{ host, namespace, routes, virtualService, ...name.split('~').length > 2 && { port: Number(port) } }];
  });
}

/** The VirtualServices of the input with HTTP entries for a host of the mesh, by its full name. */
export function virtualServicesFor(host: string, index: TrafficIndex): readonly VirtualService[] {
  return index.memo(virtualServicesByHost).get(host) ?? [];
}

function virtualServicesByHost(index: TrafficIndex): ReadonlyMap<string, readonly VirtualService[]> {
  const groups = new Map<string, VirtualService[]>();
  for (const object of index.of('VirtualService')) {
    if (!isForMesh(object) || !object.spec?.http?.length) continue;
    for (const host of new Set(object.spec.hosts ?? [])) addToGroup(groups, index.fullHost(host, index.namespaceOf(object)), object);
  }
  return groups;
}

/** What the sidecars of a namespace obey for a host: a VirtualService of the input, or the name of the generated one. */
export function obeyedFor(host: string, namespace: string, index: TrafficIndex): Translated | undefined {
  const [service] = index.registry.named(host);
  const home = serviceParts(host)?.namespace ?? (service && index.namespaceOf(service.object));
  return index.memo(ordered).visibleTo(namespace).find(vs => (
    vs.hosts.includes(host) && vs.http.length > 0 && (!vs.isOfGatewayApi || [namespace, home].includes(vs.namespace))));
}

/** The VirtualServices of the input and those that istiod makes of routes, as the translator orders them. */
function ordered(index: TrafficIndex): VirtualServices {
  const { clusterDomain, meshConfig } = index;
  const { manifests } = readManifests(converted(index).virtualServices);
  const all = [...index.of('VirtualService'), ...manifestsOf(manifests, 'VirtualService')];
  return new VirtualServices(all, { meshConfig, clusterDomain }, []);
}
