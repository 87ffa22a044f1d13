import { checkConnectionPool } from './destination-rule';
import { destinationProblems } from './destinations';
import { checkServerTls } from './gateway';
import { fqdnProblem, isAddress, scopedHostProblems } from './hosts';
import { portNameProblem, protocolProblem } from './service-entry';
import { checkSelector, portProblem, socketProblem } from './values';
import type { Objection, Verdict } from './verdict';
import { isHttp, isTls, parseProtocol } from '../../envoy/protocol';
import type { Fields } from '../fields';
import { items, texts } from '../fields';

const UNIX = 'unix://';
const LOCAL = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

function checkPort(verdict: Verdict, { port, bind = '' }: Fields, path: string): void {
  if (port.targetPort > 0) verdict.error(`${path}.port.targetPort`, ['does nothing in a Sidecar', 'leave it out']);
  if ((port.name ?? '') !== '') verdict.error(`${path}.port.name`, portNameProblem(port.name));
  verdict.error(`${path}.port.protocol`, protocolProblem(port.protocol));
  verdict.error(`${path}.port.number`, portProblem(port.number));
  if (bind !== '' && !isAddress(bind)) verdict.error(`${path}.bind`, [`is '${bind}', which is no address`, 'write one, or leave it out']);
}

/** Where an ingress listener passes requests on to: the application beside it. */
function endpointProblem(endpoint: string): Objection[] {
  if (endpoint === '') return [];
  if (endpoint.startsWith(UNIX)) return [socketProblem(endpoint.slice(UNIX.length))];
  const parts = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(endpoint);
  if (!parts) return [[`is '${endpoint}'`, 'write 127.0.0.1:<port>, 0.0.0.0:<port>, [::1]:<port> or unix://<path>']];
  return [
    LOCAL.includes(parts[1] ?? parts[2]) ? undefined : [`is '${endpoint}', which is not beside the sidecar`, 'write 127.0.0.1:<port> or 0.0.0.0:<port>'],
    portProblem(/^[-+]?\d+$/.test(parts[3]) ? Number(parts[3]) : NaN),
  ];
}

function checkIngressTls(verdict: Verdict, { tls, port }: Fields, path: string): void {
  const unsupported: { readonly [field: string]: boolean } = {
    subjectAltNames: items(tls.subjectAltNames).length > 0,
    httpsRedirect: tls.httpsRedirect === true,
    credentialName: (tls.credentialName ?? '') !== '',
    credentialNames: items(tls.credentialNames).length > 0,
    tlsCertificates: items(tls.tlsCertificates).length > 0,
  };
  for (const field of Object.keys(unsupported).filter(name => unsupported[name])) verdict.error(`${path}.tls.${field}`, ['is not supported in a Sidecar', 'leave it out']);
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(tls.mode)) verdict.error(`${path}.tls.mode`, [`is ${tls.mode}`, 'use SIMPLE or MUTUAL']);
  if (!isTls(parseProtocol(port.protocol ?? ''))) verdict.error(`${path}.tls`, [`stands at a port of ${port.protocol ?? ''}`, 'serve HTTPS or TLS']);
  checkServerTls(verdict, tls, `${path}.tls`);
}

function checkIngress(verdict: Verdict, spec: Fields): void {
  const numbers = new Set<number>();
  items(spec.ingress).forEach((listener, i) => {
    const path = `spec.ingress[${i}]`;
    const { port, defaultEndpoint = '', tls, connectionPool } = listener;
    if (port === undefined) {
      verdict.error(path, ['has no port', 'state it']);
      return;
    }
    checkPort(verdict, listener, path);
    if (numbers.has(port.number)) verdict.error(`${path}.port.number`, [`is ${port.number} again`, 'state each port once']);
    numbers.add(port.number);
    verdict.error(`${path}.defaultEndpoint`, ...endpointProblem(defaultEndpoint));
    if (tls !== undefined) checkIngressTls(verdict, listener, path);
    if (connectionPool !== undefined) checkConnectionPool(verdict, connectionPool, `${path}.connectionPool`);
    if (connectionPool?.http !== undefined && !isHttp(parseProtocol(port.protocol ?? ''))) {
      verdict.warn(`${path}.connectionPool.http`, [`stands at a port of ${port.protocol ?? 'no protocol'}, so that only its tcp part works`, 'leave it out, or serve HTTP']);
    }
  });
  if (spec.inboundConnectionPool !== undefined) checkConnectionPool(verdict, spec.inboundConnectionPool, 'spec.inboundConnectionPool');
}

function checkEgressPort(verdict: Verdict, listener: Fields, path: string): void {
  const { port, bind = '', captureMode = 'DEFAULT' } = listener;
  if ((port.number ?? 0) !== 0) {
    checkPort(verdict, listener, path);
    return;
  }
  if (port.targetPort > 0) verdict.error(`${path}.port.targetPort`, ['does nothing in a Sidecar', 'leave it out']);
  if ((port.name ?? '') !== '') verdict.error(`${path}.port.name`, portNameProblem(port.name));
  verdict.error(`${path}.port.protocol`, protocolProblem(port.protocol));
  verdict.error(`${path}.bind`, bind.startsWith(UNIX) ? socketProblem(bind.slice(UNIX.length)) : ['is no socket, beside the port 0', 'state a port, or unix://<path>']);
  if (!['DEFAULT', 'NONE'].includes(captureMode)) verdict.error(`${path}.captureMode`, [`is ${captureMode} for a socket`, 'use DEFAULT or NONE']);
}

function checkEgressHosts(verdict: Verdict, hosts: readonly string[], path: string, ownNamespace: string): void {
  if (hosts.length === 0) verdict.error(`${path}.hosts`, ['is empty', 'write namespace/host, such as ./*']);
  const seen = new Map<string, Set<string>>();
  let dotted = false;
  hosts.forEach((text, i) => {
    const slash = text.indexOf('/');
    if (slash >= 0 && !text.startsWith('~')) {
      const written = text.slice(0, slash);
      const [namespace, host] = [written === '.' ? ownNamespace : written, text.slice(slash + 1)];
      const of = seen.get(namespace) ?? new Set();
      seen.set(namespace, of);
      const repeats = host === '*' ? of.size > 0 : of.has(host) || of.has('*');
      const isDotted = written === '.' || dotted;
      if (repeats) {
        verdict.warn(`${path}.hosts[${i}]`, [
          `'${text}' overlaps with another host of its namespace`,
          isDotted ? `leave one of them out, but not where this Sidecar is the default of the whole mesh, in whose other namespaces './' is another one than '${ownNamespace}/'` : 'leave one of them out',
        ]);
      }
      dotted ||= written === '.';
      of.add(host);
    }
    verdict.error(`${path}.hosts[${i}]`, ...scopedHostProblems(text, 'sidecar'));
  });
  if (seen.get('*')?.has('*') && seen.size !== 1) verdict.warn(`${path}.hosts`, ['has \'*/*\', which is everything, and others', 'leave one of them out']);
}

function checkEgress(verdict: Verdict, spec: Fields, namespace: string): void {
  const [numbers, sockets] = [new Set<number>(), new Set<string>()];
  const listeners = items(spec.egress);
  listeners.forEach((listener, i) => {
    const path = `spec.egress[${i}]`;
    const { port, bind = '' } = listener;
    if (port === undefined) {
      if (i < listeners.length - 1) verdict.error(path, ['has no port, and others follow', 'state the port, or put it last']);
    } else {
      checkEgressPort(verdict, listener, path);
      const [key, known] = (port.number ?? 0) === 0 ? [bind, sockets as Set<unknown>] : [port.number, numbers as Set<unknown>];
      if (known.has(key)) verdict.error(path, [`listens at ${key} again`, 'state each port once']);
      known.add(key);
    }
    checkEgressHosts(verdict, texts(listener.hosts), path, namespace);
  });
}

function checkOutbound(verdict: Verdict, { mode, egressProxy }: Fields): void {
  const path = 'spec.outboundTrafficPolicy';
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    verdict.error(`${path}.mode`, ['is for the whole mesh alone', 'state it in MeshConfig']);
  } else if (egressProxy !== undefined && mode !== 'ALLOW_ANY') {
    verdict.error(`${path}.egressProxy`, ['stands without ALLOW_ANY', 'state mode: ALLOW_ANY']);
  } else if (egressProxy !== undefined) {
    verdict.error(`${path}.egressProxy.host`, fqdnProblem(egressProxy.host ?? ''));
    if (egressProxy.port === undefined) verdict.error(`${path}.egressProxy.port`, ['is missing', 'state it']);
    else verdict.error(`${path}.egressProxy`, ...destinationProblems(egressProxy));
  }
}

/** What admission has against a Sidecar. */
export function checkSidecar(verdict: Verdict, spec: Fields, namespace: string): void {
  const before = verdict.judgements.length;
  checkSelector(verdict, spec.workloadSelector, 'spec.workloadSelector', 'labels');
  if (verdict.judgements.slice(before).some(({ severity }) => severity === 'error')) return;
  const listens = items(spec.egress).length > 0 || items(spec.ingress).length > 0;
  if (!listens && spec.outboundTrafficPolicy === undefined && spec.inboundConnectionPool === undefined) {
    verdict.error('spec', ['sets nothing', 'state egress, ingress or outboundTrafficPolicy']);
    return;
  }
  checkIngress(verdict, spec);
  checkEgress(verdict, spec, namespace);
  if (spec.outboundTrafficPolicy !== undefined) checkOutbound(verdict, spec.outboundTrafficPolicy);
}
