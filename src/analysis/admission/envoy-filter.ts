import { messageProblems, withoutTypedConfig } from './proto-json';
import { checkSelector } from './values';
import type { Verdict } from './verdict';
import type {
  EnvoyFilterConfigPatches, EnvoyFilterConfigPatchesMatch, EnvoyFilterConfigPatchesMatchListenerFilterChainFilter, EnvoyFilterSpec,
} from '../../manifest/istio-specs.generated';
import { re2Problem } from '../../traffic/re2';

type ApplyTo = NonNullable<EnvoyFilterConfigPatches['applyTo']>;
type ObjectType = 'listener' | 'routeConfiguration' | 'cluster' | 'waypoint';

/** The message that a patch of each object is written in. */
const PATCHED: { readonly [A in ApplyTo]?: string } = {
  LISTENER: 'envoy.config.listener.v3.Listener',
  FILTER_CHAIN: 'envoy.config.listener.v3.FilterChain',
  NETWORK_FILTER: 'envoy.config.listener.v3.Filter',
  HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
  CLUSTER: 'envoy.config.cluster.v3.Cluster',
  EXTENSION_CONFIG: 'envoy.config.core.v3.TypedExtensionConfig',
  BOOTSTRAP: 'envoy.config.bootstrap.v3.Bootstrap',
  LISTENER_FILTER: 'envoy.config.listener.v3.ListenerFilter',
};
/** The match that a patch of each object can have. */
const MATCHED: { readonly [A in ApplyTo]?: ObjectType } = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};
const OBJECT_TYPES: readonly ObjectType[] = ['listener', 'routeConfiguration', 'cluster', 'waypoint'];
const CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';
const LONGEST_VERSION = 1024;

/** Names that Envoy's filters had, with those that they have. */
const OLD_NAMES: { readonly [old: string]: string } = {
  'envoy.buffer': 'envoy.filters.http.buffer',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.csrf': 'envoy.filters.http.csrf',
  'envoy.http_dynamo_filter': 'envoy.filters.http.dynamo',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz or envoy.filters.network.ext_authz',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.grpc_http1_bridge': 'envoy.filters.http.grpc_http1_bridge',
  'envoy.grpc_json_transcoder': 'envoy.filters.http.grpc_json_transcoder',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
  'envoy.gzip': 'envoy.filters.http.gzip',
  'envoy.health_check': 'envoy.filters.http.health_check',
  'envoy.ip_tagging': 'envoy.filters.http.ip_tagging',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.rate_limit': 'envoy.filters.http.ratelimit',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.squash': 'envoy.filters.http.squash',
  'envoy.listener.http_inspector': 'envoy.filters.listener.http_inspector',
  'envoy.listener.original_dst': 'envoy.filters.listener.original_dst',
  'envoy.listener.original_src': 'envoy.filters.listener.original_src',
  'envoy.listener.proxy_protocol': 'envoy.filters.listener.proxy_protocol',
  'envoy.listener.tls_inspector': 'envoy.filters.listener.tls_inspector',
  'envoy.client_ssl_auth': 'envoy.filters.network.client_ssl_auth',
  'envoy.http_connection_manager': CONNECTION_MANAGER,
  'envoy.mongo_proxy': 'envoy.filters.network.mongo_proxy',
  'envoy.ratelimit': 'envoy.filters.network.ratelimit',
  'envoy.redis_proxy': 'envoy.filters.network.redis_proxy',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
};

function checkFilter(verdict: Verdict, filter: EnvoyFilterConfigPatchesMatchListenerFilterChainFilter, applyTo: ApplyTo,
  path: string): void {
  const { name = '', subFilter } = filter;
  const before = verdict.judgements.length;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    verdict.warn(path, [`has no effect on a patch of a ${applyTo}`, 'remove it, or apply to NETWORK_FILTER or HTTP_FILTER']);
  }
  if (name === '') {
    verdict.error(path, ['has no name', 'name the network filter']);
    return;
  }
  if (subFilter !== undefined) {
    if (applyTo !== 'HTTP_FILTER') {
      verdict.error(`${path}.subFilter`, [`is set on a patch of a ${applyTo}`, 'remove it, or apply to HTTP_FILTER']);
    } else if (name !== CONNECTION_MANAGER && name !== 'envoy.http_connection_manager') {
      verdict.error(`${path}.name`, [`is '${name}', which has no HTTP filters`, `write ${CONNECTION_MANAGER}`]);
    } else if ((subFilter.name ?? '') === '') {
      verdict.error(`${path}.subFilter`, ['has no name', 'name the HTTP filter']);
    }
  }
  if (verdict.hasErrors(before)) return;
  for (const [at, stated] of [[`${path}.name`, name], [`${path}.subFilter.name`, subFilter?.name ?? '']] as const) {
    if (Object.hasOwn(OLD_NAMES, stated)) verdict.warn(at, [`is '${stated}', a deprecated name`, `write ${OLD_NAMES[stated]}`]);
  }
}

/** Checks what a patch applies to; returns whether istiod goes on to judge its value. */
function checkMatch(verdict: Verdict, match: EnvoyFilterConfigPatchesMatch, applyTo: ApplyTo, path: string): boolean {
  const version = match.proxy?.proxyVersion ?? '';
  if (Buffer.byteLength(version) > LONGEST_VERSION) {
    verdict.warn(`${path}.proxy.proxyVersion`, [`has ${version.length} characters, so istiod ignores it`,
      `use at most ${LONGEST_VERSION}`]);
  } else if (version !== '' && re2Problem('it', version) !== undefined) {
    verdict.error(`${path}.proxy.proxyVersion`, [`is '${version}', which is not a valid RE2 regex`, 'correct it']);
    return false;
  }
  const wanted = MATCHED[applyTo];
  const stated = OBJECT_TYPES.filter(type => match[type] !== undefined);
  if (wanted !== undefined && stated.length > 0 && !stated.includes(wanted)) {
    verdict.error(path, [`has ${stated.join(' and ')} for a patch of a ${applyTo}`, `set ${wanted}`]);
    return wanted !== 'listener';
  }
  const filter = wanted === 'listener' ? match.listener?.filterChain?.filter : undefined;
  if (filter === undefined) return true;
  const before = verdict.judgements.length;
  checkFilter(verdict, filter, applyTo, `${path}.listener.filterChain.filter`);
  return !verdict.hasErrors(before);
}

function checkValue(verdict: Verdict, message: string, value: unknown, path: string): void {
  const problems = messageProblems(message, value, path);
  for (const { path: at, cause, repair, isDropped } of problems) {
    if (isDropped) verdict.warn(at, [cause, repair]);
    else verdict.error(at, [cause, repair]);
  }
  if (problems.length > 0) return;
  for (const at of withoutTypedConfig(message, value, path)) {
    verdict.warn(at, ['has no typed_config, by which Envoy finds an extension', 'set it']);
  }
}

function checkPatch(verdict: Verdict, { applyTo = 'INVALID', match, patch }: EnvoyFilterConfigPatches, path: string): void {
  if (match?.context === 'WAYPOINT') return;
  if (applyTo === 'INVALID') {
    verdict.error(`${path}.applyTo`, ['is missing', 'set it']);
  } else if (patch === undefined) {
    verdict.error(`${path}.patch`, ['is missing', 'set it']);
  } else if ((patch.operation ?? 'INVALID') === 'INVALID') {
    verdict.error(`${path}.patch.operation`, ['is missing', 'set it']);
  } else if (patch.operation !== 'REMOVE' && patch.value === undefined) {
    verdict.error(`${path}.patch.value`, [`is missing, which ${patch.operation} needs`, 'set it']);
  } else if (match === undefined || checkMatch(verdict, match, applyTo, `${path}.match`)) {
    const message = PATCHED[applyTo];
    if (patch.value !== undefined && message !== undefined) checkValue(verdict, message, patch.value, `${path}.patch.value`);
  }
}

/** Checks an EnvoyFilter. The warning that istiod has for every EnvoyFilter says nothing of this one, and is not repeated. */
export function checkEnvoyFilter(verdict: Verdict, { workloadSelector, configPatches = [] }: EnvoyFilterSpec): void {
  const before = verdict.judgements.length;
  checkSelector(verdict, workloadSelector, 'spec.workloadSelector', 'labels');
  if (verdict.hasErrors(before)) return;
  configPatches.forEach((patch, i) => checkPatch(verdict, patch, `spec.configPatches[${i}]`));
}
