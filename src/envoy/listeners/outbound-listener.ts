import { catchAllChain, filterChain, takesAll } from './filter-chain';
import { inspectors, socketAddress } from './listener';
import type { OutboundEntry } from './outbound-listeners';
import { message } from '../message';
import type { Listener, NetworkFilter } from '../xds/listener';

/** An outbound listener of a sidecar. Connections that no chain matches are treated like those to unknown hosts. */
export function outboundListener({ binds, bindToPort, port, chains }: OutboundEntry, catchAll: readonly NetworkFilter[]): Listener {
  const last = chains.find(takesAll);
  const others = chains.filter(chain => !takesAll(chain));
  const [address, ...more] = binds;
  return message<Listener>({
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    additionalAddresses: more.map(each => ({ address: socketAddress(each, port) })),
    bindToPort: bindToPort ? undefined : false,
    filterChains: last && others.length === 0 ? [filterChain(last)] : others.map(filterChain),
    defaultFilterChain: last ? others.length === 0 ? undefined : filterChain(last) : catchAllChain(catchAll),
    listenerFilters: inspectors(chains),
    continueOnListenerFiltersTimeout: true,
    listenerFiltersTimeout: '0s',
    trafficDirection: 'OUTBOUND',
  });
}
