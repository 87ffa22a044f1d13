import type { Tls } from './upstream-tls';
import { isWildcard } from '../../manifest/host-name';
import type { Service, ServicePort } from '../service';
import type { Cluster, DnsCacheConfig } from '../xds/cluster';

/** Protocols in which each request or connection names its host. */
const NAMING = new Set(['HTTP', 'HTTP2', 'GRPC', 'TLS']);

/** Whether Envoy looks up the hosts of a service per request. */
export function isForwardProxy({ host, resolution }: Service): boolean {
  return resolution === 'DYNAMIC_DNS' && isWildcard(host);
}

/** Whether the hosts of requests to a port are looked up: those of other protocols get no cluster. */
export function mayForward({ protocol }: Pick<ServicePort, 'protocol'>): boolean {
  return NAMING.has(protocol);
}

/** The cache of the addresses that Envoy looks up. */
export function dnsCache({ host }: Service): DnsCacheConfig {
  return { name: `${host}_dfp_dns_cache`, dnsLookupFamily: 'V4_ONLY' };
}

/** The type of a cluster that looks up names per request. Envoy requires a flag if SNI or the certificate may differ from the request. */
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
