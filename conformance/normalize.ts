import type { Json, ProxyConfig } from './istiod/client';

/** Fields that say nothing about where requests go or how they are treated. */
const DROPPED = new Set([
  'altStatName', 'statPrefix', // names of statistics
  'logFormat', // the text of a log line; that a log is written is what counts
  'metadata', // names of the Istio objects behind; routes are told apart by their own names
  'decorator', // names of trace spans
  'initialFetchTimeout', 'resourceApiVersion', // how xDS subscribes
  'listenerFiltersTimeout', 'continueOnListenerFiltersTimeout', 'connectionBalanceConfig', // how istiod tunes sockets, the same everywhere
  'upgradeConfigs', 'normalizePath', 'pathWithEscapedSlashesAction', 'requestIdExtension', 'maxConnectionsToAcceptPerSocketEvent', // the mesh's, on every listener
]);

/** Filters that decide about requests or connections; the others are Istio's statistics and exchange of metadata. */
const DECIDING = /^envoy\.(extensions\.)?filters\.(http\.(fault|cors|router|rbac)|network\.(http_connection_manager|tcp_proxy|rbac|sni_cluster|sni_dynamic_forward_proxy)|listener\.tls_inspector)$/;

function reduced(value: Json, field = ''): Json {
  if (field === 'transportSocketMatches') return value.map((match: Json) => match.name); // automatic mTLS: whether it is there is what counts
  if (Array.isArray(value)) return value.filter(item => !/[fF]ilters$/.test(field) || DECIDING.test(item.name)).map(item => reduced(item)); // see DECIDING
  if (typeof value !== 'object' || value === null) return value;
  const kept = (key: string) => !DROPPED.has(key) || (key === 'statPrefix' && 'match' in value); // a route's is stated, a filter's is Istio's own
  return Object.fromEntries(Object.keys(value).filter(kept).sort().map(key => [key, reduced(value[key], key)])); // sorted: istiod's maps vary
}

const byName = (a: Json, b: Json) => (a.name < b.name ? -1 : 1); // istiod sends resources in the order of its maps
const sorted = (resources: readonly Json[]) => resources.map(r => reduced(r)).sort(byName);

/** An answer as goldens keep it: without what varies or says nothing about traffic, sorted. */
export function normalize({ listeners, routes, clusters, endpoints }: ProxyConfig, inbound = false): Json {
  const outbound = listeners.filter(l => inbound || l.name !== 'virtualInbound'); // inbound: the application's own ports, kept where a case is about them
  const called = clusters.filter(c => !/^(inbound\||InboundPassthrough)/.test(c.name)); // likewise
  return { clusters: sorted(called), endpoints: reduced(endpoints), listeners: sorted(outbound), routes: sorted(routes) };
}
