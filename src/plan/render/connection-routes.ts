import { destinations } from './destinations';
import type { VirtualServiceSpec, VirtualServiceSpecTcp, VirtualServiceSpecTls } from '../../../imports/networking.istio.io';
import type { ConnectionEntry } from '../model/compiled-service';

/** The `tcp` and `tls` routes of a VirtualService; each field only if it has routes. */
export function connectionRoutes(entries: readonly ConnectionEntry[]): Pick<VirtualServiceSpec, 'tcp' | 'tls'> {
  const of = (protocol: ConnectionEntry['protocol']) => entries.filter(entry => entry.protocol === protocol)
    .map(({ at, port, terms, shares }) => ({
      match: terms.map(term => ({ port: at, ...term })),
      route: destinations(shares, port),
    }));
  const [tcp, tls] = [of('tcp') as VirtualServiceSpecTcp[], of('tls') as VirtualServiceSpecTls[]];
  return { ...(tcp.length > 0 ? { tcp } : {}), ...(tls.length > 0 ? { tls } : {}) };
}
