import type { FilterChain, Listener } from './xds/listener';
import type { Matcher, OnMatch } from './xds/matcher-tree';
import { cidrOf } from '../traffic/cidr';

/** What a matcher compares of a connection. */
export interface MatchedConnection {
  readonly address: string;
  readonly port: number;
  /** The application protocols that its first bytes show. */
  readonly protocols: readonly string[];
}

/** The filter chain that a listener's matcher names for a connection; undefined if it names none. */
export function matchedChain({ filterChainMatcher, filterChains = [] }: Listener, connection: MatchedConnection): FilterChain | undefined {
  const name = filterChainMatcher && chainNameOf(filterChainMatcher, connection);
  return filterChains.find(chain => chain.name === name);
}

function chainNameOf(matcher: Matcher, connection: MatchedConnection): string | undefined {
  const found = entryFor(matcher, connection) ?? matcher.onNoMatch;
  return found?.matcher ? chainNameOf(found.matcher, connection) : found?.action?.name;
}

function entryFor({ matcherTree: { input, exactMatchMap, customMatch } }: Matcher, connection: MatchedConnection): OnMatch | undefined {
  const { address, port, protocols } = connection;
  if (input.name === 'ip') {
    return customMatch?.typedConfig.rangeMatchers?.find(({ ranges }) => (
      ranges.some(({ addressPrefix, prefixLen = 0 }) => isInRange(address, `${addressPrefix}/${prefixLen}`))))?.onMatch;
  }
  const map = exactMatchMap?.map ?? {};
  // Envoy writes the protocols in quotes.
  const values = input.name === 'port' ? [`${port}`] : protocols.map(protocol => `'${protocol}'`);
  const value = values.find(each => Object.hasOwn(map, each));
  return value === undefined ? undefined : map[value];
}

function isInRange(address: string, range: string): boolean {
  const [is, block] = [cidrOf(address), cidrOf(range)];
  return is !== undefined && block !== undefined && is.version === block.version && is.bits.startsWith(block.bits);
}
