import { accessFilters, reduced } from './reduced';
import { describeDifference, differences } from '../difference';
import type { Json, Proxy, ProxyConfig, TranslateCase } from '../istiod/client';
import { translatorFor } from '../translation';

/** Our inbound listeners and clusters of the sidecars of a question, and the access filters of its gateways, as they are compared. */
export function ourAccess(asked: Omit<TranslateCase, 'id'>): Map<string, Json> {
  const translator = translatorFor(asked);
  return new Map(asked.proxies.map(proxy => {
    const sent = proxy.type === 'gateway' ? translator.translate(proxy) : translator.inbound(proxy);
    return [proxy.name, compared(proxy.type, JSON.parse(JSON.stringify({ listeners: sent.listeners, clusters: sent.clusters })))];
  }));
}

/** The differences between our answer and istiod's. */
export function accessDifferences(asked: Omit<TranslateCase, 'id'>, answers: readonly ProxyConfig[]): string[] {
  const ours = ourAccess(asked);
  return asked.proxies.flatMap(({ name, type }) => {
    const theirs = compared(type, answers.find(answer => answer.name === name)!);
    return differences(ours.get(name), theirs).map(difference => `${name}: ${describeDifference(difference)}`);
  });
}

function compared(type: Proxy['type'], { listeners, clusters }: Pick<ProxyConfig, 'listeners' | 'clusters'>): Json {
  if (type === 'gateway') return accessFilters(listeners);
  const inbound = listeners.filter(({ trafficDirection }) => trafficDirection === 'INBOUND').map(sorted);
  return { listeners: reduced(inbound), clusters: inboundClusters(clusters, JSON.stringify(inbound)) };
}

/** The clusters of the ports of a pod to which listeners send, by name, without the names of statistics and of objects. */
function inboundClusters(clusters: readonly Json[], listeners: string): Json {
  const own = clusters.filter(({ name }) => /^(?:inbound\||InboundPassthrough)/.test(name) && listeners.includes(JSON.stringify(name)));
  return Object.fromEntries(own.map(({ altStatName: _stat, metadata: _metadata, ...cluster }) => [cluster.name, cluster]).sort());
}

/** A listener with its chains by what they match: Envoy asks no order of them, and istiod's maps have none. */
function sorted({ filterChains = [], ...listener }: Json): Json {
  const key = ({ filterChainMatch = {} }: Json) => JSON.stringify(Object.entries(filterChainMatch).sort());
  return { ...listener, filterChains: [...filterChains].sort((a: Json, b: Json) => (key(a) < key(b) ? -1 : 1)) };
}
