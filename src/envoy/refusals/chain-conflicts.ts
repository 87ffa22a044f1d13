import type { Breach } from './breach';
import { cidrOf } from '../../traffic/cidr';
import type { CidrRange } from '../xds/core';
import type { FilterChainMatch, Listener } from '../xds/listener';

/** Connections for which Envoy takes one filter chain alone. */
interface Place {
  /** Equal for the same connections. */
  readonly key: string;
  /** Their addresses and server name. */
  readonly words: string;
}

/** Each combination of the values of a match. */
function placesOf({ destinationPort, prefixRanges, serverNames, transportProtocol, applicationProtocols }: FilterChainMatch): Place[] {
  const ranges = orAny(prefixRanges?.map(rangeText));
  return ranges.flatMap(range => orAny(serverNames).flatMap(name => orAny(applicationProtocols).map((protocol): Place => ({
    key: JSON.stringify([destinationPort, blockOf(range), name, transportProtocol, protocol]),
    words: [range, name].filter(text => text !== '').join(' with '),
  }))));
}

function orAny(values: readonly string[] = []): readonly string[] {
  return values.length === 0 ? [''] : values;
}

function rangeText({ addressPrefix, prefixLen = 0 }: CidrRange): string {
  return `${addressPrefix}/${prefixLen}`;
}

/** The block of a range, without the bits outside of its mask. */
function blockOf(range: string): string {
  const block = cidrOf(range);
  return block ? `${block.version} ${block.bits}` : range;
}

/**
 * The first two filter chains of a listener that match the same connections, for which Envoy refuses the listener. A matcher of the whole
 * listener chooses chains by their names.
 */
export function chainConflicts({ filterChains = [], filterChainMatcher }: Listener): Breach[] {
  if (filterChainMatcher) return [];
  const taken = new Map<string, number>();
  for (const [place, { filterChainMatch = {} }] of filterChains.entries()) {
    for (const { key, words } of placesOf(filterChainMatch)) {
      const other = taken.get(key);
      if (other !== undefined) return [conflict(words || 'all connections', other, place)];
      taken.set(key, place);
    }
  }
  return [];
}

function conflict(words: string, first: number, second: number): Breach {
  return {
    path: ['filterChains', second, 'filterChainMatch'],
    value: undefined,
    limit: first === second ? `matches ${words} twice` : `matches ${words}, as filterChains[${first}] does`,
    repair: 'name each server name and each range of addresses once',
  };
}
