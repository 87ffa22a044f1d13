import { MESH_AUTHORITIES, OWN_CERTIFICATE } from '../clusters/secrets';
import { acceptedTrustDomains } from '../inbound/inbound-tls';
import type { MeshConfig } from '../mesh-config';
import type { StringMatcher } from '../xds/matcher';
import type { CommonTlsContext, SubjectAltNameMatcher } from '../xds/transport-sockets';

/** The mutual TLS of tunnels: with any workload of the accepted trust domains, or with one of other names. */
export function tunnelTls(mesh: MeshConfig, others: readonly StringMatcher[] = []): CommonTlsContext {
  const domains = acceptedTrustDomains(mesh).map((domain): StringMatcher => ({ prefix: `spiffe://${domain}/` }));
  const matchTypedSubjectAltNames = [...domains, ...others].map((matcher): SubjectAltNameMatcher => ({ sanType: 'URI', matcher }));
  return {
    alpnProtocols: ['h2'],
    tlsParams: { tlsMinimumProtocolVersion: 'TLSv1_3', tlsMaximumProtocolVersion: 'TLSv1_3' },
    tlsCertificateSdsSecretConfigs: [OWN_CERTIFICATE],
    combinedValidationContext: {
      defaultValidationContext: { matchTypedSubjectAltNames }, validationContextSdsSecretConfig: MESH_AUTHORITIES,
    },
  };
}
