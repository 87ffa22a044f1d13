import type { Json, ProxyConfig } from './istiod/client';

/** The fields that are removed from an answer, with the reason why they do not affect routing or treatment. */
export interface LeftOut {
  readonly fields: readonly string[];
  readonly reason: string;
}

/** Fields that are removed everywhere. */
export const LEFT_OUT: readonly LeftOut[] = [
  { fields: ['altStatName', 'statPrefix'], reason: 'names of statistics; the `statPrefix` of a route stays' },
  { fields: ['logFormat'], reason: 'the text of log lines; the log itself stays' },
  { fields: ['metadata'], reason: 'names of Istio objects; routes are identified by their own names' },
  { fields: ['decorator'], reason: 'names of trace spans' },
  { fields: ['initialFetchTimeout', 'resourceApiVersion'], reason: 'how xDS subscribes' },
  {
    fields: ['listenerFiltersTimeout', 'continueOnListenerFiltersTimeout', 'connectionBalanceConfig'],
    reason: 'socket options of istiod, the same for all listeners',
  },
  {
    fields: [
      'upgradeConfigs',
      'normalizePath',
      'pathWithEscapedSlashesAction',
      'requestIdExtension',
      'maxConnectionsToAcceptPerSocketEvent',
    ],
    reason: 'settings of the mesh, the same for all listeners',
  },
];
const DROPPED = new Set(LEFT_OUT.flatMap(({ fields }) => fields));

/** Filters that affect requests or connections. The others are Istio's statistics and metadata exchange. */
const DECIDING =
  /^envoy\.(extensions\.)?filters\.(http\.(fault|cors|router|rbac|jwt_authn|ext_authz)|network\.(http_connection_manager|tcp_proxy|rbac|sni_cluster|sni_dynamic_forward_proxy)|listener\.tls_inspector)$/;

function reduced(value: Json, field = ''): Json {
  if (field === 'dynamicMetadata') return inOneOrder(value.map((matcher: Json) => reduced(matcher))); // from a map of istiod
  if (field === 'transportSocketMatches') return value.map((match: Json) => match.name); // automatic mTLS: only its presence counts
  if (Array.isArray(value)) {
    return value.filter(
      item => !/[fF]ilters$/.test(field) || DECIDING.test(item.name),
    ).map(item => reduced(item));
  } // see DECIDING
  if (typeof value !== 'object' || value === null) return value;
  const kept = (key: string) => !DROPPED.has(key) || (key === 'statPrefix' && 'match' in value); // that of a route is configured, that of a filter is Istio's own
  return Object.fromEntries(
    Object.keys(value).filter(kept).sort().map(key => [key, reduced(value[key], key)]),
  ); // sorted, because istiod's maps vary
}

function inOneOrder(items: readonly Json[]): readonly Json[] {
  return items.map(item => [JSON.stringify(item), item] as const).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

const byName = (a: Json, b: Json) => (a.name < b.name ? -1 : 1); // istiod sends resources in the order of its maps
const sorted = (resources: readonly Json[]) => resources.map(r => reduced(r)).sort(byName);

/** An answer in the form of goldens: sorted, without fields that vary or do not affect traffic. */
export function normalize({ listeners, routes, clusters, endpoints }: ProxyConfig, inbound = false): Json {
  const outbound = listeners.filter(
    l => inbound || l.name !== 'virtualInbound',
  ); // inbound: the ports of the application, kept if a case is about them
  const called = clusters.filter(c => !/^(inbound\||InboundPassthrough)/.test(c.name)); // likewise
  return { clusters: sorted(called), endpoints: reduced(endpoints), listeners: sorted(outbound), routes: sorted(routes) };
}
