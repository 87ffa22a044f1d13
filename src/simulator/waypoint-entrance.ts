import { Refusal } from './refusal';
import { matchedChain } from '../envoy/matched-chain';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { FilterChain, Listener } from '../envoy/xds/listener';

/** A connection that a ztunnel hands to a waypoint. */
export interface TunneledConnection {
  /** Undefined for a host whose address the input does not tell. */
  readonly address: string | undefined;
  readonly port: number;
  readonly protocols: readonly string[];
}

/** The listener and the filter chain of a connection at a waypoint. Throws for a connection that no ztunnel hands to it. */
export function waypointEntrance({ listeners }: ProxyConfig, connection: TunneledConnection): { listener: Listener; chain: FilterChain } {
  const { address, port } = connection;
  if (address === undefined) {
    throw new Refusal('the host has no address in the input, and a waypoint chooses the service by its address; state clusterIP or addresses');
  }
  const listener = listeners.find(({ filterChainMatcher }) => filterChainMatcher !== undefined);
  const chain = listener && matchedChain(listener, { ...connection, address });
  if (!chain) {
    throw new Refusal(`the waypoint serves nothing at ${address}:${port}; \`explain --waypoint\` lists what it serves`);
  }
  return { listener, chain };
}
