/** The fields of a connection pool in Istio's API that give a cluster HTTP options. */
interface IstioPool {
  readonly tcp?: { readonly idleTimeout?: string; readonly maxConnectionDuration?: string };
  readonly http?: {
    readonly idleTimeout?: string;
    readonly maxRequestsPerConnection?: number;
    readonly maxConcurrentStreams?: number;
    readonly http2KeepAlive?: object;
    readonly useClientProtocol?: boolean;
    readonly h2UpgradePolicy?: string;
  };
}

const OF_TCP = ['idleTimeout', 'maxConnectionDuration'] as const;
const OF_HTTP = ['idleTimeout', 'maxRequestsPerConnection', 'maxConcurrentStreams', 'http2KeepAlive', 'useClientProtocol'] as const;

/** The fields of a connection pool that give a cluster HTTP options, by their places. Istio reads 0 and false as unset. */
export function httpOptionFields({ tcp = {}, http = {} }: IstioPool): string[] {
  return [
    ...OF_TCP.filter(field => tcp[field]).map(field => `tcp.${field}`),
    ...OF_HTTP.filter(field => http[field]).map(field => `http.${field}`),
    ...http.h2UpgradePolicy === 'UPGRADE' ? ['http.h2UpgradePolicy'] : [],
  ];
}

/** Whether the protocol of a port gives its clusters HTTP options. */
export function setsHttpOptions(protocol: string): boolean {
  return protocol === 'HTTP2' || protocol === 'GRPC';
}

/** Why Envoy refuses a cluster with resolution DYNAMIC_DNS, after the name of what gives it HTTP options. */
export const LOOKUP_REQUIREMENT = 'gives the cluster HTTP options, and with these Envoy requires TLS that verifies the host, '
  + 'because resolution DYNAMIC_DNS looks up the host of each request';
