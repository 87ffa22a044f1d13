import type { Tls } from './upstream-tls';
import { isWildcard } from '../../manifest/host-name';
import type { Service, ServicePort } from '../service';
import type { Cluster, DnsCacheConfig } from '../xds/cluster';

/** Protocols in which each request, or connection, says which host it is for. */
const NAMING = new Set(['HTTP', 'HTTP2', 'GRPC', 'TLS']);

/** Whether a service stands for hosts whose names are looked up at each request. */
export function isForwardProxy({ host, resolution }: Service): boolean {
  return resolution === 'DYNAMIC_DNS' && isWildcard(host);
}

export function mayForward({ protocol }: ServicePort): boolean {
  return NAMING.has(protocol);
}

/** Where the addresses of names are kept. */
export function dnsCache({ host }: Service): DnsCacheConfig {
  return { name: `${host}_dfp_dns_cache`, dnsLookupFamily: 'V4_ONLY' };
}

/** The type of a cluster that looks names up. Envoy wants to be told where names and certificates are not those of the request. */
export function forwardProxyType(service: Service, { isInsecure }: Tls): NonNullable<Cluster['clusterType']> {
  return {
    name: 'envoy.clusters.dynamic_forward_proxy',
    typedConfig: {
      '@type': 'type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig',
      'dnsCacheConfig': dnsCache(service),
      ...(isInsecure ? { allowInsecureClusterOptions: true } : {}),
    },
  };
}
