import { httpRoute, meshEntries } from './virtual-service';
import type { VirtualServiceSpec, VirtualServiceSpecHttp, VirtualServiceSpecTls } from '../../../imports/networking.istio.io';
import type { CompiledService } from '../model/compiled-service';
import type { EgressHop } from '../model/egress-hop';

/**
 * The VirtualService of a dependency behind an egress gateway: from callers to the gateway, and from the gateway to the host. Statements
 * about requests apply once, at the gateway. On the way to the gateway, a request is retried only if the gateway has not received it.
 */
export function egressVirtualService(service: CompiledService, hop: EgressHop): VirtualServiceSpec {
  const { host, ports, httpPorts, exportTo } = service;
  const here = { gateways: [hop.gateway] };
  const http = httpPorts.flatMap((port): VirtualServiceSpecHttp[] => [
    {
      name: hop.name,
      match: [{ gateways: ['mesh'], port }],
      retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' },
      route: [{ destination: { host: hop.host, subset: hop.subset, port: { number: hop.httpPort } } }],
    },
    ...meshEntries(service).map(({ entry, name }) => {
      const route = httpRoute({ entry, port, name }, false);
      return { ...route, match: (route.match ?? [{}]).map(term => ({ ...term, ...here, port: hop.httpPort })) };
    }),
  ]);
  const tls = ports.filter(port => port.protocol === 'TLS' || port.protocol === 'HTTPS').flatMap(({ number }): VirtualServiceSpecTls[] => [
    {
      match: [{ gateways: ['mesh'], port: number, sniHosts: [host] }],
      route: [{ destination: { host: hop.host, port: { number: hop.tlsPort } } }],
    },
    { match: [{ ...here, port: hop.tlsPort, sniHosts: [host] }], route: [{ destination: { host, port: { number } } }] },
  ]);
  return {
    hosts: [host],
    exportTo: exportTo && [...exportTo],
    gateways: [hop.gateway, 'mesh'],
    ...(http.length > 0 ? { http } : {}),
    ...(tls.length > 0 ? { tls } : {}),
  };
}
