import type {
  CustomTag, HTTPRetry, LocalityLoadBalancerSetting, TrafficPolicy, ZoneAwareLoadBalancerSetting,
} from '../manifest/istio-specs.generated';
import { shapeOfMessage, written } from '../manifest/manifest';
import { withNumbers } from '../manifest/quoted-numbers';
import type { FreeField, ValueOf } from '../manifest/shape';
import { freeFields, readValue } from '../manifest/shape';

const EXPORT_TO = ['string'] as const;
const BALANCER = ['trafficPolicy', 'loadBalancer'] as const;
const SERVICE = { service: 'string', port: 'integer' } as const;
const LOG_SERVICE = {
  ...SERVICE,
  logName: 'string',
  filterStateObjectsToLog: ['string'],
  additionalRequestHeadersToLog: ['string'],
  additionalResponseHeadersToLog: ['string'],
  additionalResponseTrailersToLog: ['string'],
} as const;

const AUTHORIZER = {
  ...SERVICE,
  timeout: 'string',
  failOpen: 'boolean',
  statusOnError: 'string',
  includeRequestBodyInCheck: { maxRequestBytes: 'integer', allowPartialMessage: 'boolean', packAsBytes: 'boolean' },
} as const;

/** Istio's `MeshConfig.ExtensionProvider`, as far as it is read here. */
const EXTENSION_PROVIDER = {
  name: 'string',
  envoyExtAuthzHttp: {
    ...AUTHORIZER,
    pathPrefix: 'string',
    includeRequestHeadersInCheck: ['string'],
    includeHeadersInCheck: ['string'],
    includeAdditionalHeadersInCheck: { '*': 'string' },
    headersToUpstreamOnAllow: ['string'],
    headersToDownstreamOnDeny: ['string'],
    headersToDownstreamOnAllow: ['string'],
  },
  envoyExtAuthzGrpc: AUTHORIZER,
  envoyFileAccessLog: { path: 'string' },
  envoyHttpAls: LOG_SERVICE,
  envoyTcpAls: LOG_SERVICE,
  envoyOtelAls: SERVICE,
  zipkin: {
    ...SERVICE,
    maxTagLength: 'integer',
    path: 'string',
    timeout: 'string',
    enable64bitTraceId: 'boolean',
    traceContextOption: 'string',
    headers: [{ name: 'string', value: 'string' }],
  },
  datadog: { ...SERVICE, maxTagLength: 'integer' },
  skywalking: SERVICE,
  opentelemetry: { ...SERVICE, maxTagLength: 'integer' },
  lightstep: SERVICE,
  prometheus: {},
  stackdriver: {},
} as const;

/** Istio's `ProxyConfig`, as far as it is read here. */
export const PROXY_CONFIG = {
  proxyHeaders: { preserveHttp1HeaderCase: 'boolean' },
  gatewayTopology: {
    numTrustedProxies: 'integer',
    forwardClientCertDetails: 'one of UNDEFINED|SANITIZE|FORWARD_ONLY|APPEND_FORWARD|SANITIZE_SET|ALWAYS_FORWARD_ONLY',
    proxyProtocol: {},
  },
  tracing: {
    sampling: 'number',
    maxPathTagLength: 'integer',
    enableIstioTags: 'boolean',
    customTags: shapeOfMessage<{ readonly [name: string]: CustomTag }>('Telemetry', 'tracing', '[]', 'customTags'),
  },
  proxyMetadata: { '*': 'string' },
  connectionSettings: {
    profile: 'one of SIDECAR|EDGE',
    listenerPerConnectionBufferLimitBytes: 'integer',
    httpIdleTimeout: 'string',
    httpMaxConnectionDuration: 'string',
    httpDrainTimeout: 'string',
    httpRequestTimeout: 'string',
    httpRequestHeadersTimeout: 'string',
    httpStreamIdleTimeout: 'string',
    httpMaxStreamDuration: 'string',
    httpMaxConcurrentStreams: 'integer',
    http2InitialStreamWindowSize: 'integer',
    http2InitialConnectionWindowSize: 'integer',
    httpHeadersWithUnderscoresAction:
      'one of HEADERS_WITH_UNDERSCORES_UNSPECIFIED|HEADERS_WITH_UNDERSCORES_ALLOW|HEADERS_WITH_UNDERSCORES_REJECT_REQUEST|HEADERS_WITH_UNDERSCORES_DROP_HEADER',
    httpMergeSlashes: 'boolean',
    httpPathWithEscapedSlashesAction:
      'one of PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED|KEEP_UNCHANGED|REJECT_REQUEST|UNESCAPE_AND_REDIRECT|UNESCAPE_AND_FORWARD',
  },
} as const;

/** The settings of connections without those that end long requests, which no decision takes into account. */
const { httpRequestTimeout: _request, httpStreamIdleTimeout: _idle, httpMaxStreamDuration: _stream, ...DECIDED } =
  PROXY_CONFIG.connectionSettings;
export const DECIDED_CONNECTION_SETTINGS = DECIDED;

/** Istio's `MeshConfig`, as far as it is read here. */
const MESH_CONFIG = {
  rootNamespace: 'string',
  outboundTrafficPolicy: { mode: 'one of REGISTRY_ONLY|ALLOW_ANY|ALLOW_ANY_DYNAMIC_DNS' },
  inboundTrafficPolicy: { mode: 'one of PASSTHROUGH|LOCALHOST' },
  defaultServiceExportTo: EXPORT_TO,
  defaultVirtualServiceExportTo: EXPORT_TO,
  defaultDestinationRuleExportTo: EXPORT_TO,
  defaultHttpRetryPolicy: shapeOfMessage<HTTPRetry>('VirtualService', 'http', '[]', 'retries'),
  accessLogFile: 'string',
  enableTracing: 'boolean',
  enableAutoMtls: 'boolean',
  extensionProviders: [EXTENSION_PROVIDER],
  defaultProviders: { tracing: ['string'], accessLogging: ['string'] },
  defaultConfig: PROXY_CONFIG,
  connectTimeout: 'string',
  hboneIdleTimeout: 'string',
  dnsRefreshRate: 'string',
  tcpKeepalive: { probes: 'integer', time: 'string', interval: 'string' },
  localityLbSetting: shapeOfMessage<LocalityLoadBalancerSetting>('DestinationRule', ...BALANCER, 'localityLbSetting'),
  zoneAwareLbSetting: shapeOfMessage<ZoneAwareLoadBalancerSetting>('DestinationRule', ...BALANCER, 'zoneAwareLbSetting'),
  defaultTrafficPolicy: shapeOfMessage<TrafficPolicy>('DestinationRule', 'trafficPolicy'),
  h2UpgradePolicy: 'one of DO_NOT_UPGRADE|UPGRADE',
  trustDomain: 'string',
  trustDomainAliases: ['string'],
  caCertificates: [{ trustDomains: ['string'] }],
  meshMTLS: { minProtocolVersion: 'one of TLS_AUTO|TLSV1_2|TLSV1_3', cipherSuites: ['string'] },
  pathNormalization: { normalization: 'one of DEFAULT|NONE|BASE|MERGE_SLASHES|DECODE_AND_MERGE_SLASHES' },
  tlsDefaults: { ecdhCurves: ['string'], cipherSuites: ['string'] },
} as const;

/** MeshConfig as parsed from YAML. Every field is optional. */
export type MeshConfigFields = { readonly [field: string]: unknown };

type StatedMeshConfig = ValueOf<typeof MESH_CONFIG>;

/** A provider of access logs, of traces or of external authorization. */
export type ExtensionProvider = ValueOf<typeof EXTENSION_PROVIDER>;

/** The settings of all proxies: MeshConfig's `defaultConfig`. */
export type MeshProxyConfig = ValueOf<typeof PROXY_CONFIG>;

/** How paths are normalized: MeshConfig's `pathNormalization.normalization`. */
export type PathNormalization = NonNullable<NonNullable<StatedMeshConfig['pathNormalization']>['normalization']>;

/** The fields of Istio's MeshConfig that affect traffic, with the defaults of an installation. */
export interface MeshConfig extends StatedMeshConfig {
  readonly rootNamespace: string;
  readonly outboundTrafficPolicy: { readonly mode: 'REGISTRY_ONLY' | 'ALLOW_ANY' | 'ALLOW_ANY_DYNAMIC_DNS' };
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly accessLogFile: string;
  readonly enableTracing: boolean;
  readonly enableAutoMtls: boolean;
  readonly extensionProviders: readonly ExtensionProvider[];
  readonly defaultProviders: NonNullable<StatedMeshConfig['defaultProviders']>;
  readonly defaultConfig: MeshProxyConfig;
  readonly connectTimeout: string;
  readonly dnsRefreshRate: string;
  readonly localityLbSetting: LocalityLoadBalancerSetting;
  readonly trustDomain: string;
}

const DEFAULT_PROVIDERS: readonly ExtensionProvider[] = [
  { name: 'prometheus', prometheus: {} },
  { name: 'stackdriver', stackdriver: {} },
  { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
];

/** The first field of MeshConfig that istiod would reject, because its type is wrong. */
export function meshConfigProblem(fields: MeshConfigFields): string | undefined {
  let problem: string | undefined;
  const read = withNumbers(MESH_CONFIG, fields);
  readValue(MESH_CONFIG, read, (place, must, value) => problem ??= `${place} is ${written(value)}, but must be ${must}`);
  return problem;
}

/**
 * ProxyConfig with the fields that a pod states over it; a string if istiod would reject one. Each field replaces the one below it as a
 * whole.
 */
export function proxyConfigOver(below: MeshProxyConfig, stated: unknown): MeshProxyConfig | string {
  let problem: string | undefined;
  const read = withNumbers(PROXY_CONFIG, stated);
  const fields = readValue(PROXY_CONFIG, read, (place, must, value) => problem ??= `${place} is ${written(value)}, but must be ${must}`);
  if (problem !== undefined) return problem;
  return { ...below, ...fields, proxyMetadata: { ...below.proxyMetadata, ...fields?.proxyMetadata } };
}

/** The fields of MeshConfig that are set, and that no decision takes into account. */
export function unreadMeshConfig(fields: MeshConfigFields): readonly FreeField[] {
  return freeFields({ ...MESH_CONFIG, defaultConfig: { ...PROXY_CONFIG, connectionSettings: DECIDED_CONNECTION_SETTINGS } }, fields);
}

/**
 * MeshConfig with the defaults of an installation. Providers are added to Istio's own; a provider of the same name replaces one. Throws if
 * istiod would reject a field.
 */
export function meshConfigOf(fields: MeshConfigFields = {}): MeshConfig {
  const problem = meshConfigProblem(fields);
  if (problem !== undefined) throw new Error(`meshConfig: ${problem}`);
  const stated: StatedMeshConfig = readValue(MESH_CONFIG, withNumbers(MESH_CONFIG, fields)) ?? {};
  const { extensionProviders = [] } = stated;
  const names = new Set(extensionProviders.map(provider => provider.name));
  return {
    rootNamespace: 'istio-system',
    accessLogFile: '',
    enableTracing: true,
    enableAutoMtls: true,
    connectTimeout: '10s',
    dnsRefreshRate: '60s',
    trustDomain: 'cluster.local',
    defaultProviders: {},
    defaultConfig: {},
    ...stated,
    outboundTrafficPolicy: { mode: 'ALLOW_ANY', ...stated.outboundTrafficPolicy },
    defaultServiceExportTo: orAll(stated.defaultServiceExportTo),
    defaultVirtualServiceExportTo: orAll(stated.defaultVirtualServiceExportTo),
    defaultDestinationRuleExportTo: orAll(stated.defaultDestinationRuleExportTo),
    extensionProviders: [...DEFAULT_PROVIDERS.filter(provider => !names.has(provider.name)), ...extensionProviders],
    localityLbSetting: { enabled: true, ...stated.localityLbSetting },
  };
}

function orAll(scopes: readonly string[] | undefined): readonly string[] {
  return scopes === undefined || scopes.length === 0 ? ['*'] : scopes;
}
