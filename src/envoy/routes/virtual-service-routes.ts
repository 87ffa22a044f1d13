import { corsConfig } from './cors-policy';
import { faultConfig } from './fault';
import type { HeaderOperations } from './header-operations';
import { headerFields, headerOperations } from './header-operations';
import { directResponseAction, redirectAction } from './responses';
import { routeAction } from './route-action';
import type { RouteContext } from './route-context';
import { isCatchAll, isForRoutes, routeMatch } from './route-match';
import type { HTTPMatchRequest, HTTPRoute } from '../../manifest/istio-specs.generated';
import { re2Quote } from '../../traffic/re2';
import { parseClusterName } from '../cluster-name';
import { configMetadata, message } from '../message';
import type { RouteOrigin } from '../proxy-config';
import type { HttpRule, VirtualService } from '../virtual-service';
import type { TypedPerFilterConfig } from '../xds/http-filters';
import type { Route, RouteAction, RouteMatch } from '../xds/route';

/** A VirtualService's routes for one proxy and port, in order, up to the first that matches every request. */
export function routesOf(virtualService: VirtualService, context: RouteContext): Route[] {
  const routes: Route[] = [];
  for (const rule of virtualService.http) {
    const matches = rule.spec.match ?? [];
    let treatment: Treatment | undefined;
    for (const [i, match] of matches.length === 0 ? [[0, undefined] as const] : matches.entries()) {
      if (!isForRoutes(match, context)) continue;
      treatment ??= treatmentOf(virtualService, rule, context);
      const route = routeOf(virtualService, rule, treatment, match, context);
      context.origins.set(route, originOf(rule, match === undefined ? undefined : rule.matches[i]));
      routes.push(route);
      if (isCatchAll(route)) return routes;
    }
    if (matches.length === 0) return routes;
  }
  return routes;
}

function originOf({ origin: { object, path } }: HttpRule, match: number | undefined): RouteOrigin {
  return { object, path: match === undefined ? path : [...path, 'match', match] };
}

/** What the routes of all matches of a rule have in common. */
interface Treatment extends Pick<Route, 'redirect' | 'directResponse' | 'route' | 'metadata' | 'typedPerFilterConfig'> {
  readonly headers: Pick<Route, HeaderField>;
}

type HeaderField = 'requestHeadersToAdd' | 'requestHeadersToRemove' | 'responseHeadersToAdd' | 'responseHeadersToRemove';

function treatmentOf(virtualService: VirtualService, { spec }: HttpRule, context: RouteContext): Treatment {
  const { name, namespace, object, isOfGatewayApi } = virtualService;
  const note = (said: string) => context.notes.push({ object, message: said });
  const { redirect, directResponse, route, operations } = actionOf(spec, { context, isOfGatewayApi, note });
  return {
    redirect,
    directResponse,
    route,
    metadata: configMetadata(object.apiVersion, 'virtual-service', namespace, name),
    typedPerFilterConfig: filters(spec),
    headers: headerFields(operations),
  };
}

function routeOf(
  { name, isOfGatewayApi }: VirtualService, { spec }: HttpRule, treatment: Treatment, match: HTTPMatchRequest | undefined,
  context: RouteContext,
): Route {
  const { redirect, directResponse, route, metadata, typedPerFilterConfig, headers } = treatment;
  const matched = routeMatch(match, { isOfGatewayApi });
  return message<Route>({
    name: (match?.name ? `${spec.name ?? ''}.${match.name}` : spec.name) || undefined,
    match: matched,
    redirect,
    directResponse,
    route: isOfGatewayApi && spec.rewrite?.uri === '/' ? withoutPrefix(route, matched) : route,
    metadata,
    decorator: { operation: operationOf(route?.cluster, matched, name, context.port) },
    statPrefix: match?.statPrefix || undefined,
    typedPerFilterConfig,
    ...headers,
  });
}

/** One of a route's actions, and its header operations. */
type Action = Pick<Route, 'redirect' | 'directResponse' | 'route'> & { readonly operations: HeaderOperations };

interface ActionContext {
  readonly context: RouteContext;
  readonly isOfGatewayApi: boolean;
  readonly note: (said: string) => void;
}

function actionOf(spec: HTTPRoute, { context, isOfGatewayApi, note }: ActionContext): Action {
  const operations = headerOperations(spec.headers);
  if (spec.redirect) {
    const redirect = redirectAction(spec.redirect, context.port, context.isTls);
    if (!redirect) note(`Envoy does not support the redirect status ${spec.redirect.redirectCode}; the route has no action`);
    return { redirect, operations };
  }
  if (spec.directResponse) return { directResponse: directResponseAction(spec.directResponse), operations };
  const { action, operations: all } = routeAction(spec, operations, context, isOfGatewayApi);
  return { route: action, operations: all };
}

/** An action that removes the matched prefix, as a route of the Gateway API does that replaces it by `/`. */
function withoutPrefix(action: RouteAction | undefined, { pathSeparatedPrefix = '' }: RouteMatch): RouteAction | undefined {
  if (!action) return undefined;
  const { prefixRewrite: _, ...route } = action;
  const regexRewrite = { pattern: { regex: `^${re2Quote(pathSeparatedPrefix)}(/?)(.*)` }, substitution: '/\\2' };
  return { ...route, regexRewrite };
}

function filters({ fault, corsPolicy }: HTTPRoute): TypedPerFilterConfig | undefined {
  if (!fault && !corsPolicy) return undefined;
  return {
    ...fault && { 'envoy.filters.http.fault': faultConfig(fault) },
    ...corsPolicy && { 'envoy.filters.http.cors': corsConfig(corsPolicy) },
  };
}

/** The name of a request's span. */
function operationOf(cluster: string | undefined, { prefix, path, safeRegex }: RouteMatch, name: string, listenPort: number): string {
  const where = prefix !== undefined ? `${prefix}*` : path ?? safeRegex?.regex ?? '/*';
  const to = cluster === undefined ? undefined : parseClusterName(cluster);
  return to === undefined ? `${name}:${listenPort}${where}` : `${to.host}:${to.port}${where}`;
}
