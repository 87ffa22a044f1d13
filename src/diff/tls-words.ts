import { stableJson } from './stable-json';
import type {
  CertificateValidationContext, CommonTlsContext, SdsSecretConfig, TlsParameters, UpstreamTlsContext,
} from '../envoy/xds/transport-sockets';

/** The TLS that a proxy originates, in words. Other fields are shown as JSON. */
export function describeTls({ commonTlsContext, sni, '@type': _, ...others }: UpstreamTlsContext): string {
  const { tlsParams, alpnProtocols, tlsCertificateSdsSecretConfigs = [], ...validated } = commonTlsContext;
  const { validationContext, combinedValidationContext, ...rest } = validated;
  const validation = describeValidation({ validationContext, combinedValidationContext });
  const unnamed = { ...rest, ...others };
  return [
    tlsCertificateSdsSecretConfigs.length === 0 ? 'TLS'
      : `mutual TLS with ${tlsCertificateSdsSecretConfigs.map(secretWords).join(', ')}`,
    ...(sni === undefined ? [] : [`SNI ${sni}`]),
    validation,
    ...(alpnProtocols === undefined ? [] : [`ALPN ${alpnProtocols.join(', ')}`]),
    ...parameterWords(tlsParams),
    ...(Object.keys(unnamed).length === 0 ? [] : [stableJson(unnamed)]),
  ].join('; ');
}

function describeValidation(
  { validationContext, combinedValidationContext }: Pick<CommonTlsContext, 'validationContext' | 'combinedValidationContext'>,
): string {
  const unread = validationContext !== undefined && Object.keys(validationContext).length > 0 ? `, ${stableJson(validationContext)}` : '';
  if (!combinedValidationContext) return `the server's certificate is not verified${unread}`;
  const { defaultValidationContext, validationContextSdsSecretConfig, ...others } = combinedValidationContext;
  return [
    `verified by ${secretWords(validationContextSdsSecretConfig)}`, ...namesWords(defaultValidationContext),
    ...(Object.keys(others).length === 0 ? [] : [stableJson(others)]),
  ].join(', ') + unread;
}

function namesWords({ matchSubjectAltNames = [], crl, ...others }: CertificateValidationContext): string[] {
  const names = matchSubjectAltNames.map(matcher => ('exact' in matcher ? String(matcher.exact) : stableJson(matcher))).sort();
  return [
    ...(names.length === 0 ? [] : [`subject alternative name ${names.join(' or ')}`]),
    ...(crl === undefined ? [] : [`CRL ${'filename' in crl ? String(crl.filename) : stableJson(crl)}`]),
    ...(Object.keys(others).length === 0 ? [] : [stableJson(others)]),
  ];
}

/** A secret, described by its name, which tells where it comes from. */
function secretWords({ name }: SdsSecretConfig): string {
  if (name === 'default') return 'the certificate of the workload';
  if (name === 'ROOTCA') return 'the root certificates of the mesh';
  if (name === 'file-root:system') return 'the root certificates of the system';
  const [, files] = /^file-(?:root|cert):(.*)$/s.exec(name) ?? [];
  return files === undefined ? `the secret ${name}` : files.split('~').join(' and ');
}

/** The TLS versions and ciphers, if they are not istiod's defaults. */
function parameterWords(parameters: TlsParameters | undefined): string[] {
  const { tlsMinimumProtocolVersion: least, tlsMaximumProtocolVersion: most, ...others } = parameters ?? {};
  return [
    ...(least === 'TLSv1_2' && most === 'TLSv1_3' ? [] : [`versions ${least ?? 'of Envoy'} to ${most ?? 'of Envoy'}`]),
    ...(Object.keys(others).length === 0 ? [] : [stableJson(others)]),
  ];
}
