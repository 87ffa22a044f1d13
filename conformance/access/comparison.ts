import { accessFilters, reduced } from './reduced';
import { describeDifference, differences } from '../difference';
import type { Json, ProxyConfig, TranslateCase } from '../istiod/client';
import { translatorFor } from '../translation';

/** Our inbound listeners of the sidecars of a question, and the access filters of its gateways, as they are compared. */
export function ourAccess(asked: Omit<TranslateCase, 'id'>): Map<string, Json> {
  const translator = translatorFor(asked);
  return new Map(asked.proxies.map(proxy => {
    const listeners = proxy.type === 'gateway' ? translator.translate(proxy).listeners : translator.inbound(proxy).listeners;
    return [proxy.name, compared(proxy.type, JSON.parse(JSON.stringify(listeners)))];
  }));
}

/** The differences between our answer and istiod's. */
export function accessDifferences(asked: Omit<TranslateCase, 'id'>, answers: readonly ProxyConfig[]): string[] {
  const ours = ourAccess(asked);
  return asked.proxies.flatMap(({ name, type }) => {
    const theirs = compared(type, answers.find(answer => answer.name === name)!.listeners);
    return differences(ours.get(name), theirs).map(difference => `${name}: ${describeDifference(difference)}`);
  });
}

function compared(type: 'sidecar' | 'gateway', listeners: readonly Json[]): Json {
  if (type === 'gateway') return accessFilters(listeners);
  return reduced(listeners.filter(({ trafficDirection }) => trafficDirection === 'INBOUND').map(sorted));
}

/** A listener with its chains by what they match: Envoy asks no order of them, and istiod's maps have none. */
function sorted({ filterChains = [], ...listener }: Json): Json {
  const key = ({ filterChainMatch = {} }: Json) => JSON.stringify(Object.entries(filterChainMatch).sort());
  return { ...listener, filterChains: [...filterChains].sort((a: Json, b: Json) => (key(a) < key(b) ? -1 : 1)) };
}
