import type { Json, ProxyConfig } from './istiod/client';

/** Fields that say nothing about where requests go or how they are treated. */
const DROPPED = new Set([
  'altStatName', // the name of statistics, the cluster's own with other punctuation
  'logFormat', // the text of a log line; that a log is written is what counts
  'filters', // on clusters: Istio's exchange of workload metadata, the same on every cluster
  'initialFetchTimeout', 'resourceApiVersion', // how xDS subscribes
  'metadata', // names of the Istio objects behind; routes are told apart by their names
  'decorator', // the name of trace spans
  'listenerFiltersTimeout', 'continueOnListenerFiltersTimeout', 'trafficDirection', // how Istio sniffs protocols, the same everywhere
  'statPrefix', 'connectionBalanceConfig', 'bindToPort', // names of statistics and sockets
]);

/** Filters that decide about requests or connections; the rest are Istio's statistics and metadata. */
const DECIDING = /^envoy\.filters\.(http\.(fault|cors|router|rbac|jwt_authn)|network\.(http_connection_manager|tcp_proxy|rbac|sni_cluster)|listener\.tls_inspector)$/;

function reduced(value: Json, field = ''): Json {
  if (Array.isArray(value)) {
    const kept = /[fF]ilters$/.test(field) ? value.filter(f => DECIDING.test(f.name)) : value; // see DECIDING
    return kept.map(item => reduced(item));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (field === 'transportSocketMatches') return value.map((match: Json) => match.name); // automatic mTLS: only whether it is there
  return Object.fromEntries(Object.keys(value).filter(key => !DROPPED.has(key)).sort().map(key => [key, reduced(value[key], key)])); // sorted: istiod's maps vary
}

const byName = (a: Json, b: Json) => (a.name < b.name ? -1 : 1); // istiod sends resources in the order of its maps

/** An answer as goldens keep it: without what varies or says nothing about traffic, sorted. */
export function normalize({ listeners, routes, clusters, endpoints }: ProxyConfig): Json {
  const outbound = listeners.filter(l => l.name !== 'virtualInbound'); // inbound: the application's own ports, which no construct sets
  const called = clusters.filter(c => !/^(inbound\||InboundPassthrough)/.test(c.name)); // likewise
  const sorted = (resources: readonly Json[]) => resources.map(r => reduced(r)).sort(byName);
  return { clusters: sorted(called), endpoints: reduced(endpoints), listeners: sorted(outbound), routes: sorted(routes) };
}
