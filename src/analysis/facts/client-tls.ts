import type { HostPolicy } from './host-policies';
import { PINNED } from '../../envoy/istio-versions';
import type { ClientTLSSettings } from '../../manifest/istio-specs.generated';

/** Whether the proxy begins TLS by itself. */
export function originatesTls({ mode }: ClientTLSSettings = {}): boolean {
  return mode === 'SIMPLE' || mode === 'MUTUAL';
}

/** TLS settings, at any level of a DestinationRule. */
export interface StatedTls {
  readonly tls: ClientTLSSettings;
  readonly path: string;
  /** The port of the service; absent for all ports without settings of their own. */
  readonly port?: number;
}

/** The TLS settings of a DestinationRule: of the host, its subsets, and the ports of both. */
export function tlsSettingsOf({ policy, subsets }: HostPolicy): StatedTls[] {
  const levels = [{ policy, path: 'spec.trafficPolicy' },
    ...subsets.map(({ trafficPolicy }, s) => ({ policy: trafficPolicy, path: `spec.subsets[${s}].trafficPolicy` }))];
  return levels.flatMap(({ policy: stated, path }) => [
    ...stated?.tls ? [{ tls: stated.tls, path: `${path}.tls` }] : [],
    ...(stated?.portLevelSettings ?? []).flatMap(({ tls, port }, e) => (
      tls ? [{ tls, path: `${path}.portLevelSettings[${e}].tls`, ...(port?.number && { port: port.number }) }] : [])),
  ]);
}

/** Whether TLS has no certificate authorities to trust. */
export function namesNoCa(tls: ClientTLSSettings, { object }: HostPolicy): boolean {
  const isFromSecret = Boolean(tls.credentialName) && object.spec?.workloadSelector !== undefined;
  return originatesTls(tls) && !tls.caCertificates && !isFromSecret;
}

/** What the two rules about certificate authorities say. */
export const NO_CA = {
  cause: `it names no certificate authority: Istio ${PINNED} trusts the authorities of the proxy's system; versions before 1.23, `
    + 'and installations with VERIFY_CERTIFICATE_AT_CLIENT=false, check nothing',
  repair: 'name the authorities in caCertificates, such as \'system\' for those of the system',
  effect: 'Envoy trusts the certificate authorities of its own system. If another authority signed the host\'s certificate, TLS '
    + 'handshakes fail.',
} as const;
