import { fieldWords } from './field-words';
import { matcherWords } from './route-words';
import type {
  CertificateValidationContext, CommonTlsContext, SdsSecretConfig, TlsParameters, UpstreamTlsContext,
} from '../envoy/xds/transport-sockets';

/** The TLS that a proxy originates, in words; such as `simple; SNI db.example.com`. */
export function describeTls({ commonTlsContext, sni, '@type': _, ...others }: UpstreamTlsContext): string {
  const { tlsParams, alpnProtocols, tlsCertificateSdsSecretConfigs = [], ...validated } = commonTlsContext;
  const { validationContext, combinedValidationContext, ...rest } = validated;
  const validation = describeValidation({ validationContext, combinedValidationContext });
  const unnamed = { ...rest, ...others };
  return [
    tlsCertificateSdsSecretConfigs.length === 0 ? 'simple'
      : `mutual with ${tlsCertificateSdsSecretConfigs.map(secretWords).join(', ')}`,
    ...(sni === undefined ? [] : [`SNI ${sni}`]),
    validation,
    ...(alpnProtocols === undefined ? [] : [`ALPN ${alpnProtocols.join(', ')}`]),
    ...parameterWords(tlsParams),
    ...(Object.keys(unnamed).length === 0 ? [] : [fieldWords(unnamed)]),
  ].join('; ');
}

function describeValidation(
  { validationContext, combinedValidationContext }: Pick<CommonTlsContext, 'validationContext' | 'combinedValidationContext'>,
): string {
  const unread = validationContext !== undefined && Object.keys(validationContext).length > 0 ? `, ${fieldWords(validationContext)}` : '';
  if (!combinedValidationContext) return `the server's certificate is not verified${unread}`;
  const { defaultValidationContext, validationContextSdsSecretConfig, ...others } = combinedValidationContext;
  return [
    `verified by ${secretWords(validationContextSdsSecretConfig)}`, ...namesWords(defaultValidationContext),
    ...(Object.keys(others).length === 0 ? [] : [fieldWords(others)]),
  ].join(', ') + unread;
}

function namesWords({ matchSubjectAltNames = [], crl, ...others }: CertificateValidationContext): string[] {
  const names = matchSubjectAltNames.map(matcherWords).sort();
  return [
    ...(names.length === 0 ? [] : [`subject alternative name ${names.join(' or ')}`]),
    ...(crl === undefined ? [] : [`CRL ${'filename' in crl ? String(crl.filename) : fieldWords(crl)}`]),
    ...(Object.keys(others).length === 0 ? [] : [fieldWords(others)]),
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
    ...(least === 'TLSv1_2' && most === 'TLSv1_3' ? [] : [`versions ${least ?? 'Envoy\'s default'} to ${most ?? 'Envoy\'s default'}`]),
    ...(Object.keys(others).length === 0 ? [] : [fieldWords(others)]),
  ];
}
