import type { Dice } from './dice';
import { duration, NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** PeerAuthentications. */
export function peerAuthentications(dice: Dice): KubernetesObject[] {
  return dice.some(NAMESPACES, 0.15).map((namespace, place) => {
    const selector = dice.maybe(0.2, () => ({ matchLabels: { app: 'catalog' } }));
    const mtls = dice.maybe(0.9, () => ({ mode: dice.pick(['DISABLE', 'PERMISSIVE', 'STRICT', 'UNSET']) }));
    return object(dice, 'security.istio.io/v1', 'PeerAuthentication', `peers-${place}`, namespace, {
      ...(selector ? { selector } : {}),
      ...(mtls ? { mtls } : {}),
    });
  });
}

const UNDERSCORES = ['ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'].map(action => `HEADERS_WITH_UNDERSCORES_${action}`);

const ESCAPED_SLASHES = [
  'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED', 'KEEP_UNCHANGED', 'REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD',
];

/** MeshConfig, usually the default. */
export function meshConfig(dice: Dice): { [field: string]: unknown } {
  if (dice.chance(0.6)) return {};
  return dice.fields(0.15, {
    enableAutoMtls: () => false,
    connectTimeout: () => duration(dice),
    tcpKeepalive: () => dice.fields(0.6, { probes: () => 3, time: () => '7200s', interval: () => '75s' }),
    h2UpgradePolicy: () => dice.pick(['UPGRADE', 'DO_NOT_UPGRADE']),
    localityLbSetting: () =>
      dice.pick([
        { enabled: false },
        { failover: [{ from: 'eu-west', to: 'ap-south' }] },
        { distribute: [{ from: 'eu-west/*', to: { 'eu-west/*': 100 } }] },
      ]),
    defaultDestinationRuleExportTo: () => ['.'],
    defaultServiceExportTo: () => ['.'],
    defaultTrafficPolicy: () => ({ connectionPool: { tcp: { maxConnections: 9 } }, outlierDetection: { consecutive5xxErrors: 4 } }),
    dnsRefreshRate: () => '5s',
    trustDomain: () => 'example.net',
    outboundTrafficPolicy: () => ({ mode: 'REGISTRY_ONLY' }),
    tlsDefaults: () => ({ ecdhCurves: ['P-256'], cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] }),
    defaultConfig: () => proxyConfig(dice),
    pathNormalization: () => ({ normalization: dice.pick(['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']) }),
  });
}

/** The settings of the proxies of the mesh. */
function proxyConfig(dice: Dice): { [field: string]: unknown } {
  return dice.chance(0.3) ? { proxyHeaders: { preserveHttp1HeaderCase: true } } : anyProxyConfig(dice);
}

/** Settings of connections, each of which a profile may have too. */
function connectionSettings(dice: Dice): { [field: string]: unknown } {
  const [size, time] = [() => dice.pick([65_535, 70_000]), () => dice.pick(['1s', '2.500s', '90s', '3600s'])];
  return dice.fields(0.2, {
    listenerPerConnectionBufferLimitBytes: () => dice.pick([0, 1000]),
    clusterPerConnectionBufferLimitBytes: size,
    httpIdleTimeout: time,
    httpMaxConnectionDuration: time,
    httpDrainTimeout: time,
    httpRequestTimeout: time,
    httpRequestHeadersTimeout: time,
    httpStreamIdleTimeout: () => dice.pick(['0s', '2.500s']),
    httpMaxStreamDuration: time,
    httpMaxConcurrentStreams: () => dice.pick([1, 7]),
    http2InitialStreamWindowSize: size,
    http2InitialConnectionWindowSize: size,
    httpHeadersWithUnderscoresAction: () => dice.pick([...UNDERSCORES, 'HEADERS_WITH_UNDERSCORES_UNSPECIFIED']),
    httpMergeSlashes: () => dice.chance(0.5),
    httpPathWithEscapedSlashesAction: () => dice.pick(ESCAPED_SLASHES),
  });
}

/** The settings that the annotation of a pod may change for its own proxy. */
export function podProxyConfig(dice: Dice): { [field: string]: unknown } {
  // Only MeshConfig is validated.
  return dice.chance(0.9) ? anyProxyConfig(dice)
    : { connectionSettings: { httpMaxConcurrentStreams: -1, listenerPerConnectionBufferLimitBytes: -1 } };
}

function anyProxyConfig(dice: Dice): { [field: string]: unknown } {
  return dice.pick<{ [field: string]: unknown }>([
    { connectionSettings: { profile: 'EDGE', ...connectionSettings(dice) } },
    { connectionSettings: { profile: dice.pick(['EDGE', 'SIDECAR']), ...connectionSettings(dice) } },
    { connectionSettings: { httpHeadersWithUnderscoresAction: dice.pick(UNDERSCORES), httpMergeSlashes: true } },
    { gatewayTopology: { numTrustedProxies: 2, forwardClientCertDetails: dice.pick(['SANITIZE', 'APPEND_FORWARD']) } },
    { gatewayTopology: { proxyProtocol: {} } },
    { proxyMetadata: { ISTIO_META_HTTP10: '1' } },
    { proxyHeaders: { preserveHttp1HeaderCase: dice.chance(0.7) } },
  ]);
}
