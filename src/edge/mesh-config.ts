import type { Known } from './known';
import { EVERYTHING } from './reach';
import type { UnreadItem } from './unread-item';
import { isChecked, KNOWN_VERSIONS } from '../envoy/istio-versions';
import type { MeshConfigFields } from '../envoy/mesh-config';
import { unreadMeshConfig } from '../envoy/mesh-config';

/** Fields, by the start of their place, that change what is reported, how certificates are issued, or how proxies start and stop. */
const REPORTING = [
  'accessLogFormat', 'accessLogEncoding', 'enableEnvoyAccessLogService', 'disableEnvoyListenerLog', 'inboundClusterStatName',
  'outboundClusterStatName', 'enablePrometheusMerge', 'certificates', 'ca', 'disableMxALPN', 'defaultProviders.metrics',
  'defaultConfig.tracing', 'defaultConfig.discoveryAddress', 'defaultConfig.controlPlaneAuthPolicy', 'defaultConfig.configPath',
  'defaultConfig.binaryPath', 'defaultConfig.serviceCluster', 'defaultConfig.tracingServiceName', 'defaultConfig.drainDuration',
  'defaultConfig.terminationDrainDuration', 'defaultConfig.parentShutdownDuration', 'defaultConfig.discoveryRefreshDelay',
  'defaultConfig.statsdUdpAddress', 'defaultConfig.statusPort', 'defaultConfig.statNameLength', 'defaultConfig.envoyAccessLogService',
  'defaultConfig.envoyMetricsService', 'defaultConfig.extraStatTags', 'defaultConfig.proxyStatsMatcher', 'defaultConfig.meshId',
  'defaultConfig.holdApplicationUntilProxyStarts', 'defaultConfig.concurrency', 'defaultConfig.image', 'defaultConfig.readinessProbe',
  'defaultConfig.proxyAdminPort', 'defaultConfig.privateKeyProvider', 'defaultConfig.fileFlushInterval',
  'defaultConfig.fileFlushMinSizeKb', 'defaultConfig.statsCompression', 'defaultConfig.zipkinAddress',
];

/** Fields that count only with objects that refer to them. */
const REFERRED = ['extensionProviders', 'trustDomainAliases'];

/** The providers of MeshConfig that decide about requests. */
const AUTHORIZERS = ['envoyExtAuthzHttp', 'envoyExtAuthzGrpc'] as const;

const OF_INGRESS = ['ingressClass', 'ingressService', 'ingressControllerMode', 'ingressSelector'];

function isBelow(place: string, starts: readonly string[]): boolean {
  return starts.some(start => place.startsWith(start) && /^([.[]|$)/.test(place.slice(start.length)));
}

/** Fields that are read, but whose changes the comparisons of routes, clusters and calls do not tell. */
function notCompared(
  { pathNormalization, trustDomain, tlsDefaults, defaultConfig }: MeshConfigFields,
): readonly Pick<UnreadItem, 'name' | 'changes' | 'part'>[] {
  const { gatewayTopology, connectionSettings } = (defaultConfig ?? {}) as { readonly [field: string]: unknown };
  const accepted = 'which requests and forwarding headers proxies accept';
  return [
    { name: 'pathNormalization', part: pathNormalization, changes: accepted },
    { name: 'defaultConfig.gatewayTopology', part: gatewayTopology, changes: accepted },
    { name: 'defaultConfig.connectionSettings', part: connectionSettings, changes: accepted },
    { name: 'trustDomain', part: trustDomain, changes: 'the identities of all callers, and so which calls policies allow' },
    { name: 'tlsDefaults', part: tlsDefaults, changes: 'which curves and ciphers the servers of gateways accept' },
  ].filter(({ part }) => part !== undefined);
}

/** Fields that the inbound side of proxies reads, and comparisons do not. */
function ofInboundSides(
  { trustDomainAliases, caCertificates, meshMTLS, inboundTrafficPolicy, extensionProviders }: MeshConfigFields,
): readonly (readonly [string, unknown])[] {
  const providers: readonly unknown[] = Array.isArray(extensionProviders) ? extensionProviders : [];
  const authorizers = providers.flatMap((provider, place) => AUTHORIZERS.map(field => [
    `extensionProviders[${place}].${field}`, (provider as { readonly [field: string]: unknown } | null)?.[field],
  ] as const));
  const fields = Object.entries({ trustDomainAliases, caCertificates, meshMTLS, inboundTrafficPolicy });
  return [...fields, ...authorizers].filter(([, part]) => part !== undefined);
}

/** What of MeshConfig and of the options is not read. */
export function unreadSettings({ options, meshConfig: { outboundTrafficPolicy: { mode } } }: Known): readonly UnreadItem[] {
  const { meshConfig = {}, istioVersion } = options;
  const settings: UnreadItem[] = unreadMeshConfig(meshConfig).filter(({ place }) => !isBelow(place, REPORTING)).map(({ place, value }) => ({
    name: `MeshConfig ${place}`,
    what: 'MeshConfig',
    changes: 'settings of the mesh that are not translated',
    part: value,
    reaches: isBelow(place, REFERRED) ? [] : isBelow(place, OF_INGRESS) ? [{ side: 'sending', proxies: 'gateway' }] : EVERYTHING,
  }));
  for (const { name, ...stated } of notCompared(meshConfig)) {
    settings.push({ name: `MeshConfig ${name}`, what: 'MeshConfig', ...stated, reaches: [] });
  }
  for (const [name, part] of ofInboundSides(meshConfig)) {
    const reaches = isBelow(name, REFERRED) ? [] : EVERYTHING;
    settings.push({
      name: `MeshConfig ${name}`,
      what: 'MeshConfig',
      changes: 'settings of the mesh that are not translated',
      part,
      reaches,
    });
  }
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    const changes = 'where requests to unknown hosts go, which appear blocked';
    const name = `MeshConfig outboundTrafficPolicy ${mode}`;
    settings.push({ name, what: 'MeshConfig', changes, part: mode, reaches: [{ side: 'sending' }] });
  }
  if (istioVersion !== undefined && !isChecked(istioVersion)) {
    const changes = `what it does otherwise than its release notes say; only ${KNOWN_VERSIONS.replace(' to ', ' and ')} are checked`;
    settings.push({ name: `Istio ${istioVersion}`, what: 'Istio', changes, reaches: EVERYTHING });
  }
  return settings;
}
