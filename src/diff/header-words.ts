import type { HeaderMutations } from '../envoy/xds/core';

/** The header changes of requests and responses, in words. Empty without changes. Envoy sends the names in lower case. */
export function describeHeaders(mutations: HeaderMutations): string {
  const sides = ['request', 'response'] as const;
  return sides.flatMap(side => [addedText(side, mutations[`${side}HeadersToAdd`]), removedText(side, mutations[`${side}HeadersToRemove`])])
    .filter(text => text !== '').join(', ');
}

function addedText(side: string, added: HeaderMutations['requestHeadersToAdd'] = []): string {
  return added.map(({ appendAction, header: { key, value = '' } }) => (
    `${side} ${appendAction === 'OVERWRITE_IF_EXISTS_OR_ADD' ? 'with' : 'also with'} ${key.toLowerCase()}: ${value}`)).sort().join(', ');
}

function removedText(side: string, removed: readonly string[] = []): string {
  return removed.length === 0 ? '' : `${side} without ${removed.map(name => name.toLowerCase()).sort().join(', ')}`;
}
