import type { Json, ProxyConfig } from './istiod/client';

/** What is left out of an answer, and why it says nothing of where requests go or how they are treated. */
export interface LeftOut {
  readonly fields: readonly string[];
  readonly reason: string;
}

/** Fields that are dropped wherever they stand. */
export const LEFT_OUT: readonly LeftOut[] = [
  { fields: ['altStatName', 'statPrefix'], reason: 'names of statistics; a route\'s own `statPrefix` stays' },
  { fields: ['logFormat'], reason: 'the text of a log line; that a log is written stays' },
  { fields: ['metadata'], reason: 'names of the Istio objects behind; routes are told apart by their own names' },
  { fields: ['decorator'], reason: 'names of trace spans' },
  { fields: ['initialFetchTimeout', 'resourceApiVersion'], reason: 'how xDS subscribes' },
  {
    fields: ['listenerFiltersTimeout', 'continueOnListenerFiltersTimeout', 'connectionBalanceConfig'],
    reason: 'how istiod tunes sockets, the same everywhere',
  },
  {
    fields: ['upgradeConfigs', 'normalizePath', 'pathWithEscapedSlashesAction', 'requestIdExtension', 'maxConnectionsToAcceptPerSocketEvent'],
    reason: 'the mesh\'s, on every listener',
  },
];
const DROPPED = new Set(LEFT_OUT.flatMap(({ fields }) => fields));

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
