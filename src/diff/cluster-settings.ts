import { describeConnections } from './connection-words';
import { describeEndpoints } from './endpoint-words';
import { fieldWords } from './field-words';
import { describeBalancing } from './load-balancing-words';
import { describeOutliers } from './outlier-words';
import { describeTls } from './tls-words';
import type { LocalityPreference } from '../envoy/clusters/locality-load-balancer';
import type { CircuitBreakers, Cluster } from '../envoy/xds/cluster';
import type { UpstreamTransportSocket } from '../envoy/xds/transport-sockets';

/** How a cluster treats connections and requests, in words per aspect. Aspects with Envoy's default are omitted. */
export type ClusterAspect = 'limits' | 'outlier detection' | 'load balancing' | 'connections' | 'TLS' | 'endpoints' | 'other';
export type ClusterSettings = { readonly [A in ClusterAspect]?: string };

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** Fields that do not affect traffic: names, and how istiod delivers endpoints. */
const WITHOUT_MEANING = new Set(['name', 'altStatName', 'metadata', 'edsClusterConfig', 'filters', 'typedDnsResolverConfig']);

/** `preference`: what decides among the localities of the endpoints, which EDS delivers. */
export function clusterSettings(cluster: Cluster, preference?: LocalityPreference): ClusterSettings {
  const { circuitBreakers, outlierDetection, typedExtensionProtocolOptions, connectTimeout, upstreamConnectionOptions, ...others } =
    cluster;
  const { transportSocket, transportSocketMatches, loadAssignment, type, clusterType, ...fields } = others;
  const { [HTTP_OPTIONS]: http, ...protocols } = typedExtensionProtocolOptions ?? {};
  const isLoadBalancing = (field: string) => field === 'lbPolicy' || /[lL]bConfig$/.test(field);
  const loadBalancing = Object.fromEntries(Object.entries(fields).filter(([field]) => isLoadBalancing(field)));
  const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !isLoadBalancing(field) && !WITHOUT_MEANING.has(field)));
  const settings: { readonly [A in ClusterAspect]: string } = {
    'limits': describeLimits(circuitBreakers),
    'outlier detection': describeOutliers(outlierDetection),
    'load balancing': describeBalancing(loadBalancing, preference),
    'connections': describeConnections(connectTimeout, upstreamConnectionOptions, http),
    'TLS': transportSocket ? describeSocket(transportSocket) : transportSocketMatches ? AUTOMATIC_TLS : '',
    'endpoints': describeEndpoints({ type, clusterType, loadAssignment }),
    'other': fieldWords({ ...rest, ...protocols }),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, text]) => text !== ''));
}

/** Automatic mutual TLS in words. */
export const AUTOMATIC_TLS = 'mutual where the endpoint has it';

/** What a proxy wraps its connections in, in words; empty for plaintext. */
function describeSocket({ typedConfig }: UpstreamTransportSocket): string {
  if ('commonTlsContext' in typedConfig) return describeTls(typedConfig);
  if (!('transportSocket' in typedConfig)) return fieldWords({ ...typedConfig, '@type': undefined });
  if (!('config' in typedConfig)) {
    const within = describeSocket(typedConfig.transportSocket);
    // Without metadata of an endpoint, it leads to the next listener of the proxy.
    if (typedConfig.passthroughMetadata === undefined) return within;
    return within === '' ? 'mutual, by the tunnel' : `mutual, by the tunnel; within it ${within}`;
  }
  const { '@type': _, config: { version = 'V1', ...config }, transportSocket, ...others } = typedConfig;
  const rest = fieldWords({ ...config, ...others });
  const inner = describeSocket(transportSocket) || 'plaintext';
  return `PROXY protocol ${version.replace('V', 'version ')}${rest === '' ? '' : ` (${rest})`}, then ${inner}`;
}

/** The value by which istiod sets no limit. */
const UNLIMITED = 4294967295;

/** The limits of one calling proxy, in words; empty where there is none. */
function describeLimits(circuitBreakers: CircuitBreakers | undefined): string {
  return (circuitBreakers?.thresholds ?? [])
    .map(threshold => fieldWords(Object.fromEntries(Object.entries(threshold).filter(([, limit]) => limit !== UNLIMITED))))
    .filter(text => text !== '').join(', ');
}
