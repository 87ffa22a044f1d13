import { stableJson } from './stable-json';
import { describeTls } from './tls-words';
import type { CircuitBreakers, Cluster } from '../envoy/xds/cluster';
import type { UpstreamTransportSocket } from '../envoy/xds/transport-sockets';

/** How a cluster treats connections and requests, in words per aspect. Aspects with Envoy's default are omitted. */
export type ClusterAspect = 'limits' | 'outlier detection' | 'load balancing' | 'connections' | 'TLS' | 'endpoints' | 'other';
export type ClusterSettings = { readonly [A in ClusterAspect]?: string };

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** Fields that do not affect traffic: names, and how istiod delivers endpoints. */
const WITHOUT_MEANING = new Set(['name', 'altStatName', 'metadata', 'edsClusterConfig', 'filters', 'typedDnsResolverConfig']);

export function clusterSettings(cluster: Cluster): ClusterSettings {
  const { circuitBreakers, outlierDetection, typedExtensionProtocolOptions, connectTimeout, upstreamConnectionOptions, ...others } = cluster;
  const { transportSocket, transportSocketMatches, loadAssignment, type, clusterType, ...fields } = others;
  const { [HTTP_OPTIONS]: http, ...protocols } = typedExtensionProtocolOptions ?? {};
  const isLoadBalancing = (field: string) => field === 'lbPolicy' || /[lL]bConfig$/.test(field);
  const loadBalancing = Object.fromEntries(Object.entries(fields).filter(([field]) => isLoadBalancing(field)));
  const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !isLoadBalancing(field) && !WITHOUT_MEANING.has(field)));
  const settings: { [A in ClusterAspect]?: string } = {
    'limits': describeLimits(circuitBreakers),
    'outlier detection': describeFields(outlierDetection),
    'load balancing': describeFields(loadBalancing),
    'connections': describeFields({ connectTimeout, ...upstreamConnectionOptions, ...http, '@type': undefined }),
    'TLS': transportSocket ? describeSocket(transportSocket) : transportSocketMatches ? 'mutual TLS where the endpoint has it' : undefined,
    'endpoints': describeFields({ type, clusterType, endpoints: loadAssignment?.endpoints }),
    'other': describeFields({ ...rest, ...protocols }),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, text]) => text !== undefined));
}

/** The TLS of the connections, in words. */
function describeSocket({ typedConfig }: UpstreamTransportSocket): string | undefined {
  return 'commonTlsContext' in typedConfig ? describeTls(typedConfig) : describeFields({ ...typedConfig, '@type': undefined });
}

/** The value by which istiod sets no limit. */
const UNLIMITED = 4294967295;

/** The limits per calling proxy, in words. Undefined without limits. */
function describeLimits(circuitBreakers: CircuitBreakers | undefined): string | undefined {
  const fields = (circuitBreakers?.thresholds ?? []).flatMap(threshold => fieldsOf(threshold));
  const stated = fields.filter(([, limit]) => limit !== UNLIMITED);
  const limits = stated.map(fieldText).sort();
  return limits.length > 0 ? limits.join(', ') : undefined;
}

/** Fields in words, sorted. Undefined without fields. */
function describeFields(fields: object = {}): string | undefined {
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const stated = fieldsOf(fields).filter(([, value]) => value !== undefined && !isEmpty(value));
  return stated.length === 0 ? undefined : stated.map(fieldText).sort().join(', ');
}

function fieldsOf(message: object): readonly (readonly [string, unknown])[] {
  return Object.entries(message);
}

function fieldText([field, value]: readonly [string, unknown]): string {
  return `${field} ${typeof value === 'object' ? stableJson(value) : String(value)}`;
}
