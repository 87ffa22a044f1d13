import type { Json } from './proxy-config';

/** The parts of Istio's MeshConfig that decide about traffic, with the defaults of an installation. */
export interface MeshConfig {
  readonly rootNamespace: string;
  readonly outboundTrafficPolicy: { readonly mode: 'ALLOW_ANY' | 'REGISTRY_ONLY' };
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** Unset: Istio's own default retry. */
  readonly defaultHttpRetryPolicy?: Json;
  readonly accessLogFile: string;
  readonly accessLogFormat: string;
  readonly accessLogEncoding: 'TEXT' | 'JSON';
  readonly enableTracing: boolean;
  readonly enableAutoMtls: boolean;
  readonly extensionProviders: readonly Json[];
  readonly defaultProviders: { readonly tracing?: readonly string[]; readonly accessLogging?: readonly string[] };
  readonly defaultConfig: Json;
  readonly connectTimeout: string;
  readonly dnsRefreshRate: string;
  readonly tcpKeepalive?: Json;
  readonly localityLbSetting: Json;
  readonly zoneAwareLbSetting?: Json;
  readonly defaultTrafficPolicy?: Json;
  readonly h2UpgradePolicy?: 'DO_NOT_UPGRADE' | 'UPGRADE';
  readonly trustDomain: string;
  readonly trustDomainAliases?: readonly string[];
  readonly pathNormalization?: Json;
  readonly meshMTLS?: Json;
  readonly tlsDefaults?: Json;
}

/** MeshConfig as it is written, every field optional. */
export type MeshConfigFields = { readonly [field: string]: Json };

const DEFAULT_PROVIDERS: readonly Json[] = [
  { name: 'prometheus', prometheus: {} },
  { name: 'stackdriver', stackdriver: {} },
  { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
];

/** Fills in what an installation without settings has. Providers are added to Istio's own; one of the same name replaces it. */
export function meshConfigOf(fields: MeshConfigFields = {}): MeshConfig {
  const stated: readonly Json[] = fields.extensionProviders ?? [];
  const names = new Set(stated.map(provider => provider.name));
  return {
    rootNamespace: 'istio-system',
    accessLogFile: '',
    accessLogFormat: '',
    accessLogEncoding: 'TEXT',
    enableTracing: true,
    enableAutoMtls: true,
    connectTimeout: '10s',
    dnsRefreshRate: '60s',
    trustDomain: 'cluster.local',
    ...fields,
    outboundTrafficPolicy: { mode: 'ALLOW_ANY', ...fields.outboundTrafficPolicy },
    defaultServiceExportTo: orAll(fields.defaultServiceExportTo),
    defaultVirtualServiceExportTo: orAll(fields.defaultVirtualServiceExportTo),
    defaultDestinationRuleExportTo: orAll(fields.defaultDestinationRuleExportTo),
    extensionProviders: [...DEFAULT_PROVIDERS.filter(provider => !names.has(provider.name)), ...stated],
    defaultProviders: fields.defaultProviders ?? {},
    defaultConfig: fields.defaultConfig ?? {},
    localityLbSetting: { enabled: true, ...fields.localityLbSetting },
  };
}

function orAll(scopes: readonly string[] | undefined): readonly string[] {
  return scopes === undefined || scopes.length === 0 ? ['*'] : scopes;
}
