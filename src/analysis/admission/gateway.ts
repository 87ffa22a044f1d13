import { isAddress, isDnsLabel, scopedHostProblems } from './hosts';
import { portProblem, socketProblem } from './values';
import type { Verdict } from './verdict';
import { isHttp, isTls, parseProtocol } from '../../envoy/protocol';
import type { Fields } from '../fields';
import { items, texts } from '../fields';

const UNIX = 'unix://';
const CIPHERS = new Set([
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ...['ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA', 'ALL', ''],
]);

/** Ciphers of BoringSSL; what begins with a sign is an expression. */
function isCipher(name: string): boolean {
  return CIPHERS.has(name) || !/^[\p{L}\p{N}]/u.test(name);
}

function checkCiphers(verdict: Verdict, tls: Fields, path: string): void {
  const suites = texts(tls.cipherSuites);
  if (['TLSV1_0', 'TLSV1_1'].includes(tls.minProtocolVersion) && suites.length === 0) {
    verdict.warn(`${path}.minProtocolVersion`, [`is ${tls.minProtocolVersion}, for which none of the default ciphers is made`, 'state cipherSuites too, or TLSV1_2']);
  }
  const invalid = suites.filter(name => !isCipher(name));
  if (invalid.length > 0) verdict.warn(`${path}.cipherSuites`, [`names ${invalid.join(', ')}, which is ignored`, 'use the names of BoringSSL']);
  const repeated = suites.filter((name, i) => isCipher(name) && suites.indexOf(name) < i);
  if (repeated.length > 0) verdict.warn(`${path}.cipherSuites`, [`names ${repeated.join(', ')} again`, 'name each cipher once']);
}

const MODES: { readonly [mode: string]: 'own' | 'passed on' | 'made by Istio' } = { PASSTHROUGH: 'passed on', AUTO_PASSTHROUGH: 'passed on', ISTIO_MUTUAL: 'made by Istio' };

/** What admission has against the TLS of a server, of a Gateway or a Sidecar. */
export function checkServerTls(verdict: Verdict, tls: Fields, path: string): void {
  checkCiphers(verdict, tls, path);
  const { mode = 'PASSTHROUGH', serverCertificate = '', privateKey = '', caCertificates = '', credentialName = '', caCrl = '' } = tls;
  const [credentialNames, tlsCertificates] = [items(tls.credentialNames), items(tls.tlsCertificates)];
  const stated = Object.entries({ serverCertificate, privateKey, caCertificates, credentialName }).filter(([, value]) => value !== '').map(([field]) => field)
    .concat(credentialNames.length > 0 ? ['credentialNames'] : [], tlsCertificates.length > 0 ? ['tlsCertificates'] : []);
  const kind = MODES[mode] ?? 'own';
  if (kind === 'made by Istio') {
    for (const field of stated) verdict.error(`${path}.${field}`, ['stands beside ISTIO_MUTUAL, for which Istio makes the certificates', 'leave it out']);
    return;
  }
  if (kind === 'passed on' && (stated.length > 0 || caCrl !== '')) {
    verdict.warn(path, [`is ${mode}, which uses no certificates, and states ${[...stated, ...(caCrl === '' ? [] : ['caCrl'])].join(', ')}`, 'leave them out, or use SIMPLE']);
  }
  const sources = [serverCertificate !== '' && privateKey !== '', credentialName !== '', credentialNames.length > 0, tlsCertificates.length > 0].filter(Boolean).length;
  if (sources > 1) verdict.error(path, ['names several sources of certificates', 'state one of credentialName, credentialNames, tlsCertificates and files']);
  if (kind === 'own' && (credentialName !== '' || credentialNames.length > 0)) return;
  if (kind === 'own') {
    if (mode !== 'SIMPLE' && caCertificates === '') verdict.error(path, [`is ${mode} without caCertificates`, 'state them, or credentialName']);
    if (tlsCertificates.length > 2) verdict.warn(`${path}.tlsCertificates`, [`has ${tlsCertificates.length} items`, 'state at most two']);
    for (const certificate of tlsCertificates.length > 0 ? tlsCertificates : [{ serverCertificate, privateKey }]) {
      if ((certificate.serverCertificate ?? '') === '') verdict.error(path, [`is ${mode} without serverCertificate`, 'state it, or credentialName']);
      if ((certificate.privateKey ?? '') === '') verdict.error(path, [`is ${mode} without privateKey`, 'state it, or credentialName']);
    }
  }
  if (caCrl === '') return;
  if (credentialName !== '') verdict.error(`${path}.caCrl`, ['stands beside credentialName', 'put it into the Secret']);
  if (mode === 'SIMPLE') verdict.error(`${path}.caCrl`, ['stands beside SIMPLE, which asks clients for no certificate', 'leave it out']);
}

function checkServer(verdict: Verdict, server: Fields, path: string): void {
  const { port, bind = '', tls } = server;
  if (items(server.hosts).length === 0) verdict.error(`${path}.hosts`, ['is empty', 'name the hosts, or \'*\'']);
  texts(server.hosts).forEach((host, i) => verdict.error(`${path}.hosts[${i}]`, ...scopedHostProblems(host, 'gateway')));
  const before = verdict.judgements.length;
  if (port === undefined) {
    verdict.error(path, ['has no port', 'state it']);
  } else {
    if (parseProtocol(port.protocol ?? '') === 'Unsupported') verdict.error(`${path}.port.protocol`, [`is '${port.protocol ?? ''}'`, 'use HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS']);
    if (port.number > 0 || !bind.startsWith(UNIX)) verdict.error(`${path}.port.number`, portProblem(port.number));
    if (port.targetPort > 0) verdict.error(`${path}.port.targetPort`, ['does nothing in a Gateway', 'leave it out; the Service of the gateway says where its ports lead']);
    if ((port.name ?? '') === '') verdict.error(`${path}.port.name`, ['is missing', 'state it']);
  }
  const sound = verdict.judgements.length === before;
  if (bind.startsWith(UNIX)) {
    verdict.error(`${path}.bind`, socketProblem(bind.slice(UNIX.length)), port?.number > 0 ? ['is a socket, beside a port', 'state the number 0'] : undefined);
  } else if (bind !== '' && !isAddress(bind)) {
    verdict.error(`${path}.bind`, [`is '${bind}', which is no address`, 'write one, or leave it out']);
  }
  if (tls !== undefined) checkServerTls(verdict, tls, `${path}.tls`);
  if (!sound) return;
  const protocol = parseProtocol(port.protocol);
  if (isTls(protocol)) {
    if (tls === undefined) verdict.error(path, [`serves ${port.protocol} without tls`, 'state tls, or serve HTTP']);
  } else if (tls !== undefined) {
    const passes = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH');
    const named = [tls.caCertificates, tls.privateKey, tls.serverCertificate].some(file => (file ?? '') !== '');
    if (!isHttp(protocol) || !passes || named) verdict.error(`${path}.tls`, [`stands at a port of ${port.protocol}, which is plain text`, 'serve HTTPS or TLS, or leave all but httpsRedirect out']);
  }
}

/** What admission has against a Gateway. */
export function checkGateway(verdict: Verdict, spec: Fields, name: string | undefined): void {
  if (name !== undefined && !isDnsLabel(name)) verdict.error('metadata.name', [`is '${name}', which is no DNS label`, 'use letters, digits and \'-\', without dots']);
  const servers = items(spec.servers);
  if (servers.length === 0) verdict.error('spec.servers', ['is empty', 'state a server']);
  const names = new Set<string>();
  servers.forEach((server, i) => {
    checkServer(verdict, server, `spec.servers[${i}]`);
    if (server.port === undefined) return;
    const portName = server.port.name ?? '';
    if (names.has(portName)) verdict.error(`spec.servers[${i}].port.name`, [`is '${portName}' again`, 'name each port of the Gateway once']);
    names.add(portName);
    if (server.tls?.httpsRedirect && !isHttp(parseProtocol(server.port.protocol ?? ''))) {
      verdict.warn(`spec.servers[${i}].tls.httpsRedirect`, ['stands at a port that is not HTTP', 'state it at the server of port 80']);
    }
  });
}
