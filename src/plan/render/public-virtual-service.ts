import { connectionRoutes } from './connection-routes';
import { httpRoute } from './virtual-service';
import type { VirtualServiceSpec, VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import type { Handover } from '../model/exposure';
import { segmentOf } from '../model/exposure';
import type { CompiledHost } from '../model/host-model';

/** The VirtualService of a public host, bound to its gateway. */
export function publicVirtualService(host: CompiledHost, gateway: string): VirtualServiceSpec {
  const http = publicRoutes(host);
  return { hosts: [host.host], gateways: [gateway], ...(http.length > 0 ? { http } : {}), ...connectionRoutes(host.connections) };
}

/** A delegate: a VirtualService without hosts and gateways, exported only to the namespace of the root. */
export function delegateVirtualService(host: CompiledHost, namespace: string, rootNamespace: string): VirtualServiceSpec {
  return { exportTo: [rootNamespace === namespace ? '.' : rootNamespace], http: publicRoutes(host) };
}

/** The routes of a public host in order, including delegations. */
function publicRoutes({ blocks }: CompiledHost): VirtualServiceSpecHttp[] {
  return blocks.flatMap(block => ('handover' in block ? [handoverRoute(block.handover)]
    : block.entries.map(entry => httpRoute({ entry, port: block.port, name: entry.name }, false))));
}

function handoverRoute({ name, pathPrefix, delegate }: Handover): VirtualServiceSpecHttp {
  const segment = segmentOf({ pathPrefix });
  return { name, ...(segment === '' ? {} : { match: [{ uri: { exact: segment } }, { uri: { prefix: `${segment}/` } }] }), delegate };
}
