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
    defaultConfig: () => ({ proxyHeaders: { preserveHttp1HeaderCase: true } }),
  });
}
