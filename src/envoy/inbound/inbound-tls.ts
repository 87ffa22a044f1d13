import { MESH_AUTHORITIES, OWN_CERTIFICATE } from '../clusters/secrets';
import type { MeshConfig } from '../mesh-config';
import { typed } from '../message';
import type { DownstreamTlsContext, DownstreamTransportSocket } from '../xds/transport-sockets';

const CIPHER_SUITES = [
  'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384', 'AES128-GCM-SHA256',
];

/** The trust domains from which peers may come. */
export function acceptedTrustDomains({ trustDomain, trustDomainAliases = [], caCertificates = [] }: MeshConfig): readonly string[] {
  const ofAuthorities = caCertificates.flatMap(({ trustDomains = [] }) => trustDomains);
  return [...new Set([trustDomain, ...trustDomainAliases, ...ofAuthorities].filter(domain => domain !== ''))];
}

/** Mutual TLS that a sidecar ends: of requests, or of other connections. */
export function inboundTls(mesh: MeshConfig, isHttp: boolean): DownstreamTransportSocket {
  const { cipherSuites, minProtocolVersion } = mesh.meshMTLS ?? {};
  const defaultValidationContext = { matchSubjectAltNames: acceptedTrustDomains(mesh).map(domain => ({ prefix: `spiffe://${domain}/` })) };
  return {
    name: 'envoy.transport_sockets.tls',
    typedConfig: typed<DownstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
      commonTlsContext: {
        alpnProtocols: [...(isHttp ? [] : ['istio-peer-exchange']), 'h2', 'http/1.1'],
        tlsParams: {
          cipherSuites: cipherSuites?.length ? cipherSuites : CIPHER_SUITES,
          tlsMinimumProtocolVersion: minProtocolVersion === 'TLSV1_3' ? 'TLSv1_3' : 'TLSv1_2',
          tlsMaximumProtocolVersion: 'TLSv1_3',
        },
        tlsCertificateSdsSecretConfigs: [OWN_CERTIFICATE],
        combinedValidationContext: { defaultValidationContext, validationContextSdsSecretConfig: MESH_AUTHORITIES },
      },
      requireClientCertificate: true,
    }),
  };
}
