import { isAddress, isDnsLabel, scopedHostProblems } from './hosts';
import { checkServerTls } from './server-tls';
import { portProblem, socketProblem } from './values';
import type { Verdict } from './verdict';
import { isHttp, isTls, parseProtocol } from '../../envoy/protocol';
import type { GatewaySpec, Port, Server } from '../../manifest/istio-specs.generated';

const UNIX = 'unix://';

function checkPort(verdict: Verdict, { protocol = '', number = 0, targetPort = 0, name = '' }: Port, bind: string, path: string): void {
  if (parseProtocol(protocol) === 'Unsupported') {
    verdict.error(`${path}.protocol`, [`is '${protocol}'`, 'use HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS']);
  }
  if (number > 0 || !bind.startsWith(UNIX)) verdict.error(`${path}.number`, portProblem(number));
  if (targetPort > 0) {
    verdict.error(`${path}.targetPort`, ['has no effect in a Gateway', 'remove it; the Service of the gateway maps its ports']);
  }
  if (name === '') verdict.error(`${path}.name`, ['is missing', 'set it']);
}

function checkBind(verdict: Verdict, bind: string, number: number, path: string): void {
  if (bind.startsWith(UNIX)) {
    verdict.error(path, socketProblem(bind.slice(UNIX.length)),
      number > 0 ? ['is a socket, beside a port', 'set the number 0'] : undefined);
  } else if (bind !== '' && !isAddress(bind)) {
    verdict.error(path, [`is '${bind}', which is not an IP address`, 'write an IP address, or remove it']);
  }
}

/** Checks that a server has TLS where its protocol needs it, and nowhere else. */
function checkTlsForProtocol(verdict: Verdict, { port: { protocol = '' } = {}, tls }: Server, path: string): void {
  const served = parseProtocol(protocol);
  if (isTls(served)) {
    if (tls === undefined) verdict.error(path, [`serves ${protocol} without tls`, 'set tls, or serve HTTP']);
  } else if (tls !== undefined) {
    const { mode = 'PASSTHROUGH', caCertificates = '', privateKey = '', serverCertificate = '' } = tls;
    const passes = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(mode);
    const hasFiles = [caCertificates, privateKey, serverCertificate].some(file => file !== '');
    if (!isHttp(served) || !passes || hasFiles) {
      verdict.error(`${path}.tls`, [`is set at a port of ${protocol}, which is plaintext`,
        'serve HTTPS or TLS, or remove everything except httpsRedirect']);
    }
  }
}

function checkServer(verdict: Verdict, server: Server, path: string): void {
  const { port, bind = '', tls, hosts = [] } = server;
  if (hosts.length === 0) verdict.error(`${path}.hosts`, ['is empty', 'name the hosts, or \'*\'']);
  hosts.forEach((host, i) => verdict.error(`${path}.hosts[${i}]`, ...scopedHostProblems(host, 'gateway')));
  const before = verdict.judgements.length;
  if (port === undefined) verdict.error(path, ['has no port', 'set it']);
  else checkPort(verdict, port, bind, `${path}.port`);
  const isSound = verdict.judgements.length === before;
  checkBind(verdict, bind, port?.number ?? 0, `${path}.bind`);
  if (tls !== undefined) checkServerTls(verdict, tls, `${path}.tls`);
  if (isSound) checkTlsForProtocol(verdict, server, path);
}

/** Checks a Gateway. */
export function checkGateway(verdict: Verdict, { servers = [] }: GatewaySpec, name: string | undefined): void {
  if (name !== undefined && !isDnsLabel(name)) {
    verdict.error('metadata.name', [`is '${name}', which is not a valid DNS label`, 'use letters, digits and \'-\', without dots']);
  }
  if (servers.length === 0) verdict.error('spec.servers', ['is empty', 'add a server']);
  const names = new Set<string>();
  servers.forEach((server, i) => {
    const path = `spec.servers[${i}]`;
    checkServer(verdict, server, path);
    if (server.port === undefined) return;
    const { name: portName = '', protocol = '' } = server.port;
    if (names.has(portName)) verdict.error(`${path}.port.name`, [`repeats '${portName}'`, 'use each port name of the Gateway once']);
    names.add(portName);
    if (server.tls?.httpsRedirect && !isHttp(parseProtocol(protocol))) {
      verdict.warn(`${path}.tls.httpsRedirect`, ['is set at a port that is not HTTP', 'set it at the server of port 80']);
    }
  });
}
