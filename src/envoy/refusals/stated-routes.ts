import type { HTTPMatchRequest, HTTPRoute } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import { istioVersion, PINNED } from '../istio-versions';
import { meshConfigOf } from '../mesh-config';
import type { RouteContext } from '../routes/route-context';
import { isCatchAll } from '../routes/route-match';
import { routesOf } from '../routes/virtual-service-routes';
import type { VirtualService } from '../virtual-service';
import { MESH, virtualServiceOf } from '../virtual-service';
import type { Route } from '../xds/route';

/** A route of Envoy, with the entry and the match of `http` that it is made from. */
export interface StatedRoute {
  readonly route: Route;
  readonly rule: number;
  /** The index of the match; undefined if the entry has none. */
  readonly match: number | undefined;
}

const MESH_CONFIG = meshConfigOf({});
const { retries: RETRIES, keepsShadowHost: KEEPS_SHADOW_HOST } = istioVersion(PINNED)!;

/** The fields of a match that istiod evaluates itself; they choose the proxies that get the route. */
const PLACE = [...fieldsWith(HTTP_MATCH_FIELDS, { about: 'listener' }), ...fieldsWith(HTTP_MATCH_FIELDS, { about: 'caller' })];

/**
 * The routes of a VirtualService that some proxy gets, whatever else the mesh has. Entries after one that takes every request of every
 * proxy are left out.
 */
export function statedRoutes(object: ManifestOf<'VirtualService'>): StatedRoute[] {
  const { spec: { exportTo = [] } = {} } = object;
  const virtualService = virtualServiceOf(object, { clusterDomain: 'cluster.local', exportTo });
  const context = contextOf(virtualService);
  const found: StatedRoute[] = [];
  for (const [rule, { spec }] of virtualService.http.entries()) {
    const matches = spec.match ?? [];
    for (const [i, match] of matches.length === 0 ? [[undefined, undefined] as const] : matches.entries()) {
      const route = routeOf(virtualService, spec, match, rule, context);
      if (!route) continue;
      found.push({ route, rule, match: i });
      const isForAll = match === undefined || PLACE.every(field => match[field] === undefined);
      if (isForAll && isCatchAll(route)) return found;
    }
  }
  return found;
}

/** The route that some proxy gets of an entry of a VirtualService's `http`, apart from what it matches. */
export function unconditionalRoute(object: ManifestOf<'VirtualService'>, entry: HTTPRoute): Route | undefined {
  const virtualService = virtualServiceOf({ ...object, spec: { http: [entry] } }, { clusterDomain: 'cluster.local', exportTo: [] });
  return routeOf(virtualService, virtualService.http[0].spec, undefined, 0, contextOf(virtualService));
}

function routeOf(
  virtualService: VirtualService, spec: HTTPRoute, match: HTTPMatchRequest | undefined, rule: number, context: RouteContext,
): Route | undefined {
  const rest: HTTPMatchRequest = { ...match, ...Object.fromEntries(PLACE.map(field => [field, undefined])) };
  const { delegate, ...own } = spec;
  // What a delegate forwards to is judged with the delegate.
  const forwarding: HTTPRoute = delegate ? { ...own, route: [{ destination: { host: 'delegate' } }] } : own;
  const origin = { object: virtualService.object, path: ['spec', 'http', rule] };
  const alone = { spec: { ...forwarding, match: match && [rest] }, origin, matches: [0] };
  return routesOf({ ...virtualService, http: [alone] }, context)[0];
}

function contextOf({ namespace }: VirtualService): RouteContext {
  return {
    port: 80,
    gateways: new Set([MESH]),
    namespace,
    meshConfig: MESH_CONFIG,
    isTls: false,
    retries: RETRIES,
    keepsShadowHost: KEEPS_SHADOW_HOST,
    service: () => undefined,
    destinationRule: () => undefined,
    origins: new Map(),
    notes: [],
  };
}
