import type { Verdict } from './verdict';
import type { ServerTLSSettings } from '../../manifest/istio-specs.generated';
import { isCipherSuite } from '../../traffic/cipher-suites';

function checkCiphers(verdict: Verdict, { cipherSuites: suites = [], minProtocolVersion }: ServerTLSSettings, path: string): void {
  if ((minProtocolVersion === 'TLSV1_0' || minProtocolVersion === 'TLSV1_1') && suites.length === 0) {
    verdict.warn(`${path}.minProtocolVersion`, [`is ${minProtocolVersion}, which no default cipher supports`,
      'set cipherSuites too, or TLSV1_2']);
  }
  const unknown = suites.filter(name => !isCipherSuite(name));
  if (unknown.length > 0) {
    verdict.warn(`${path}.cipherSuites`, [`has ${unknown.join(', ')}, which Istio ignores`, 'use the names of BoringSSL']);
  }
  const repeated = suites.filter((name, i) => isCipherSuite(name) && suites.indexOf(name) < i);
  if (repeated.length > 0) verdict.warn(`${path}.cipherSuites`, [`repeats ${repeated.join(', ')}`, 'use each cipher once']);
}

/** Where a server's certificate comes from. */
interface Sources {
  readonly serverCertificate: string;
  readonly privateKey: string;
  readonly caCertificates: string;
  readonly credentialName: string;
  readonly credentialNames: readonly string[];
  readonly tlsCertificates: NonNullable<ServerTLSSettings['tlsCertificates']>;
}

function sourcesOf(tls: ServerTLSSettings): Sources {
  const {
    serverCertificate = '', privateKey = '', caCertificates = '', credentialName = '', credentialNames = [],
    tlsCertificates = [],
  } = tls;
  return { serverCertificate, privateKey, caCertificates, credentialName, credentialNames, tlsCertificates };
}

/** Checks the certificates of a server that has its own. */
function checkOwnCertificates(verdict: Verdict, mode: string, sources: Sources, path: string): void {
  const { serverCertificate, privateKey, caCertificates, tlsCertificates } = sources;
  if (mode !== 'SIMPLE' && caCertificates === '') verdict.error(path, [`is ${mode} without caCertificates`, 'set them, or credentialName']);
  if (tlsCertificates.length > 2) verdict.warn(`${path}.tlsCertificates`, [`has ${tlsCertificates.length} items`, 'keep at most two']);
  for (const certificate of tlsCertificates.length > 0 ? tlsCertificates : [{ serverCertificate, privateKey }]) {
    if ((certificate.serverCertificate ?? '') === '') {
      verdict.error(path, [`is ${mode} without serverCertificate`, 'set it, or credentialName']);
    }
    if ((certificate.privateKey ?? '') === '') verdict.error(path, [`is ${mode} without privateKey`, 'set it, or credentialName']);
  }
}

/** Checks the TLS of a server, of a Gateway or a Sidecar. */
export function checkServerTls(verdict: Verdict, tls: ServerTLSSettings, path: string): void {
  checkCiphers(verdict, tls, path);
  const { mode = 'PASSTHROUGH', caCrl = '' } = tls;
  const sources = sourcesOf(tls);
  const { serverCertificate, privateKey, credentialName, credentialNames, tlsCertificates } = sources;
  const stated = Object.entries(sources).filter(([, value]) => value.length > 0).map(([field]) => field);
  if (mode === 'ISTIO_MUTUAL') {
    for (const field of stated) {
      verdict.error(`${path}.${field}`, ['is set beside ISTIO_MUTUAL, for which Istio makes the certificates', 'remove it']);
    }
    return;
  }
  const passes = mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
  if (passes && (stated.length > 0 || caCrl !== '')) {
    verdict.warn(path, [`is ${mode}, which uses no certificates, and has ${[...stated, ...caCrl === '' ? [] : ['caCrl']].join(', ')}`,
      'remove them, or use SIMPLE']);
  }
  const given = [serverCertificate !== '' && privateKey !== '', credentialName !== '', credentialNames.length > 0,
    tlsCertificates.length > 0].filter(Boolean);
  if (given.length > 1) {
    verdict.error(path, ['has several sources of certificates', 'keep one of credentialName, credentialNames, tlsCertificates and files']);
  }
  if (!passes && (credentialName !== '' || credentialNames.length > 0)) return;
  if (!passes) checkOwnCertificates(verdict, mode, sources, path);
  if (caCrl === '') return;
  if (credentialName !== '') verdict.error(`${path}.caCrl`, ['is set beside credentialName', 'put it into the Secret']);
  if (mode === 'SIMPLE') verdict.error(`${path}.caCrl`, ['is set beside SIMPLE, which asks callers for no certificate', 'remove it']);
}
